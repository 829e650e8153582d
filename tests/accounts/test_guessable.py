"""What people take for passwords is refused by rule; what nobody guesses is accepted."""

import itertools
import random
import string

import pytest

from app.accounts import passwords
from app.accounts.guessable import FEWEST, count_choices
from app.base.errors import Invalid
from app.ops.demo import DEMO_PASSWORD
from tests.conftest import PASSWORD

pytestmark = pytest.mark.pure

STEMS = """
    password qwerty asdfgh admin woaini zhangsan wangwei xuexi dangyuan dangzhibu shuji xueji
    iloveyou zhongguo beijing welcome abc aaa 1q2w3e 1qaz2wsx p@ssw0rd passw0rd
"""
TAILS = """
    123456 1234567890 12345678 654321 19900101 20010630 1990 2026 5201314 888888 666666 112233
    123123 !@#$%^ @123456 #2026 147258369 qazwsx 13800138000 000000
"""


def is_refused(password: str, name: str = "张三三") -> bool:
    """Say whether a person of that name may not have this password."""
    try:
        passwords.check_password(password, name, None)
    except Invalid:
        return True
    return False


def common() -> list[str]:
    """Return stems and tails joined as people join them, of ten characters or more."""
    joined = {
        text
        for stem, tail in itertools.product(STEMS.split(), TAILS.split())
        for base in (stem, stem.capitalize(), stem.upper())
        for text in (
            base + tail,
            tail + base,
            base + "@" + tail,
            base + tail + "!",
            base * 2 + tail,
        )
    }
    return sorted(text for text in joined if len(text) >= 10)


def test_common_passwords_are_refused() -> None:
    candidates = common()
    assert len(candidates) > 3000
    assert [text for text in candidates if not is_refused(text)] == []


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "12345678910",
        "0987654321",
        "1111111111",
        "1q2w3e4r5t",
        "qwertyuiop",
        "asdfghjkl123",
        "abc123abc123",
        "5201314520",
        "administrator",
        "xuexiqiangguo",
        "不忘初心牢记使命为人民服务",
        "学习强国学习强国学习强国",
        "张三三19900101",
        "13912345678a",
        "11010119900307123x",
        "ＰＡＳＳＷＯＲＤ１２３４",
    ],
)
def test_well_known_ones_are_refused(password: str) -> None:
    assert is_refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "每天早上喝一杯热豆浆",
        "correct horse battery staple",
        "我家门口有三棵老槐树",
        "Zaochen he yibei doujiang!",
        "the red kettle whistles at nine",
        PASSWORD,
        DEMO_PASSWORD,
    ],
)
def test_sentences_are_accepted(password: str) -> None:
    assert not is_refused(password)


@pytest.mark.parametrize("alphabet", [string.ascii_letters + string.digits, string.ascii_lowercase])
def test_random_ones_are_accepted(alphabet: str) -> None:
    rng = random.Random(1)
    made = ["".join(rng.choices(alphabet, k=12)) for _n in range(500)]
    assert [text for text in made if is_refused(text)] == []


def test_words_of_the_context_count_once() -> None:
    assert count_choices("lixiaohong7", ["lixiaohong"]) == 2
    assert count_choices("红旗渠支部二〇二六", ["红旗渠支部"]) >= FEWEST


def test_the_longest_password_is_looked_at_quickly() -> None:
    assert count_choices("ab1" * 66) < FEWEST * 12
    assert count_choices("".join(random.Random(2).choices(string.printable, k=200))) > 50

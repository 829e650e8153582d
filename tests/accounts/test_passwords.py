"""Which passwords are accepted, and how they are kept."""

import pytest

from app.accounts import passwords
from app.base.errors import Invalid

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "password",
    ["short", "1234567890", "aaaaaaaaaaaa", "x13800000001y", "张三三123456", "一" * 201],
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check_password(password, "张三三", "13800000001")


def test_a_sentence_is_accepted() -> None:
    passwords.check_password("每天早上喝一杯热豆浆", "张三三", None)


def test_only_the_right_password_fits_in_any_width() -> None:
    kept = passwords.hash_password("correct horse", passwords.CHEAP)
    assert kept.startswith("$argon2id$")
    assert passwords.is_right(kept, "ｃｏｒｒｅｃｔ ｈｏｒｓｅ", passwords.CHEAP)
    assert not passwords.is_right(kept, "correct horsE", passwords.CHEAP)
    assert not passwords.is_right(None, "nobody has this password", passwords.CHEAP)
    assert not passwords.is_outdated(kept, passwords.CHEAP)
    assert passwords.is_outdated(kept, (16, 1, 1))

"""Whatever the order on the page, the key is marked right and nothing else is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.kinds import KINDS, Blank, Content, Multiple, Order, Presented, Single, TrueFalse
from app.bank.kinds.kind import LETTERS, shuffled
from app.bank.source import kind_of
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
COMMON: dict[str, Any] = {"id": "x", "provision": "a1", "difficulty": "know", "explanation": "e"}
SINGLE = Single(**COMMON, stem="?", options=("a", "b", "c", "d"), answer="C")
MULTIPLE = Multiple(**COMMON, stem="?", options=("a", "b", "c", "d"), answer="AD")
ORDER = Order(**COMMON, stem="?", items=("a", "b", "c", "d"))
BLANK = Blank(**COMMON, stem="___ ___", answers=(("一年", "1年"), ("B",)))
TRUE = TrueFalse(**COMMON, stem="?", answer=True)
ALL: list[Content] = [
    SINGLE,
    MULTIPLE,
    ORDER,
    BLANK,
    TRUE,
    TrueFalse(**COMMON, stem="?", answer=False),
]
Form = dict[str, list[str]]


def form_of_key(content: Content, presented: Presented) -> Form:
    """Fill the form in as somebody would who knows the answer and sees `presented`."""
    if isinstance(content, Blank):
        return {f"blank-{n}": [variants[-1]] for n, variants in enumerate(content.answers)}
    if isinstance(content, Order):
        return {f"place-{c.value}": [str(c.index + 1)] for c in presented.options}
    return {"choice": [c.value for c in presented.options if c.index in presented.key]}


@given(st.sampled_from(ALL), st.text())
def test_the_key_is_right_however_it_is_shuffled(content: Content, seed: str) -> None:
    kind = KINDS[kind_of(content)]
    presented = kind.present(content, seed)
    response = kind.read(form_of_key(content, presented), content, seed)
    mark = kind.mark(content, response)
    assert mark.right
    assert mark.share == 1
    if not isinstance(content, Blank):
        assert kind.describe_response(content, response) == kind.describe_key(content)


@given(st.text(), st.integers(1, 8))
def test_a_shuffle_is_a_permutation_and_repeats(seed: str, count: int) -> None:
    assert sorted(shuffled(count, seed)) == list(range(count))
    assert shuffled(count, seed) == shuffled(count, seed)


def test_the_shuffle_never_changes_between_versions_of_anything() -> None:
    assert [shuffled(4, seed) for seed in ("a", "c")] == [[2, 3, 1, 0], [2, 3, 0, 1]]


def test_every_place_is_about_equally_likely() -> None:
    firsts = [shuffled(4, str(n))[0] for n in range(4000)]
    assert all(900 < firsts.count(n) < 1100 for n in range(4))


@given(st.sampled_from([SINGLE, MULTIPLE, TRUE]), st.text())
def test_any_other_choice_is_wrong(content: Content, seed: str) -> None:
    kind = KINDS[kind_of(content)]
    presented = kind.present(content, seed)
    for choice in presented.options:
        if choice.index not in presented.key:
            response = kind.read({"choice": [choice.value]}, content, seed)
            assert kind.mark(content, response).share == 0


@given(st.permutations(range(4)), st.text())
def test_only_the_right_order_is_right(order: list[int], seed: str) -> None:
    kind = KINDS["order"]
    shown = kind.present(ORDER, seed).options
    form = {f"place-{c.value}": [str(order.index(c.index) + 1)] for c in shown}
    response = kind.read(form, ORDER, seed)
    assert response == list(order)
    assert kind.mark(ORDER, response).right == (list(order) == [0, 1, 2, 3])


@pytest.mark.parametrize("content", ALL, ids=kind_of)
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"choice": []},
        {"choice": ["9"]},
        {"choice": ["-1"]},
        {"choice": ["０"]},
        {"choice": ["x"], "blank-0": ["", "y"], "place-0": ["1"]},
        {"place-0": ["1"], "place-1": ["1"], "place-2": ["2"], "place-3": ["3"]},
        {"blank-0": [" "], "blank-1": [""]},
        {"blank-0": ["长" * 101]},
    ],
)
def test_a_form_that_does_not_fit_is_refused(content: Content, form: Form) -> None:
    with pytest.raises(Invalid):
        KINDS[kind_of(content)].read(form, content, "s")


@given(st.sampled_from(ALL), st.text())
def test_what_a_form_gives_a_program_may_send(content: Content, seed: str) -> None:
    kind = KINDS[kind_of(content)]
    response = kind.read(form_of_key(content, kind.present(content, seed)), content, seed)
    assert kind.accept(content, response) == response


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


@given(st.sampled_from(ALL), junk)
def test_whatever_else_a_program_sends_is_refused_or_can_be_marked(
    content: Content, sent: object
) -> None:
    kind = KINDS[kind_of(content)]
    try:
        response = kind.accept(content, sent)
    except Invalid:
        return
    assert 0 <= kind.mark(content, response).share <= 1
    assert isinstance(kind.describe_response(content, response), str)


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        (SINGLE, [0, 1]),
        (SINGLE, []),
        (SINGLE, [4]),
        (SINGLE, [-1]),
        (SINGLE, [True]),
        (SINGLE, "A"),
        (MULTIPLE, [0, 0]),
        (MULTIPLE, None),
        (ORDER, [0, 1, 2]),
        (ORDER, [0, 1, 2, 2]),
        (TRUE, 1),
        (BLANK, ["一年"]),
        (BLANK, ["", " "]),
        (BLANK, ["长" * 101, "b"]),
        (BLANK, [1, 2]),
    ],
)
def test_a_response_that_does_not_fit_is_refused(content: Content, sent: object) -> None:
    with pytest.raises(Invalid):
        KINDS[kind_of(content)].accept(content, sent)


@pytest.mark.parametrize("content", [SINGLE, TRUE], ids=kind_of)
def test_two_choices_where_one_is_asked_are_refused(content: Content) -> None:
    with pytest.raises(Invalid):
        KINDS[kind_of(content)].read({"choice": ["0", "1"]}, content, "s")


@pytest.mark.parametrize(
    ("content", "response", "share"),
    [
        (MULTIPLE, [0], 0.5),
        (MULTIPLE, [0, 1, 3], 0),
        (MULTIPLE, [0, 3], 1),
        (BLANK, ["１ 年", "x"], 0.5),
        (BLANK, ["一年。", "ｂ"], 1),
        (BLANK, ["一年"], 0.5),
        (ORDER, [0, 1, 3, 2], 0.5),
        (ORDER, [0, 1, 2], 0.75),
    ],
)
def test_shares(content: Content, response: object, share: float) -> None:
    mark = KINDS[kind_of(content)].mark(content, response)
    assert (mark.share, mark.right) == (share, share == 1)


def test_true_and_false_keep_their_order_and_letters_follow_the_page() -> None:
    for seed in map(str, range(20)):
        assert [c.index for c in KINDS["truefalse"].present(TRUE, seed).options] == [0, 1]
        letters = [c.letter for c in KINDS["single"].present(SINGLE, seed).options]
        assert letters == list(LETTERS[:4])


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("任期", True),
        ("任期制", True),
        ("实行任期制", True),
        ("代表实行“任期”制。", True),
        ("终身制", False),
        ("任期制度", False),
        ("不任期", False),
        ("", False),
    ],
)
def test_words_around_a_blank_may_be_written_along(typed: str, right: bool) -> None:
    content = Blank(
        id="b",
        provision="a11",
        difficulty="know",
        stem="各级代表大会代表实行___制。",
        answers=(("任期",),),
    )
    assert KINDS["blank"].mark(content, [typed]).right is right


def test_each_blank_has_its_own_surroundings() -> None:
    content = Blank(
        id="b",
        provision="a7",
        difficulty="know",
        stem="预备期为___年，延长不超过___年。",
        answers=(("一",), ("一",)),
    )
    kind = KINDS["blank"]
    assert kind.mark(content, ["一年", "不超过一年"]).right
    assert kind.mark(content, ["不超过一年", "一年"]).share == 0.5

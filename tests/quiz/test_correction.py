"""A response means the same text before and after a correction."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.kinds import KINDS, Blank, Multiple, Order, Single, TrueFalse
from app.quiz.correction import can_translate, translate

pytestmark = pytest.mark.pure

FIELDS: dict[str, Any] = {"id": "q", "provision": "a1", "difficulty": "know", "stem": "甲___乙"}


def multiple(options: tuple[str, ...], answer: str) -> Multiple:
    return Multiple(**FIELDS, options=options, answer=answer)


@given(st.permutations(["一", "二", "三", "四"]), st.sets(st.integers(0, 3), min_size=1))
def test_choices_follow_their_words(order: list[str], chosen: set[int]) -> None:
    old, new = multiple(("一", "二", "三", "四"), "AB"), multiple(tuple(order), "CD")
    response = translate(old, new, sorted(chosen))
    kind = KINDS["multiple"]
    words = set(kind.describe_response(new, response).split("；"))
    assert words == set(kind.describe_response(old, sorted(chosen)).split("；"))
    assert response == sorted(response)


@given(st.permutations(["一", "二", "三"]), st.permutations([0, 1, 2]))
def test_an_order_follows_its_words(items: list[str], response: list[int]) -> None:
    old, new = Order(**FIELDS, items=("一", "二", "三")), Order(**FIELDS, items=tuple(items))
    kind = KINDS["order"]
    moved = translate(old, new, response)
    assert kind.describe_response(new, moved) == kind.describe_response(old, response)


def test_what_has_no_fair_translation() -> None:
    old = multiple(("一", "二", "三"), "AB")
    assert not can_translate(old, multiple(("一", "二", "四"), "AB"))
    assert not can_translate(old, Single(**FIELDS, options=("一", "二", "三"), answer="A"))
    one, two = Blank(**FIELDS, answers=(("一",),)), Blank(**FIELDS, answers=(("一",), ("二",)))
    assert not can_translate(one, two)
    assert can_translate(one, Blank(**FIELDS, answers=(("两",),)))
    assert translate(one, one, ["一"]) == ["一"]
    yes, no = TrueFalse(**FIELDS, answer=True), TrueFalse(**FIELDS, answer=False)
    assert can_translate(yes, no)
    assert translate(yes, no, True) is True
    assert translate(old, old, None) is None

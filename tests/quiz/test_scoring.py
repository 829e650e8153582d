"""Points are multiples of a half, never more than a question is worth, and told beforehand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.kinds import KINDS, Blank, Mark, Multiple, Order
from app.quiz.scoring import has_passed, mark_response, points_for, rule_words

pytestmark = pytest.mark.pure

FIELDS: dict[str, Any] = {"id": "q", "provision": "a1", "difficulty": "know", "stem": "甲___乙___"}
MULTIPLE = Multiple(**FIELDS, options=("一", "二", "三", "四"), answer="ABD")
BLANKS = Blank(**FIELDS, answers=(("一年",), ("两年",)))
ORDER = Order(**FIELDS, items=("一", "二", "三"))


@given(
    st.sampled_from(sorted(KINDS)),
    st.fractions(0, 1, max_denominator=6),
    st.integers(1, 100),
    st.booleans(),
)
def test_points_are_halves_within_bounds(kind: str, share: Any, points: int, partial: bool) -> None:
    earned = points_for(kind, Mark(share == 1, float(share)), points, partial)
    assert 0 <= earned <= points
    assert (2 * earned) % 1 == 0
    if share == 1:
        assert earned == points
    elif partial and kind in ("multiple", "blank"):
        assert share * points - earned < 0.5 + 1e-6
        assert earned <= share * points + 1e-6
    else:
        assert earned == 0


@pytest.mark.parametrize(
    ("response", "partial", "earned"),
    [
        ([0, 1, 3], True, 3),
        ([0, 1], True, 2),
        ([0], True, 1),
        ([0, 2], True, 0),
        ([0, 1, 2, 3], True, 0),
        ([0, 1], False, 0),
        (None, True, 0),
    ],
)
def test_multiple_choice(response: Any, partial: bool, earned: float) -> None:
    found = mark_response("multiple", MULTIPLE, response, 3, partial)
    assert found == (earned == 3, earned)


def test_two_thirds_of_two_points_are_one() -> None:
    assert mark_response("multiple", MULTIPLE, [0, 1], 2, True) == (False, 1.0)
    assert mark_response("multiple", MULTIPLE, [0], 2, True) == (False, 0.5)


def test_a_blank_by_itself_and_no_part_of_an_order() -> None:
    assert mark_response("blank", BLANKS, ["一年", ""], 3, True) == (False, 1.5)
    assert mark_response("blank", BLANKS, ["一年", ""], 3, False) == (False, 0.0)
    assert mark_response("order", ORDER, [0, 2, 1], 3, True) == (False, 0.0)


def test_passing() -> None:
    assert has_passed(6, 10, 60)
    assert not has_passed(5.5, 10, 60)
    assert has_passed(0, 10, 0)


@pytest.mark.parametrize("partial", [True, False])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_rule_in_words(kind: str, partial: bool) -> None:
    words = rule_words(kind, [2, 3, 2], partial)
    assert words.startswith("每题 2、3 分：")
    assert ("0.5" in words) is (partial and kind in ("multiple", "blank"))

"""A review is the same when question and millisecond are, or an export has moved it on a little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.ids import is_id
from app.study.union import SHIFT_MS, Outside, Stored, list_new

pytestmark = pytest.mark.pure
MOMENT = 1_790_000_000_000


def outside(at_ms: int = MOMENT, question: str = "q", rating: int = 3) -> Outside:
    """Return a review made elsewhere."""
    return Outside(question, at_ms, rating, 4000)


def test_the_id_depends_on_question_and_moment_alone() -> None:
    one = outside().review
    assert is_id(one.answer_id)
    assert one.answer_id == outside(rating=1).review.answer_id == "_mthWjSzITWzkA00CEElCg"
    assert one.answer_id != outside(MOMENT + 1).review.answer_id
    assert one.answer_id != outside(question="p").review.answer_id


@pytest.mark.parametrize(("rating", "right"), [(1, False), (2, True), (3, True), (4, True)])
def test_again_is_wrong_and_everything_else_right(rating: int, right: bool) -> None:
    assert outside(rating=rating).review.right is right


@pytest.mark.parametrize(
    ("away", "here", "new"),
    [
        (0, True, 0),
        (0, False, 0),
        (1, True, 0),
        (SHIFT_MS, True, 0),
        (SHIFT_MS + 1, True, 1),
        (-1, True, 1),
        (1, False, 1),  # both were made in Anki: two quick answers are two
    ],
)
def test_what_is_known(away: int, here: bool, new: int) -> None:
    stored = {"q": [Stored(MOMENT - 10**6, True), Stored(MOMENT, here)]}
    assert len(list_new([outside(MOMENT + away)], stored)) == new
    assert list_new([outside(MOMENT + away, "p")], stored) != []


@given(st.lists(st.tuples(st.sampled_from("pq"), st.integers(0, 10**5)), max_size=30))
def test_what_was_joined_is_never_new_again(made: list[tuple[str, int]]) -> None:
    reviews = [outside(MOMENT + ms, question) for question, ms in made]
    new = list_new(reviews, {})
    assert {(r.question_id, r.at_ms) for r in new} == {(r.question_id, r.at_ms) for r in reviews}
    assert len(new) == len(set(made))
    stored: dict[str, list[Stored]] = {}
    for review in new:
        stored.setdefault(review.question_id, []).append(Stored(review.at_ms, False))
    assert list_new(reviews[::-1], stored) == []

"""Mastery is said only when it is nearly certain, and unseen questions never help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.intervals import chance_at_least, jeffreys
from app.assess.mastery import (
    MASTERED,
    NOT_YET,
    UNSEEN,
    UNSURE,
    from_answers,
    from_recall,
    of_chapter,
    state_name,
)

pytestmark = pytest.mark.pure
recalls = st.lists(st.floats(0, 1), max_size=60)


def test_a_chapter_wholly_seen_is_the_jeffreys_posterior() -> None:
    found = from_recall([0.9] * 40, 0)
    ends = jeffreys(36, 40)
    assert found.known == pytest.approx(36)
    assert (found.low, found.high) == pytest.approx((ends.low, ends.high))
    assert found.chance == pytest.approx(chance_at_least(0.8, 36, 40))
    assert found.share == pytest.approx(0.9)


def test_unseen_questions_count_as_not_known() -> None:
    found = from_recall([1.0] * 30, 10)
    assert (found.seen, found.unseen, found.total, found.share) == (30, 10, 40, 0.75)
    assert (found.high, found.chance, found.state) == (0.75, 0, NOT_YET)
    nearly = from_recall([1.0] * 45, 5)
    assert nearly.chance == pytest.approx(chance_at_least(8 / 9, 45, 45))


@pytest.mark.parametrize(
    ("seen", "recall", "unseen", "state"),
    [
        (0, 0, 20, UNSEEN),
        (5, 1.0, 0, UNSURE),
        (12, 1.0, 0, MASTERED),
        (12, 1.0, 2, UNSURE),
        (60, 0.9, 0, MASTERED),
        (20, 0.9, 0, UNSURE),
        (20, 0.5, 0, NOT_YET),
        (5, 1.0, 200, NOT_YET),
    ],
)
def test_the_four_words(seen: int, recall: float, unseen: int, state: str) -> None:
    assert from_recall([recall] * seen, unseen).state == state


def test_answers_count_as_they_are() -> None:
    assert from_answers(5, 5).state == UNSURE
    assert from_answers(10, 10).state == MASTERED
    assert from_answers(3, 20).state == NOT_YET
    assert from_answers(0, 0).state == UNSEEN


def test_a_chapter_is_looked_up_by_its_questions() -> None:
    found = of_chapter(["a", "b", "c"], {"a": 0.5, "c": 1.0, "elsewhere": 0.1})
    assert (found.seen, found.total, found.known, found.share) == (2, 3, 1.5, 0.5)


def test_a_chapter_without_questions_is_unseen() -> None:
    found = of_chapter([], {})
    assert (found.state, found.share, found.low, found.high) == (UNSEEN, 0, 0, 0)


@given(recalls, st.integers(0, 40))
def test_the_interval_holds_the_share(recall: list[float], unseen: int) -> None:
    found = from_recall(recall, unseen)
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share <= found.high + 1e-12 <= 1 + 1e-11


@given(recalls, st.integers(0, 40))
def test_unseen_questions_never_help(recall: list[float], unseen: int) -> None:
    one, other = from_recall(recall, unseen), from_recall(recall, unseen + 1)
    assert other.chance <= one.chance
    assert other.share <= one.share


@given(recalls, st.integers(0, 10))
def test_mastered_means_what_it_says(recall: list[float], unseen: int) -> None:
    found = from_recall(recall, unseen)
    assert (found.state == MASTERED) == (found.chance >= 0.95)
    if found.total and found.seen < 0.8 * found.total:
        assert found.state != MASTERED


def test_each_state_has_its_word() -> None:
    words = {state_name(s) for s in (UNSEEN, NOT_YET, UNSURE, MASTERED)}
    assert len(words) == 4
    assert state_name(MASTERED) == "已经掌握"


@pytest.mark.parametrize(("recall", "unseen"), [([1.1], 0), ([-0.1], 0), ([0.5], -1)])
def test_what_cannot_be_is_refused(recall: list[float], unseen: int) -> None:
    with pytest.raises(ValueError, match="recall"):
        from_recall(recall, unseen)

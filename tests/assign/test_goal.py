"""Goals: what can be asked, and how many days there are."""

from datetime import UTC, date, datetime

import pytest

from app.assign.goal import (
    Goal,
    check_distance,
    check_goal,
    days_left,
    decode,
    encode,
    goal_day,
    read_chapters,
)
from app.base.clock import day_start, epoch
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
GOAL = Goal((("dangzhang", "ch1"), ("dangzhang", "ch2")), 90)
NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def end_of(day: date) -> int:
    """Return the end of a study day."""
    return epoch(day_start(date.fromordinal(day.toordinal() + 1)))


def test_a_goal_is_kept_as_it_is() -> None:
    assert decode(encode(GOAL)) == GOAL


def test_chapters_are_read_once_each() -> None:
    assert read_chapters(["a/1", "a/2", "a/1", "b", "b/"]) == (("a", "1"), ("a", "2"))


@pytest.mark.parametrize(
    ("goal", "field"),
    [
        (Goal((), 90), "chapters"),
        (Goal(tuple(("a", str(n)) for n in range(101)), 90), "chapters"),
        (Goal(GOAL.chapters, 49), "percent"),
        (Goal(GOAL.chapters, 98), "percent"),
    ],
)
def test_goals_that_make_no_sense_are_refused(goal: Goal, field: str) -> None:
    check_goal(GOAL)
    with pytest.raises(Invalid) as refused:
        check_goal(goal)
    assert list(refused.value.fields) == [field]


def test_the_goals_day_is_the_study_day_that_ends_then() -> None:
    closes_at = end_of(date(2026, 6, 30))
    assert goal_day(closes_at) == date(2026, 6, 30)
    assert days_left(closes_at, NOW) == 29
    assert days_left(closes_at, datetime(2026, 7, 9, tzinfo=UTC)) == 0


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2026, 6, 1), False),
        (date(2026, 6, 2), True),
        (date(2027, 6, 2), True),
        (date(2027, 6, 3), False),
    ],
)
def test_a_goal_lies_between_tomorrow_and_a_year(day: date, fits: bool) -> None:
    if fits:
        check_distance(end_of(day), NOW)
        return
    with pytest.raises(Invalid) as refused:
        check_distance(end_of(day), NOW)
    assert list(refused.value.fields) == ["closes"]

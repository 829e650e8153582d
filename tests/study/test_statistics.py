"""Figures mean what the page says."""

from datetime import date, timedelta

import pytest

from app.bank.queries import Chapter
from app.study.statistics import calendar, chapter_knowledge

pytestmark = pytest.mark.pure
TODAY = date(2026, 11, 25)  # a Wednesday


def test_knowledge_is_the_mean_over_seen_questions() -> None:
    chapters = [Chapter("a", "甲", ("1", "2", "3")), Chapter("b", "乙", ("4",))]
    first, second = chapter_knowledge(chapters, {"1": 1.0, "2": 0.5, "9": 0.0})
    assert (first.seen, first.total, first.recall) == (2, 3, 0.75)
    assert (second.seen, second.total, second.recall) == (0, 1, None)


def test_the_calendar_ends_today_and_begins_on_a_monday() -> None:
    weeks = calendar({TODAY: 3}, TODAY)
    assert len(weeks) == 12
    assert weeks[0][0].day.weekday() == 0
    assert weeks[-1][-1].day == TODAY
    assert [len(week) for week in weeks] == [7] * 11 + [3]


@pytest.mark.parametrize(("count", "level"), [(0, 0), (1, 1), (9, 1), (10, 2), (25, 3), (50, 4)])
def test_shades_have_fixed_steps(count: int, level: int) -> None:
    day = TODAY - timedelta(days=1)
    shown = [d for week in calendar({day: count, TODAY: 500}, TODAY) for d in week if d.day == day]
    assert [(d.count, d.level) for d in shown] == [(count, level)]

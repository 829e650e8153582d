"""The study day: a calendar day in Shanghai that turns at 04:00."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.clock import (
    ROLLOVER,
    SHANGHAI,
    day_start,
    day_start_at,
    epoch,
    from_epoch,
    study_day,
    study_day_at,
)

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 19, 59, 59, tzinfo=UTC), 23),
        (datetime(2026, 11, 23, 20, 0, tzinfo=UTC), 24),
        (datetime(2026, 11, 24, 2, 0, tzinfo=UTC), 24),
    ],
)
def test_the_day_turns_at_four(moment: datetime, day: int) -> None:
    assert study_day(moment) == date(2026, 11, day)


def test_a_day_begins_when_it_turns() -> None:
    start = day_start(date(2026, 11, 24))
    assert start == datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert study_day(start) == date(2026, 11, 24)


def test_seconds_there_and_back() -> None:
    assert from_epoch(epoch(datetime(2026, 1, 1, tzinfo=UTC))) == datetime(2026, 1, 1, tzinfo=UTC)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_arithmetic_finds_the_days_of_the_calendar(moment: datetime) -> None:
    seconds = epoch(moment)
    assert from_epoch(seconds) == moment.replace(microsecond=0)
    assert study_day(moment) == (moment.astimezone(SHANGHAI) - ROLLOVER).date()
    assert day_start_at(study_day_at(seconds)) == epoch(day_start(study_day_at(seconds)))

"""Regular work is due by the clock in Shanghai, once at each of its moments."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.clock import SHANGHAI
from app.base.jobs import Daily, Hourly, Schedule, last_run, next_run

pytestmark = pytest.mark.pure
NIGHTLY = Daily(4, 10)
schedules = st.one_of(
    st.builds(Daily, st.integers(0, 23), st.integers(0, 59)),
    st.builds(Hourly, st.integers(0, 59), st.sampled_from([5, 10, 15, 20, 30, 60])),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    """Return a moment by the clock in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "last", "then"),
    [
        ("2026-11-25T04:09:59", "2026-11-24T04:10", "2026-11-25T04:10"),
        ("2026-11-25T04:10:00", "2026-11-25T04:10", "2026-11-26T04:10"),
        ("2026-12-31T23:59:00", "2026-12-31T04:10", "2027-01-01T04:10"),
    ],
)
def test_every_night(now: str, last: str, then: str) -> None:
    assert last_run(NIGHTLY, at(now)) == at(last)
    assert next_run(NIGHTLY, at(now)) == at(then)


def test_several_times_an_hour() -> None:
    quarter = Hourly(5, 15)
    assert last_run(quarter, at("2026-11-25T10:04")) == at("2026-11-25T09:50")
    assert next_run(quarter, at("2026-11-25T10:05")) == at("2026-11-25T10:20")
    assert next_run(Hourly(0), at("2026-11-25T23:30")) == at("2026-11-26T00:00")


@given(schedules, moments)
def test_now_lies_between_two_runs_with_none_between(schedule: Schedule, now: datetime) -> None:
    last, then = last_run(schedule, now), next_run(schedule, now)
    assert last <= now < then
    assert last_run(schedule, then - timedelta(microseconds=1)) == last
    assert last_run(schedule, then) == then
    assert last.tzinfo == SHANGHAI

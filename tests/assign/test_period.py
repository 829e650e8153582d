"""Years and quarters, and days that have to lie in them."""

from datetime import date

import pytest

from app.assign.period import Period, check_days, check_period
from app.base.errors import Invalid

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (0, date(2026, 1, 1), date(2026, 12, 31)),
        (1, date(2026, 1, 1), date(2026, 3, 31)),
        (2, date(2026, 4, 1), date(2026, 6, 30)),
        (3, date(2026, 7, 1), date(2026, 9, 30)),
        (4, date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_first_and_last_days(quarter: int, first: date, last: date) -> None:
    assert (Period(2026, quarter).first, Period(2026, quarter).last) == (first, last)
    check_period(Period(2026, quarter))


@pytest.mark.parametrize("period", [Period(2019), Period(2101), Period(2026, 5), Period(2026, -1)])
def test_periods_that_no_plan_can_have(period: Period) -> None:
    with pytest.raises(Invalid):
        check_period(period)


@pytest.mark.parametrize(
    ("starts", "due", "field"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "due_on"),
        (date(2025, 12, 31), date(2026, 3, 1), "starts_on"),
        (date(2026, 3, 1), date(2026, 4, 1), "due_on"),
        (date(2026, 1, 1), date(2029, 12, 1), "due_on"),
        (date(1999, 1, 1), date(1999, 12, 1), "due_on"),
    ],
)
def test_days_outside_are_refused_with_the_field(starts: date, due: date, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_days(starts, due, Period(2026, 1))
    assert field in caught.value.fields


def test_days_inside_are_taken() -> None:
    check_days(date(2026, 1, 1), date(2026, 3, 31), Period(2026, 1))
    check_days(date(2025, 12, 31), date(2026, 3, 31))

"""The year or quarter of a plan, and the days of what stands in it; pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from app.base.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2020, 2100
LONGEST_DUTY = 3 * 366  # days from the first to the day a duty is due


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or its quarter 1…4 (0: the whole year)."""

    year: int
    quarter: int = 0

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, max(0, self.quarter - 1) * 3 + 1, 1)

    @property
    def last(self) -> date:
        """The last day."""
        if self.quarter in (0, 4):
            return date(self.year, 12, 31)
        return date(self.year, self.quarter * 3 + 1, 1) - timedelta(days=1)


def check_period(period: Period) -> None:
    """Raise Invalid for a year or quarter that no plan can have."""
    if not FIRST_YEAR <= period.year <= LAST_YEAR:
        message = _("年份应在 %(first)s 到 %(last)s 之间。", first=FIRST_YEAR, last=LAST_YEAR)
        raise Invalid(message, year=message)
    if not 0 <= period.quarter <= 4:
        message = _("请选全年或一个季度。")
        raise Invalid(message, quarter=message)


def check_days(starts_on: date, due_on: date, period: Period | None = None) -> None:
    """Raise Invalid unless the days run forwards and, of a plan's item, lie in its period."""
    if due_on < starts_on:
        message = _("完成期限不能早于开始日期。")
        raise Invalid(message, due_on=message)
    if not FIRST_YEAR <= starts_on.year <= LAST_YEAR or (due_on - starts_on).days > LONGEST_DUTY:
        message = _("日期离得太远：从开始到期限最多三年。")
        raise Invalid(message, due_on=message)
    if period is None:
        return
    for field, day in (("starts_on", starts_on), ("due_on", due_on)):
        if not period.first <= day <= period.last:
            message = _(
                "日期要在计划的期间内：%(first)s 至 %(last)s。",
                first=period.first,
                last=period.last,
            )
            raise Invalid(message, **{field: message})

"""Time: the only place that asks the machine what time it is, and the study day.

A study day is a calendar day in Asia/Shanghai that rolls over at 04:00 (as Anki's does), so that
an evening session after midnight still belongs to the day it began on.
"""

import functools
import math
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

# China has had one zone and no summer time since 1992; a fixed offset needs no zone database.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
ROLLOVER = timedelta(hours=4)
FIRST_DAY = date(1970, 1, 1).toordinal()
DAY_BEGINS = 4 * 3600  # seconds before midnight of UTC: eight hours east of it, less the rollover
DAYS = 4096  # that are remembered: what happens together happens on few days
_day = functools.lru_cache(DAYS)(date.fromordinal)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    from flask import current_app  # a child process knows days and zones without any site

    return now_in(current_app.config)


def now_in(config: Mapping[str, Any]) -> datetime:
    """Return the present moment of a site; tests set a `CLOCK` in its configuration."""
    clock = config.get("CLOCK")
    moment: datetime = clock() if clock else datetime.now(UTC)
    return moment


def machine_time() -> float:
    """Return what the machine's own clock says in epoch seconds; for the journal and ids alone."""
    return time.time()


def study_day(moment: datetime) -> date:
    """Return the study day that the aware `moment` belongs to."""
    return study_day_at(epoch(moment))


def day_start(day: date) -> datetime:
    """Return the aware moment at which study day `day` begins (04:00 in Shanghai)."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + ROLLOVER


def study_day_at(seconds: int) -> date:
    """Return the study day of `seconds` since 1970-01-01 UTC."""
    return _day((seconds + DAY_BEGINS) // 86_400 + FIRST_DAY)


def day_start_at(day: date, later: int = 0) -> int:
    """Return when the study day `later` days after `day` begins in epoch seconds.

    It is `day_start` as arithmetic.
    """
    return (day.toordinal() + later - FIRST_DAY) * 86_400 - DAY_BEGINS


def epoch(moment: datetime) -> int:
    """Return whole seconds since 1970-01-01 UTC, rounded down."""
    return math.floor(moment.timestamp())


def from_epoch(seconds: int) -> datetime:
    """Return the aware UTC moment of `seconds` since 1970-01-01."""
    return datetime.fromtimestamp(seconds, UTC)

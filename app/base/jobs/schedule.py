"""When regular work is due: by the clock in Shanghai, worked out from the moment alone; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.base.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at `hour`:`minute` (0–23, 0–59) in Shanghai."""

    hour: int
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Hourly:
    """Every hour at `minute`, or several times an hour: at `minute` and then `every` minutes.

    `every` divides 60, so that each hour is the same.
    """

    minute: int = 0
    every: int = 60


Schedule = Daily | Hourly


def last_run(schedule: Schedule, now: datetime) -> datetime:
    """Return the latest moment, `now` included, at which the work was due (Shanghai time)."""
    here = now.astimezone(SHANGHAI).replace(second=0, microsecond=0)
    if isinstance(schedule, Daily):
        due, step = here.replace(hour=schedule.hour, minute=schedule.minute), timedelta(days=1)
    else:
        step = timedelta(minutes=schedule.every)
        past = (here.minute - schedule.minute) % schedule.every
        due = here - timedelta(minutes=past)
    return due if due <= now else due - step


def next_run(schedule: Schedule, now: datetime) -> datetime:
    """Return the first moment after `now` at which the work is due (Shanghai time)."""
    daily = isinstance(schedule, Daily)
    step = timedelta(days=1) if daily else timedelta(minutes=schedule.every)  # type: ignore[union-attr]
    return last_run(schedule, now) + step

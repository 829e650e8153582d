"""When a paper can be taken: opening, closing, duration, extra time; pure, in epoch seconds."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.base.clock import day_start, epoch, study_day
from app.base.words import gettext as _

GRACE = 15  # seconds that an answer sent in time may be on its way


@dataclass(frozen=True, slots=True)
class Window:
    """The time of a paper; `closed_at` is when somebody closed it by hand.

    `longest_extra_s` is the most extra time that any person has: they answer beyond `closes_at`.
    `kept_until` is how long those may go on who had begun before the closing was brought forward.
    """

    opens_at: int | None = None
    closes_at: int | None = None
    closed_at: int | None = None
    longest_extra_s: int = 0
    kept_until: int | None = None

    @property
    def ends_at(self) -> int | None:
        """The moment from which nobody can answer any more; None while that is not fixed."""
        ends = [] if self.closed_at is None else [self.closed_at]
        if self.closes_at is not None:
            ends.append(max(self.closes_at, self.kept_until or 0) + self.longest_extra_s)
        return min(ends) + GRACE if ends else None


def has_ended(window: Window, now: int) -> bool:
    """Say whether nobody can answer any more."""
    return window.ends_at is not None and now > window.ends_at


def overlap(one: Window, other: Window) -> bool:
    """Say whether there may be a moment at which both papers are being answered."""
    infinite = 2**62
    first = (one.opens_at or 0, infinite if one.ends_at is None else one.ends_at)
    second = (other.opens_at or 0, infinite if other.ends_at is None else other.ends_at)
    return first[0] <= second[1] and second[0] <= first[1]


def deadline_of(
    started_at: int, duration_s: int | None, window: Window, extra_s: int
) -> int | None:
    """Return until when an attempt may be answered: duration or closing, plus the extra time.

    Closing by hand cuts everything short. None when nothing limits it.
    """
    ends = [] if duration_s is None else [started_at + duration_s]
    if window.closes_at is not None:
        ends.append(window.closes_at)
    ends = [min(ends) + extra_s] if ends else []
    if window.closed_at is not None:
        ends.append(window.closed_at)
    return min(ends, default=None)


def kept_deadline(promised: int | None, fresh: int | None) -> int | None:
    """Return the deadline of an attempt under way after its paper's time, or its own, was changed.

    `promised` is what the person could reckon with, `fresh` what the new times give. A promise is
    never cut short; only who had no limit at all (None) gets the new one.
    """
    return fresh if promised is None or fresh is None else max(promised, fresh)


def time_left(deadline: int | None, now: int) -> int | None:
    """Return the seconds left, never below 0; None without a deadline."""
    return None if deadline is None else max(0, deadline - now)


def may_answer(deadline: int | None, now: int) -> bool:
    """Say whether an answer that arrives now still counts."""
    return deadline is None or now <= deadline + GRACE


def must_close(deadline: int | None, now: int) -> bool:
    """Say whether an attempt that is still open has to be marked as it stands."""
    return not may_answer(deadline, now)


def why_not_start(state: str, window: Window, now: int, used: int, allowed: int) -> str | None:
    """Return why a further attempt may not begin, in a sentence, or None when it may.

    `used` attempts were begun, `allowed` may be (0: any number).
    """
    if state != "published" or (window.closes_at is not None and now >= window.closes_at):
        return str(_("这份试卷已经截止，不能再开始。"))
    if window.opens_at is not None and now < window.opens_at:
        return str(_("这份试卷还没有到开始时间。"))
    if allowed and used >= allowed:
        return str(_("这份试卷只能答 %(n)s 次，已经用完。", n=allowed))
    return None


def may_start(state: str, window: Window, now: int, used: int, allowed: int) -> bool:
    """Say whether a further attempt may begin."""
    return why_not_start(state, window, now, used, allowed) is None


def week_number(now: datetime) -> int:
    """Return the number of the study week of `now`, as 202648: ISO year and week."""
    year, week, _day = study_day(now).isocalendar()
    return year * 100 + week


def week_window(number: int, window: Window) -> Window:
    """Return the part of a weekly paper's window that lies in week `number`: from Monday 04:00."""
    monday = date.fromisocalendar(number // 100, number % 100, 1)
    start, end = epoch(day_start(monday)), epoch(day_start(monday + timedelta(days=7)))
    closes_at = end if window.closes_at is None else min(end, window.closes_at)
    opens_at = max(start, window.opens_at or start)
    kept = window.kept_until
    kept = kept if kept is not None and start < kept <= end else None
    return replace(window, opens_at=opens_at, closes_at=closes_at, kept_until=kept)


def is_key_open(key_shown: str, submitted: bool, window: Window, now: int) -> bool:
    """Say whether marks, key and explanations may be shown to the person whose attempt it is."""
    if not submitted:
        return False
    return key_shown == "submission" or has_ended(window, now)


def released_at(key_shown: str, submitted_at: int, window: Window) -> int | None:
    """Return when a submitted attempt's answers may be used elsewhere: once the window is over.

    Without any end that is at submission where the key is shown then, and else not yet (None).
    """
    if window.ends_at is None:
        return submitted_at if key_shown == "submission" else None
    return max(submitted_at, window.ends_at + 1)

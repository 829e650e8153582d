"""A study goal: chapters, and which expected recall of them is wanted on the last day; pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec
from flask_babel import gettext as _

from app.assign.load import LONGEST
from app.base.clock import from_epoch, study_day
from app.base.errors import Invalid

LEAST_PERCENT, MOST_PERCENT = 50, 97
MOST_CHAPTERS = 100


class Goal(msgspec.Struct, frozen=True, array_like=True):
    """Subject and chapter ids, and the mean probability of recall wanted, in percent."""

    chapters: tuple[tuple[str, str], ...]
    percent: int


def check_goal(goal: Goal) -> None:
    """Raise Invalid, naming the field, for a goal that nobody could check or reach."""
    if not goal.chapters:
        _refuse("chapters", _("请至少选一章。"))
    if len(goal.chapters) > MOST_CHAPTERS:
        _refuse("chapters", _("一次最多选 %(n)s 章。", n=MOST_CHAPTERS))
    if not LEAST_PERCENT <= goal.percent <= MOST_PERCENT:
        message = _(
            "目标要在 %(least)s 到 %(most)s 之间：没有人能保证全部记得。",
            least=LEAST_PERCENT,
            most=MOST_PERCENT,
        )
        _refuse("percent", message)


def read_chapters(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the chapters of choices written as "subject/chapter", each once, in their order."""
    pairs = [word.partition("/") for word in dict.fromkeys(words)]
    return tuple((subject, chapter) for subject, slash, chapter in pairs if slash and chapter)


def goal_day(closes_at: int) -> date:
    """Return the study day on which the recall is looked at: that of the last second."""
    return study_day(from_epoch(closes_at - 1))


def days_left(closes_at: int, now: datetime) -> int:
    """Return the study days that can be used, today included and the goal's day not; never < 0."""
    return max(0, (goal_day(closes_at) - study_day(now)).days)


def check_distance(closes_at: int, now: datetime) -> None:
    """Raise Invalid for a goal's day that is today, or further away than can be foreseen."""
    days = days_left(closes_at, now)
    if days < 1:
        _refuse("closes", _("目标日期至少要在明天以后，今天才来得及学。"))
    if days > LONGEST:
        last = study_day(now) + timedelta(days=LONGEST)
        _refuse("closes", _("目标最远到 %(day)s（一年）。", day=last.isoformat()))


def encode(goal: Goal) -> str:
    """Return the JSON that a column holds."""
    return msgspec.json.encode(goal).decode()


def decode(text: str) -> Goal:
    """Return the goal of a column."""
    return msgspec.json.decode(text, type=Goal)


def _refuse(field: str, message: str) -> None:
    """Raise Invalid about one field."""
    raise Invalid(message, **{field: message})

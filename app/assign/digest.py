"""What is reminded of, when, and in which words; pure.

What is asked is told when it opens, 7, 3 and 1 days before it is due and on the day itself, and
when it is late on the day after, then weekly for four weeks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.base.clock import SHANGHAI
from app.web.format import date_words, day_words

Kind = Literal["paper", "goal", "item", "duty", "cards"]
BEFORE = (7, 3, 1, 0)  # days before something is due on which it is told
AFTER = (1, 7, 14, 21, 28)  # days after
MOST_LINES = 20  # of one digest; the others are counted
EARLIEST, LATEST = 7, 21  # hours of the day between which people are written to


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something a person is told: what it is, its title, the day it opens or is due.

    `ref` is its number, 0 for cards; `count` is the number of questions to review.
    """

    kind: Kind
    title: str
    ref: int
    day: date
    opens: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Something a group is told: of how many it is asked and how many have still to do it.

    0 asked: an affair of the unit, not of each of its people.
    """

    kind: Kind
    title: str
    day: date
    opens: bool = False
    asked: int = 0
    missing: int = 0


def is_told(
    today: date,
    due_on: date,
    opens_on: date | None = None,
    before: Sequence[int] = BEFORE,
) -> bool:
    """Say whether something is to be told today; `before` are days before it is due.

    On the day itself, on which it opens, and after it was due it is told whatever `before` says.
    """
    if opens_on is not None and opens_on > today:
        return False
    if opens_on == today:
        return True
    away = (due_on - today).days
    return away == 0 or away in before or -away in AFTER


def is_polite(now: datetime) -> bool:
    """Say whether it is a time of day at which people may be written to."""
    return EARLIEST <= now.astimezone(SHANGHAI).hour < LATEST


def sort_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines, the earliest day first, cards last."""
    return tuple(sorted(lines, key=lambda one: (one.kind == "cards", one.day, one.title)))


def in_words(line: Line, today: date) -> str:
    """Return the sentence of a line without its title, as one reads it on `today`."""
    if line.kind == "cards":
        return str(_("今天有 %(n)s 题要复习", n=line.count))
    return _when(line.day, line.opens, today)


def _when(day: date, opens: bool, today: date) -> str:
    if opens:
        return str(_("%(when)s开始", when=date_words(day, today)))
    if day < today:
        return str(_("已过期 %(n)s 天", n=(today - day).days))
    return str(_("%(when)s截止", when=day_words(day, today)))


NAMED = {
    "paper": _l("试卷《%(title)s》"),
    "goal": _l("学习目标《%(title)s》"),
    "item": _l("计划《%(title)s》"),
    "duty": _l("责任《%(title)s》"),
}


def letter_lines(lines: Sequence[Line], today: date) -> list[str]:
    """Return the lines of a person's digest as plain text."""
    told: list[str] = []
    for line in lines[:MOST_LINES]:
        words = in_words(line, today)
        told.append(words if line.kind == "cards" else _named(line.kind, line.title, words))
    return told + _more(len(lines))


def group_text(unit: str, lines: Sequence[GroupLine], today: date, address: str) -> str:
    """Return the message to a group: how many have still to do what, and nobody's name or mark."""
    head = _(
        "学记提醒 · %(unit)s · %(month)s月%(day)s日", unit=unit, month=today.month, day=today.day
    )
    told = [str(head)]
    for line in sorted(lines, key=lambda one: (one.day, one.title))[:MOST_LINES]:
        when = _when(line.day, line.opens, today)
        told.append(f"· {_named(line.kind, line.title, when)}")
        if line.asked:
            told[-1] += _("：%(asked)s 人中还有 %(n)s 人没有完成", asked=line.asked, n=line.missing)
    told += _more(len(lines))
    return "\n".join([*told, str(_("到学记查看：%(address)s", address=address))])


def _more(total: int) -> list[str]:
    left = total - MOST_LINES
    return [str(_("还有 %(n)s 项", n=left))] if left > 0 else []


def _named(kind: str, title: str, when: str) -> str:
    """Return what something is, its title, and when it is due, in one sentence."""
    what = str(NAMED[kind]) % {"title": title}
    return str(_("%(what)s%(when)s", what=what, when=when))


def encode(lines: Sequence[Line]) -> str:
    """Return the JSON that a column holds."""
    return msgspec.json.encode(lines).decode()


def decode(text: str) -> tuple[Line, ...]:
    """Return the lines of a column."""
    return msgspec.json.decode(text, type=tuple[Line, ...])


def keep_until(today: date) -> date:
    """Return the day before which digests are no longer kept."""
    return today - timedelta(days=60)

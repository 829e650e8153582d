"""What is asked and until when: the terms of an assignment and which of them make sense; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.assign.goal import Goal, check_goal
from app.base.errors import Invalid
from app.quiz.paper import Paper
from app.quiz.terms import MOST_ATTEMPTS
from app.quiz.window import has_ended

LONGEST_TITLE = 80
MOST_REMINDERS = 5
EARLIEST_REMINDER = 60  # days before the end
LONGEST_S = 2 * 366 * 24 * 3600  # seconds that an assignment may run


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything a trainer decides besides the audience; times in epoch seconds.

    Exactly one of `paper_id` and `goal` is given. Without `opens_at` what people have done before
    counts too. `attempts` 0 means as many as the paper allows; `pass_percent` is 0…100.
    `remind_days` are days before `closes_at` on which those who are not done are reminded.
    """

    title: str
    closes_at: int
    paper_id: int | None = None
    goal: Goal | None = None
    opens_at: int | None = None
    attempts: int = 0
    pass_percent: int = 60
    remind_days: tuple[int, ...] = ()


def read_days(words: Iterable[str]) -> tuple[int, ...]:
    """Return days before the end as people write them, the earliest first; raise Invalid."""
    message = _(
        "提醒请写截止前几天，如 7、3、1；最多 %(n)s 次，不早于 %(most)s 天。",
        n=MOST_REMINDERS,
        most=EARLIEST_REMINDER,
    )
    found = [word for word in words if word]
    if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in found):
        raise Invalid(message, remind=message)
    days = tuple(sorted({int(word) for word in found}, reverse=True))
    if len(days) > MOST_REMINDERS or any(day > EARLIEST_REMINDER for day in days):
        raise Invalid(message, remind=message)
    return days


def check_terms(terms: Terms, now: int) -> None:
    """Raise Invalid, naming the field, for terms that contradict each other or are over already."""
    if not 1 <= len(terms.title.strip()) <= LONGEST_TITLE:
        _refuse("title", _("请写一个名称，最多 %(n)s 个字。", n=LONGEST_TITLE))
    if not terms.closes_at:
        _refuse("closes", _("这份试卷没有自己的截止时间，请写一个。"))
    if terms.closes_at <= now:
        _refuse("closes", _("截止时间已经过去，请改成以后的时间。"))
    if terms.opens_at is not None and terms.opens_at >= terms.closes_at:
        _refuse("closes", _("截止时间要晚于开始时间。"))
    if terms.closes_at - max(now, terms.opens_at or 0) > LONGEST_S:
        _refuse("closes", _("时间太长，最多两年。"))
    if not 0 <= terms.attempts <= MOST_ATTEMPTS:
        _refuse("attempts", _("次数要在 0（不限）到 %(n)s 之间。", n=MOST_ATTEMPTS))
    if not 0 <= terms.pass_percent <= 100:
        _refuse("pass_percent", _("合格线要在 0 到 100 之间。"))
    if terms.goal is not None:
        check_goal(terms.goal)


def narrow(terms: Terms, paper: Paper) -> Terms:
    """Return the terms as the paper's own window, which may have been changed since, leaves them.

    A paper that was ended by hand ends what was asked with it.
    """
    window = paper.window
    ends = [end for end in (window.closes_at, window.closed_at) if end is not None]
    opens_at = max(terms.opens_at or 0, window.opens_at or 0) if terms.opens_at else terms.opens_at
    return replace(terms, opens_at=opens_at, closes_at=min([terms.closes_at, *ends]))


def overlap(one: Terms, other: Terms) -> bool:
    """Say whether there is a moment at which both are asked."""
    return (one.opens_at or 0) < other.closes_at and (other.opens_at or 0) < one.closes_at


def check_paper(terms: Terms, paper: Paper, now: int) -> None:
    """Raise Invalid unless the paper can be taken as these terms ask."""
    if paper.state == "draft":
        _refuse("paper", _("这份试卷还是草稿，请先发布再布置。"))
    if paper.terms.mode == "weekly":
        _refuse("paper", _("每周一答每周都会出题，不用布置。"))
    if paper.state == "closed" or has_ended(paper.window, now):
        _refuse("paper", _("这份试卷已经结束，请另出一份。"))
    if paper.terms.closes_at is not None and terms.closes_at > paper.terms.closes_at:
        _refuse("closes", _("试卷自己在此以前就截止了，请提前，或先改试卷的时间。"))
    if terms.opens_at and terms.opens_at < (paper.terms.opens_at or 0):
        _refuse("opens", _("试卷自己那时还没有开始，请推后，或先改试卷的时间。"))
    allowed = paper.terms.attempts_allowed
    if allowed and terms.attempts > allowed:
        _refuse("attempts", _("这份试卷只能答 %(n)s 次。", n=allowed))


def _refuse(field: str, message: str) -> None:
    """Raise Invalid about one field."""
    raise Invalid(message, **{field: message})

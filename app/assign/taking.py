"""How far a person is with a paper that was assigned to them; pure, times in epoch seconds.

Attempts count that were begun from the opening on (all, where there is none), in their order, and
as many of them as the assignment lets count. Handing in is late when the first of them was handed
in after the end, unless the person was still within the time of an attempt begun before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.assign.assignment import Terms
from app.quiz.queries import Attempt
from app.quiz.scoring import has_passed
from app.quiz.window import GRACE

State = Literal["later", "todo", "begun", "handed_in", "missed"]
STATES: tuple[State, ...] = ("later", "todo", "begun", "handed_in", "missed")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where somebody stands; `passed` None while there is no mark that may be told.

    `counted` attempts count; `again` says whether one more would be taken into account.
    """

    state: State
    late: bool = False
    passed: bool | None = None
    counted: int = 0
    again: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing more is asked: handed in, and not known to be below the line."""
        return self.state == "handed_in" and not (self.passed is False and self.again)


def progress_of(
    terms: Terms, attempts: Iterable[Attempt], now: int, shown: frozenset[int] | None = None
) -> Progress:
    """Return where somebody with these attempts at the paper stands.

    `shown` are the numbers of attempts whose marks may be told; None means all.
    """
    counted = list_counted(terms, attempts)
    over = now >= terms.closes_at
    ended = [one for one in counted if one.state != "open"]
    again = not over and (not terms.attempts or len(counted) < terms.attempts)
    if not ended:
        return Progress(_before(terms, bool(counted), now), counted=len(counted), again=again)
    told = [one for one in ended if shown is None or one.number in shown]
    passed = any(has_passed(one.score or 0.0, one.full, terms.pass_percent) for one in told)
    return Progress(
        "handed_in",
        late=not any(_in_time(terms, one) for one in ended),
        passed=passed if told else None,
        counted=len(counted),
        again=again,
    )


def list_counted(terms: Terms, attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts that count for an assignment, in their order."""
    begun = [one for one in attempts if one.started_at >= (terms.opens_at or 0)]
    ordered = sorted(begun, key=lambda one: (one.started_at, one.number))
    return ordered[: terms.attempts] if terms.attempts else ordered


def _before(terms: Terms, begun: bool, now: int) -> State:
    """Return the state of somebody who has handed nothing in."""
    if begun:
        return "begun"
    if now >= terms.closes_at:
        return "missed"
    return "later" if now < (terms.opens_at or 0) else "todo"


def _in_time(terms: Terms, attempt: Attempt) -> bool:
    """Say whether an attempt was handed in before the end, or within its own time begun before."""
    if attempt.submitted_at is None or attempt.submitted_at <= terms.closes_at + GRACE:
        return attempt.submitted_at is not None
    own = attempt.deadline is not None and attempt.submitted_at <= attempt.deadline + GRACE
    return own and attempt.started_at < terms.closes_at

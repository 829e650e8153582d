"""Who is answerable for a duty, day by day; pure.

A duty is laid on a person, or on a post: then on whoever holds it in the unit that day. Where
several hold the same post, the one who has held it longest is the named person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.assign.standing import Seat


@dataclass(frozen=True, slots=True)
class Charge:
    """What a duty is to lie on: a person, or a post; exactly one of them is given."""

    member_id: int | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """From day `since` a duty lies on a person or on a post; `until` is the first day it does not.

    Exactly one of `member_id` and `post` is given.
    """

    since: date
    until: date | None
    member_id: int | None = None
    post: str | None = None

    def covers(self, day: date) -> bool:
        """Say whether the duty lies there on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Holding:
    """A person holds a post in a unit from `since`; `until` is the first day they do not."""

    member_id: int
    unit_id: int
    post: str
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Say whether the post is held on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Span:
    """A person (None: nobody) was answerable from `since` to `until`, the first day no more."""

    since: date
    until: date | None
    member_id: int | None
    post: str | None


@dataclass(frozen=True, slots=True)
class Ground:
    """All that decides who is answerable for one duty."""

    terms: tuple[Term, ...]
    seats: tuple[Seat, ...]
    holdings: tuple[Holding, ...]


def term_on(terms: Iterable[Term], day: date) -> Term | None:
    """Return what a duty lies on that day, None when on nothing."""
    return next((term for term in terms if term.covers(day)), None)


def owner_on(ground: Ground, day: date, absent: Iterable[int] = ()) -> int | None:
    """Return the named person on a day, None when there is nobody.

    The `absent` cannot see to anything; another holder of the post stands in for them.
    """
    term, away = term_on(ground.terms, day), set(absent)
    if term is None:
        return None
    if term.post is None:
        return None if term.member_id in away else term.member_id
    seat = next((s for s in ground.seats if s.since <= day and _before(day, s.until)), None)
    held = [
        holding
        for holding in ground.holdings
        if seat is not None
        and (holding.unit_id, holding.post) == (seat.unit_id, term.post)
        and holding.covers(day)
        and holding.member_id not in away
    ]
    return min(((h.since, h.member_id) for h in held), default=(day, None))[1]


def spans(ground: Ground, until: date) -> tuple[Span, ...]:
    """Return who was answerable from the first term to the day before `until`, without a gap.

    Days on which nobody was are spans of nobody. The last span has no end (None) when it goes on.
    """
    if not ground.terms:
        return ()
    first = min(term.since for term in ground.terms)
    turns = {day for day in _turns(ground) if first <= day < until} | {first}
    found: list[Span] = []
    for day in sorted(turns):
        term = term_on(ground.terms, day)
        here = owner_on(ground, day), term.post if term else None
        if found and (found[-1].member_id, found[-1].post) == here:
            continue
        if found:
            found[-1] = _ended(found[-1], day)
        found.append(Span(day, None, *here))
    return tuple(found)


def _ended(span: Span, day: date) -> Span:
    return Span(span.since, day, span.member_id, span.post)


def _before(day: date, until: date | None) -> bool:
    return until is None or day < until


def _turns(ground: Ground) -> Iterable[date]:
    """Yield every day on which somebody else may become answerable."""
    parts: tuple[Term | Seat | Holding, ...] = (*ground.terms, *ground.seats, *ground.holdings)
    for part in parts:
        yield part.since
        if part.until is not None:
            yield part.until

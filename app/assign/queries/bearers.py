"""Whom duties lie on: read for many duties at once from terms, posts and people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.assign.models.duties import DutyRow, PersonTermRow, PostTermRow
from app.assign.ownership import Ground, Holding, Term, owner_on, term_on
from app.assign.standing import Standing
from app.base.db import db
from app.org import queries as org

VACANT, GONE, DISABLED, MOVED, CLOSED = "vacant", "gone", "disabled", "moved", "closed"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who is answerable on a day, and what is wrong with that ("" when nothing is).

    `post` is the post the duty lies on, if it does; somebody who is disabled is still named.
    Trouble is one of vacant (nobody holds the
    post), gone (the person is on record no more), disabled, moved (to another unit), closed (no
    unit sees to it).
    """

    member_id: int | None
    name: str | None
    post: str | None
    trouble: str


class Bearers:
    """What decides who is answerable for each of some duties, read once."""

    def __init__(self, rows: Sequence[DutyRow], standing: Standing) -> None:
        self._standing = standing
        self._terms = _read_terms([row.id for row in rows])
        seats = {row.unit_id: standing.seats(row.unit_id) for row in rows}
        units = {seat.unit_id for found in seats.values() for seat in found}
        held: dict[int, list[Holding]] = {}
        for one in org.list_held_in(units) if units else ():
            holding = Holding(one.member_id, one.unit_id, one.post, one.since, one.until)
            held.setdefault(one.unit_id, []).append(holding)
        self._seats, self._held = seats, held
        named = {term.member_id for terms in self._terms.values() for term in terms}
        named |= {holding.member_id for found in held.values() for holding in found}
        self.people: Mapping[int, org.Person] = org.list_persons(
            member_id for member_id in named if member_id is not None
        )
        self._absent = {p.id for p in self.people.values() if p.state == "disabled"}

    def ground(self, row: DutyRow) -> Ground:
        """Return what decides about one duty."""
        seats = self._seats[row.unit_id]
        held = [h for unit_id in {s.unit_id for s in seats} for h in self._held.get(unit_id, ())]
        return Ground(self._terms.get(row.id, ()), seats, tuple(held))

    def bearer(self, row: DutyRow, day: date) -> Bearer:
        """Return who is answerable for a duty on `day`."""
        ground, home_id = self.ground(row), self._standing.now(row.unit_id)
        term = term_on(ground.terms, day)
        post = term.post if term else None
        member_id = owner_on(ground, day, self._absent)
        if member_id is None:
            named = self.people.get(owner_on(ground, day) or 0)
            name = named.name if named else None
            trouble = self._why_nobody(term, named, home_id)
            return Bearer(named.id if named else None, name, post, trouble)
        person = self.people[member_id]
        trouble = ""
        if home_id is None:
            trouble = CLOSED
        elif post is None and not self._belongs(person, home_id, day):
            trouble = MOVED
        return Bearer(member_id, person.name, post, trouble)

    def _why_nobody(self, term: Term | None, named: org.Person | None, home_id: int | None) -> str:
        if home_id is None:
            return CLOSED
        if term is None:
            return GONE
        return VACANT if named is None else DISABLED

    def _belongs(self, person: org.Person, home_id: int, day: date) -> bool:
        if self._standing.is_within(person.unit_id, home_id):
            return True
        held = self._held.get(home_id, ())
        return any(one.member_id == person.id and one.covers(day) for one in held)


def _read_terms(duty_ids: Iterable[int]) -> dict[int, tuple[Term, ...]]:
    """Return duty → its terms in time order."""
    ids, found = list(duty_ids), dict[int, list[Term]]()
    for start in range(0, len(ids), 5000):  # a statement takes a limited number of values
        some = ids[start : start + 5000]
        persons = select(PersonTermRow).where(PersonTermRow.duty_id.in_(some))
        for row in db.session.scalars(persons):
            term = Term(row.since, row.until, member_id=row.member_id)
            found.setdefault(row.duty_id, []).append(term)
        posts = select(PostTermRow).where(PostTermRow.duty_id.in_(some))
        for held in db.session.scalars(posts):
            term = Term(held.since, held.until, post=held.post)
            found.setdefault(held.duty_id, []).append(term)
    return {
        duty_id: tuple(sorted(terms, key=lambda term: term.since))
        for duty_id, terms in found.items()
    }

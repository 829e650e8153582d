"""Whom a duty of a unit can be laid on: its posts with their holders, and its people."""

from dataclasses import dataclass
from datetime import date

from app.assign.ownership import Ground, Holding, Term, owner_on
from app.assign.standing import Seat
from app.org import queries as org
from app.org.party import POSTS

MOST_PEOPLE = 300  # of the units below; beyond, those of the unit itself are offered


@dataclass(frozen=True, slots=True)
class Choices:
    """Posts with the name of whoever answers for them (None: vacant), and people by name."""

    posts: tuple[tuple[str, str | None], ...]
    people: tuple[org.Person, ...]


def list_choices(unit_id: int, day: date) -> Choices:
    """Return whom a duty of a unit can be laid on."""
    held = [
        Holding(one.member_id, one.unit_id, one.post, one.since, one.until)
        for one in org.list_held_in([unit_id])
        if one.on(day)
    ]
    holders = org.list_persons(holding.member_id for holding in held)
    people = list(org.list_members(org.Scope(unit_id)))
    if len(people) > MOST_PEOPLE:
        people = [person for person in people if person.unit_id == unit_id]
    known = {person.id for person in people}
    people += [p for p in holders.values() if p.id not in known and p.state != "disabled"]
    absent = [person.id for person in holders.values() if person.state == "disabled"]
    posts = []
    for post in POSTS:
        ground = Ground((Term(day, None, post=post),), (Seat(unit_id, day, None),), tuple(held))
        owner = owner_on(ground, day, absent)
        posts.append((post, None if owner is None else holders[owner].name))
    return Choices(tuple(posts), tuple(people))

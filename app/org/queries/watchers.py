"""Who can see a person's data, and what others did to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.accounts import queries as accounts
from app.base.audit import Entry, list_entries
from app.base.db import db
from app.org.acts import mentioned_units
from app.org.queries.people import list_names_of, people
from app.org.queries.units import Unit, chain_of, list_names

SEEING = ("trainer", "auditor", "admin")


@dataclass(frozen=True)
class Watchers:
    """Those of one unit (None: of the whole site) who can see a person: role → names."""

    unit: Unit | None
    names: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Acts:
    """Acts that concern a person, the newest first, with the names they mention."""

    entries: Sequence[Entry]
    actors: dict[int, str]
    units: dict[int, str]
    more: bool


def list_watchers(member_id: int) -> tuple[Watchers, ...]:
    """Return who can see this person, their own unit first, then those above, then the site.

    Those who have been invited count: once they come in, they see. The disabled do not.
    """
    chain = chain_of(accounts.get_user(member_id).unit_id)[::-1]
    found = db.session.execute(
        select(people.unit_id, people.role, people.name)
        .where(
            people.role.in_(SEEING),
            people.state != "disabled",
            people.id != member_id,
            or_(
                people.unit_id.in_([unit.id for unit in chain]),
                people.unit_id.is_(None) & (people.role == "admin"),
            ),
        )
        .order_by(people.name)
    ).all()
    places = [*((unit, unit.id) for unit in chain), (None, None)]
    return tuple(
        Watchers(
            unit,
            {
                role: names
                for role in SEEING
                if (names := tuple(r.name for r in found if (r.unit_id, r.role) == (key, role)))
            },
        )
        for unit, key in places
    )


def list_acts(member_id: int, limit: int, offset: int = 0) -> Acts:
    """Return a page of what is on record about acts on a person."""
    entries = list_entries(member_id, limit + 1, offset)
    shown = entries[:limit]
    return Acts(
        entries=shown,
        actors=list_names_of(e.actor_id for e in shown if e.actor_id is not None),
        units=list_names(unit_id for e in shown for unit_id in mentioned_units(e)),
        more=len(entries) > limit,
    )

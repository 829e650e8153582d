"""Who is meant by units, posts, statuses and names, as people are on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from app.base.db import db
from app.org.models import PostRow
from app.org.models import Unit as UnitRow
from app.org.party import EXEMPT
from app.org.queries.people import SOURCE, STANDING, STATUS, Person, get_person, list_where, people
from app.org.queries.profiles import held_on
from app.org.queries.units import Scope, below, find_successor, get_reached_unit


def audience(
    units: Sequence[int] = (),
    posts: Sequence[str] = (),
    statuses: Sequence[str] = (),
    persons: Sequence[int] = (),
    *,
    scope: Scope,
    day: date,
    standings: Sequence[str] | None = None,
) -> frozenset[int]:
    """Return the ids of those meant, as they are on `day`, never outside the scope.

    Units (each with all below it; one merged into another means the other), posts, statuses and
    standings narrow each other down, an empty one asking for none in particular; persons named
    are added whoever they are. With nothing but persons, only they are meant. Raise NotFound when
    a named unit or person lies outside the scope. Disabled people are never meant.
    """
    check_reach(scope, units, persons)
    meant = _meant(units, posts, statuses, persons, scope, day, True, standings)
    return frozenset(db.session.scalars(select(people.id).select_from(SOURCE).where(meant)))


def list_audience(
    units: Sequence[int] = (),
    posts: Sequence[str] = (),
    statuses: Sequence[str] = (),
    persons: Sequence[int] = (),
    *,
    scope: Scope,
    day: date,
    with_below: bool = True,
) -> tuple[Person, ...]:
    """Return those meant as `audience` does, by unit and name; what lies outside is left out.

    Without those below, only the people of exactly these units are meant.
    """
    return list_where(_meant(units, posts, statuses, persons, scope, day, with_below, None))


def select_audience_ids(
    units: Sequence[int] = (),
    posts: Sequence[str] = (),
    statuses: Sequence[str] = (),
    persons: Sequence[int] = (),
    *,
    scope: Scope,
    day: date,
    with_below: bool = True,
    offered: int | None = None,
) -> Select[Any]:
    """Return a selection of the ids of those meant as `list_audience` does, the exempt left out.

    With `offered` only those of that unit and below.
    """
    meant = _meant(units, posts, statuses, persons, scope, day, with_below, None)
    if offered is not None:
        meant &= below(offered)
    return select(people.id).select_from(SOURCE).where(meant, STANDING != EXEMPT)


def check_reach(scope: Scope, units: Sequence[int], persons: Sequence[int]) -> None:
    """Raise NotFound when one of the units or persons lies outside the scope."""
    for unit_id in units:
        get_reached_unit(scope, unit_id)
    for person_id in persons:
        get_person(scope, person_id)


def _meant(
    units: Sequence[int],
    posts: Sequence[str],
    statuses: Sequence[str],
    persons: Sequence[int],
    scope: Scope,
    day: date,
    with_below: bool,
    standings: Sequence[str] | None,
) -> ColumnElement[bool]:
    """Return the condition that a person of `SOURCE` is meant."""
    inside: ColumnElement[bool] = true() if scope.unit_id is None else below(scope.unit_id)
    condition: ColumnElement[bool] = people.id.in_(persons)
    if units or posts or statuses or standings is not None or not persons:
        narrowed = [_in_units(units, with_below)]
        if posts:
            holders = select(PostRow.member_id).where(PostRow.post.in_(posts), held_on(day))
            narrowed.append(people.id.in_(holders))
        if statuses:
            narrowed.append(STATUS.in_(statuses))
        if standings is not None:
            narrowed.append(STANDING.in_(standings))
        condition = or_(condition, and_(*narrowed))
    return inside & condition & (people.state != "disabled")


def _in_units(units: Sequence[int], with_below: bool) -> ColumnElement[bool]:
    """Return the condition that a person belongs to one of the units; none asks for no unit."""
    if not units:
        return true()
    standing = {find_successor(unit_id) for unit_id in units}
    if with_below:
        return or_(*(below(unit_id) for unit_id in sorted(standing)))
    return UnitRow.id.in_(standing)  # whoever was in a merged unit is in this one now

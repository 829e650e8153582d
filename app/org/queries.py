"""Every read of units and of the people in them; frozen views only."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, false, func, or_, select, true

from app.accounts import queries as accounts
from app.base.db import db
from app.base.errors import NotFound
from app.org.models import Unit as UnitRow


@dataclass(frozen=True)
class Unit:
    """A unit and its place in the tree; `depth` is 0 for a root."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    path: str
    depth: int


@dataclass(frozen=True)
class Scope:
    """The people and units a trainer or administrator may deal with; no unit means everything."""

    unit_id: int | None


def scope_of(viewer: accounts.Viewer) -> Scope:
    """Return what `viewer` may deal with; raise NotFound for those who may deal with nobody."""
    if viewer.role not in ("trainer", "admin") or (
        viewer.role == "trainer" and viewer.unit_id is None
    ):
        raise NotFound(_("没有这个页面。"))
    return Scope(viewer.unit_id)


def find_unit(code: str) -> Unit | None:
    """Return the unit with this code, or None."""
    row = db.session.scalars(select(UnitRow).where(UnitRow.code == code)).first()
    return _unit(row) if row else None


def get_unit(unit_id: int) -> Unit:
    """Return the unit; raise NotFound."""
    row = db.session.get(UnitRow, unit_id)
    if row is None:
        raise NotFound(_("没有这个单位。"))
    return _unit(row)


def units_of(user_id: int) -> frozenset[int]:
    """Return the person's unit and every unit above it; empty for people of no unit."""
    people = accounts.listing
    path = db.session.scalar(
        select(UnitRow.path)
        .join(people, people.c.unit_id == UnitRow.id)
        .where(people.c.id == user_id)
    )
    return frozenset(int(step) for step in path.strip("/").split("/")) if path else frozenset()


def list_units(scope: Scope) -> tuple[Unit, ...]:
    """Return the units of a scope as a tree reads: parents first, branches by code."""
    if scope.unit_id is not None:
        return list_units_below(scope.unit_id)
    return _as_tree([_unit(row) for row in db.session.scalars(select(UnitRow))])


def list_units_below(unit_id: int) -> tuple[Unit, ...]:
    """Return the unit itself and all below it, parents first; empty when there is no such unit."""
    rows = db.session.scalars(select(UnitRow).where(_below(unit_id)))
    return _as_tree([_unit(row) for row in rows])


def is_within(unit_id: int | None, ancestor_id: int) -> bool:
    """Say whether the unit is `ancestor_id` or lies below it."""
    if unit_id is None:
        return False
    found = select(UnitRow.id).where(UnitRow.id == unit_id, _below(ancestor_id))
    return db.session.scalar(found) is not None


def reaches(scope: Scope, unit_id: int | None) -> bool:
    """Say whether a unit (None: of no unit) lies in the scope."""
    return scope.unit_id is None or is_within(unit_id, scope.unit_id)


def _below(unit_id: int) -> ColumnElement[bool]:
    path = db.session.scalar(select(UnitRow.path).where(UnitRow.id == unit_id))
    return UnitRow.path.startswith(path) if path else false()


def _unit(row: UnitRow) -> Unit:
    depth = row.path.count("/") - 2
    return Unit(row.id, row.code, row.name, row.kind, row.parent_id, row.path, depth)


def _as_tree(units: list[Unit]) -> tuple[Unit, ...]:
    codes = {unit.id: unit.code for unit in units}

    def place(unit: Unit) -> list[str]:
        return [codes.get(int(step), "") for step in unit.path.strip("/").split("/")]

    return tuple(sorted(units, key=place))


@dataclass(frozen=True)
class Person:
    """A person in a list: where they belong and whether they have come in."""

    id: int
    name: str
    phone: str | None
    role: str
    unit_id: int | None
    unit_name: str | None
    state: str  # "active", "invited" (no password yet) or "disabled"


def list_people(
    unit_id: int | None, text: str = "", limit: int | None = None, offset: int = 0
) -> tuple[Person, ...]:
    """Return the people of a unit and below (None: of everywhere), by unit and name."""
    rows = db.session.execute(
        select(accounts.listing, UnitRow.name.label("unit_name"))
        .select_from(accounts.listing.outerjoin(UnitRow, UnitRow.id == accounts.listing.c.unit_id))
        .where(_wanted(unit_id, text))
        .order_by(UnitRow.path, accounts.listing.c.name, accounts.listing.c.id)
        .limit(limit)
        .offset(offset)
    )
    return tuple(Person(**row._mapping) for row in rows)


def count_people(unit_id: int | None, text: str = "") -> int:
    """Return how many people `list_people` would return without a limit."""
    source = accounts.listing.outerjoin(UnitRow, UnitRow.id == accounts.listing.c.unit_id)
    found = select(func.count()).select_from(source).where(_wanted(unit_id, text))
    return db.session.scalar(found) or 0


def _wanted(unit_id: int | None, text: str) -> ColumnElement[bool]:
    inside = true() if unit_id is None else _below(unit_id)
    if not text:
        return inside
    people = accounts.listing.c
    return inside & or_(people.name.contains(text, autoescape=True), people.phone == text)


def select_people_ids(unit_id: int) -> Select[Any]:
    """Return a selection of the ids of all people of a unit and below, to be used in another."""
    units = select(UnitRow.id).where(_below(unit_id))
    return select(accounts.listing.c.id).where(accounts.listing.c.unit_id.in_(units))


def get_person(scope: Scope, user_id: int) -> accounts.Account:
    """Return a person of the scope; raise NotFound when there is none or they are elsewhere."""
    person = accounts.get_user(user_id)
    if not reaches(scope, person.unit_id):
        raise NotFound(_("没有这个人。"))
    return person


def may_renew(viewer: accounts.Viewer, person: accounts.Account) -> bool:
    """Say whether `viewer` may hand out a link that sets this person's password anew.

    Whoever holds the link becomes that person, so trainers may not do it for their peers.
    """
    if person.disabled or person.id == viewer.id:
        return False
    return viewer.role == "admin" or person.role == "member" or not person.has_password


def find_unit_named(text: str, units: tuple[Unit, ...]) -> Unit | None:
    """Return the only one of `units` whose code or name is `text`, or None."""
    by_code = [unit for unit in units if unit.code == text]
    named = by_code or [unit for unit in units if unit.name == text]
    return named[0] if len(named) == 1 else None

"""Reads of the tree of units, and how far a person's reach in it goes."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false, select

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
    closed: bool = False
    merged_into_id: int | None = None
    closed_at: int | None = None


@dataclass(frozen=True)
class Scope:
    """The people and units somebody may deal with; no unit means everything."""

    unit_id: int | None


def scope_of(viewer: accounts.Viewer) -> Scope:
    """Return whom `viewer` may see; raise NotFound for those who may see nobody."""
    if viewer.role == "admin":
        return Scope(viewer.unit_id)
    if viewer.role not in ("trainer", "auditor") or viewer.unit_id is None:
        raise NotFound(_("没有这个页面。"))
    return Scope(viewer.unit_id)


def may_change(viewer: accounts.Viewer) -> bool:
    """Say whether `viewer` may change what they see, and not only read it."""
    return viewer.role in ("trainer", "admin")


def scope_to_change(viewer: accounts.Viewer) -> Scope:
    """Return whom `viewer` may change; raise NotFound for those who only read, or do not even."""
    if not may_change(viewer):
        raise NotFound(_("没有这个页面。"))
    return scope_of(viewer)


def find_unit(code: str) -> Unit | None:
    """Return the unit with this code, closed or not, or None."""
    row = db.session.scalars(select(UnitRow).where(UnitRow.code == code)).first()
    return unit_view(row) if row else None


def get_unit(unit_id: int) -> Unit:
    """Return the unit, closed or not; raise NotFound."""
    row = db.session.get(UnitRow, unit_id)
    if row is None:
        raise NotFound(_("没有这个单位。"))
    return unit_view(row)


def get_reached_unit(scope: Scope, unit_id: int) -> Unit:
    """Return a unit of the scope; raise NotFound when there is none or it lies elsewhere."""
    unit = get_unit(unit_id)
    if not reaches(scope, unit_id):
        raise NotFound(_("没有这个单位。"))
    return unit


def list_units(scope: Scope) -> tuple[Unit, ...]:
    """Return the open units of a scope as a tree reads: parents first, branches by code."""
    if scope.unit_id is not None:
        return list_units_below(scope.unit_id)
    return _list_open()


def list_units_below(unit_id: int) -> tuple[Unit, ...]:
    """Return the unit and all open ones below it, parents first; empty when there is no such."""
    return _list_open(below(unit_id))


def list_closed(scope: Scope) -> tuple[Unit, ...]:
    """Return the closed units of a scope by code: what was merged or given up."""
    inside = below(scope.unit_id) if scope.unit_id is not None else UnitRow.id > 0
    found = select(UnitRow).where(UnitRow.closed_at.is_not(None), inside).order_by(UnitRow.code)
    return tuple(unit_view(row) for row in db.session.scalars(found))


def chain_of(unit_id: int | None) -> tuple[Unit, ...]:
    """Return the unit and all above it, the root first; empty for no unit."""
    path = db.session.scalar(select(UnitRow.path).where(UnitRow.id == unit_id))
    rows = db.session.scalars(select(UnitRow).where(UnitRow.id.in_(ids_on(path) if path else [])))
    return tuple(sorted((unit_view(row) for row in rows), key=lambda unit: unit.depth))


def units_of(user_id: int) -> frozenset[int]:
    """Return the person's unit, every unit above it, and what was merged into any of these.

    It is empty for people of no unit.
    """
    people = accounts.listing.c
    of_person = select(UnitRow.path).join(accounts.listing, people.unit_id == UnitRow.id)
    path = db.session.scalar(of_person.where(people.id == user_id))
    own = ids_on(path) if path else []
    return frozenset((*own, *(unit.id for unit in list_merged(own))))


def list_merged(unit_ids: Iterable[int]) -> tuple[Unit, ...]:
    """Return the units that were merged into one of these, however often, by code."""
    into = list(unit_ids)
    merged = select(UnitRow.id).where(UnitRow.merged_into_id.in_(into)).cte(recursive=True)
    merged = merged.union(select(UnitRow.id).where(UnitRow.merged_into_id == merged.c.id))
    found = select(UnitRow).where(UnitRow.id.in_(select(merged.c.id))).order_by(UnitRow.code)
    return tuple(unit_view(row) for row in db.session.scalars(found)) if into else ()


def list_names(unit_ids: Iterable[int]) -> dict[int, str]:
    """Return unit id → name, closed units too."""
    wanted = select(UnitRow.id, UnitRow.name).where(UnitRow.id.in_(set(unit_ids)))
    return {row.id: row.name for row in db.session.execute(wanted)}


def find_successor(unit_id: int) -> int:
    """Return the unit that took over from a merged one, however often; else the unit itself."""
    while True:
        after = db.session.scalar(select(UnitRow.merged_into_id).where(UnitRow.id == unit_id))
        if after is None:
            return unit_id
        unit_id = after


def is_within(unit_id: int | None, ancestor_id: int) -> bool:
    """Say whether the unit is `ancestor_id` or lies below it."""
    if unit_id is None:
        return False
    found = select(UnitRow.id).where(UnitRow.id == unit_id, below(ancestor_id))
    return db.session.scalar(found) is not None


def reaches(scope: Scope, unit_id: int | None) -> bool:
    """Say whether a unit (None: of no unit) lies in the scope."""
    return scope.unit_id is None or is_within(unit_id, scope.unit_id)


def find_unit_named(text: str, units: tuple[Unit, ...]) -> Unit | None:
    """Return the only one of `units` whose code or name is `text`, or None."""
    by_code = [unit for unit in units if unit.code == text]
    named = by_code or [unit for unit in units if unit.name == text]
    return named[0] if len(named) == 1 else None


def below(unit_id: int) -> ColumnElement[bool]:
    """Return the condition that a unit is this one or lies below it; never true for none."""
    path = db.session.scalar(select(UnitRow.path).where(UnitRow.id == unit_id))
    return UnitRow.path.startswith(path) if path else false()


def ids_on(path: str) -> list[int]:
    """Return the ids of a path, the root's first."""
    return [int(step) for step in path.strip("/").split("/")]


def unit_view(row: UnitRow) -> Unit:
    """Return the frozen view of a row."""
    return Unit(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent_id=row.parent_id,
        path=row.path,
        depth=row.path.count("/") - 2,
        closed=row.closed_at is not None,
        merged_into_id=row.merged_into_id,
        closed_at=row.closed_at,
    )


def _list_open(*conditions: ColumnElement[bool]) -> tuple[Unit, ...]:
    found = select(UnitRow).where(UnitRow.closed_at.is_(None), *conditions)
    return _as_tree([unit_view(row) for row in db.session.scalars(found)])


def _as_tree(units: list[Unit]) -> tuple[Unit, ...]:
    codes = {unit.id: unit.code for unit in units}

    def place(unit: Unit) -> list[str]:
        return [codes.get(one, "") for one in ids_on(unit.path)]

    return tuple(sorted(units, key=place))

"""Reads of collective study: gatherings, who was there, hours beside what is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, select

from app.accounts.queries import Viewer
from app.assign.hours import DEFAULTS, Target, target_of
from app.assign.models.hours import (
    AttendanceRow,
    GatheringRow,
    GatheringVersionRow,
    TargetRow,
)
from app.assign.queries.standing import load_standing, reaches
from app.base.db import db
from app.base.errors import NotFound
from app.org import queries as org

COUNTS = and_(
    GatheringVersionRow.gathering_id == GatheringRow.id,
    GatheringVersionRow.version == GatheringRow.version,
)


@dataclass(frozen=True, slots=True)
class Gathering:
    """An occasion of collective study as one version records it."""

    id: str
    unit_id: int
    unit_name: str
    version: int
    day: date
    subject: str
    hours: float
    evidence: str
    reason: str
    cancelled: bool
    by: str | None
    present: int


@dataclass(frozen=True, slots=True)
class Own:
    """A gathering that counts for a person, and what was recorded of them before corrections."""

    gathering: Gathering
    before: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A person's hours of a year beside what is asked of them (None: nothing)."""

    person: org.Person
    hours: float
    target: Target | None

    @property
    def lacking(self) -> float:
        """How many hours are missing."""
        return max(0.0, self.target.hours - self.hours) if self.target else 0.0


def list_gatherings(scope: org.Scope, year: int) -> tuple[Gathering, ...]:
    """Return the gatherings of a scope in a year, the latest first."""
    units = load_standing().seen_to_within(scope.unit_id)
    return _read(
        and_(COUNTS, GatheringRow.unit_id.in_(units), in_year(GatheringVersionRow.day, year))
    )


def get_gathering(viewer: Viewer, gathering_id: str) -> tuple[Gathering, ...]:
    """Return the versions of a gathering within reach, the one that counts first; or NotFound."""
    row = db.session.get(GatheringRow, gathering_id)
    if row is None or not reaches(load_standing(), org.scope_of(viewer), row.unit_id):
        raise NotFound(_("没有这次集体学习。"))
    own = GatheringVersionRow.gathering_id == gathering_id
    found = _read(and_(GatheringRow.id == gathering_id, own))
    return tuple(sorted(found, key=lambda one: -one.version))


def list_present(gathering_id: str, version: int) -> tuple[org.Person, ...]:
    """Return who was there as a version says, by name; whoever was erased is left out."""
    own = select(AttendanceRow.member_id).where(
        AttendanceRow.gathering_id == gathering_id, AttendanceRow.version == version
    )
    found = org.list_persons(db.session.scalars(own))
    return tuple(sorted(found.values(), key=lambda person: person.name))


def list_roster(unit_id: int, there: Iterable[org.Person]) -> tuple[org.Person, ...]:
    """Return who may have been at a gathering of a unit: its people, and who was recorded."""
    home_id = load_standing().now(unit_id)
    people = org.list_members(org.Scope(home_id)) if home_id is not None else ()
    known = {person.id for person in people}
    return (*people, *(person for person in there if person.id not in known))


def list_own_hours(member_id: int, year: int) -> tuple[Own, ...]:
    """Return the gatherings of a year that a person was at, by any version, the latest first.

    Where the version that counts says they were not there, or that it was cancelled, it is shown
    with no hours.
    """
    mine = select(AttendanceRow).where(
        AttendanceRow.member_id == member_id, in_year(AttendanceRow.day, year)
    )
    recorded: dict[str, dict[int, float]] = {}
    for row in db.session.scalars(mine.order_by(AttendanceRow.version)):
        recorded.setdefault(row.gathering_id, {})[row.version] = row.hours
    versions = _read(
        and_(GatheringRow.id == GatheringVersionRow.gathering_id, GatheringRow.id.in_(recorded))
    )
    newest: dict[str, Gathering] = {}
    for one in versions:
        if one.id not in newest or one.version > newest[one.id].version:
            newest[one.id] = one
    found = [_own(one, recorded[one.id], versions) for one in newest.values()]
    return tuple(sorted(found, key=lambda own: own.gathering.day, reverse=True))


def sum_hours(member_ids: Iterable[int], year: int) -> dict[int, float]:
    """Return member → hours that count in a year; who has none is left out."""
    query = (
        select(AttendanceRow.member_id, func.sum(AttendanceRow.hours))
        .join(
            GatheringRow,
            and_(
                GatheringRow.id == AttendanceRow.gathering_id,
                GatheringRow.version == AttendanceRow.version,
            ),
        )
        .where(AttendanceRow.member_id.in_(set(member_ids)), in_year(AttendanceRow.day, year))
        .group_by(AttendanceRow.member_id)
    )
    return {row[0]: float(row[1]) for row in db.session.execute(query)}


def list_totals(unit_id: int, year: int, today: date) -> tuple[Total, ...]:
    """Return the hours of everybody of a unit and below, by unit and name."""
    people = org.list_members(org.Scope(unit_id))
    hours = sum_hours((person.id for person in people), year)
    posts, cache = _posts_in(unit_id, today), dict[int | None, Mapping[str, Target]]()
    found = []
    for person in people:
        if person.unit_id not in cache:
            cache[person.unit_id] = list_targets(person.unit_id)
        asked = posts.get(person.id, ())
        target = target_of(person.status, asked, person.standing, cache[person.unit_id])
        found.append(Total(person, hours.get(person.id, 0.0), target))
    return tuple(found)


def get_total(member_id: int, year: int, today: date) -> Total:
    """Return a person's hours of a year beside what is asked of them."""
    person = org.list_persons([member_id]).get(member_id)
    if person is None:
        raise NotFound(_("没有这个人。"))
    posts = [held.post for held in org.list_posts(member_id) if held.on(today)]
    target = target_of(person.status, posts, person.standing, list_targets(person.unit_id))
    return Total(person, sum_hours([member_id], year).get(member_id, 0.0), target)


def list_targets(unit_id: int | None) -> Mapping[str, Target]:
    """Return status or post → what is asked of it in a unit: its own, else the nearest above."""
    chain = load_standing().chain(unit_id)
    rows = db.session.scalars(select(TargetRow).where(TargetRow.unit_id.in_(chain))).all()
    place = {one: number for number, one in enumerate(chain)}
    found = dict(DEFAULTS)
    for row in sorted(rows, key=lambda row: -place[row.unit_id]):
        found[row.applies_to] = Target(row.hours, row.source)
    return found


def list_set_here(unit_id: int) -> frozenset[str]:
    """Return for which statuses and posts a unit has set its own target."""
    own = select(TargetRow.applies_to).where(TargetRow.unit_id == unit_id)
    return frozenset(db.session.scalars(own))


def in_year(column: object, year: int) -> ColumnElement[bool]:
    """Return the condition that a day lies in a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return column.between(first, last)  # type: ignore[attr-defined, no-any-return]


def _posts_in(unit_id: int, day: date) -> dict[int, tuple[str, ...]]:
    """Return member → the posts they hold in a unit, below it or above it."""
    units = {unit.id for unit in org.list_units_below(unit_id)}
    units |= {unit.id for unit in org.chain_of(unit_id)}
    held: dict[int, tuple[str, ...]] = {}
    for one in org.list_held_in(units):
        if one.on(day):
            held[one.member_id] = (*held.get(one.member_id, ()), one.post)
    return held


def _own(newest: Gathering, mine: dict[int, float], versions: tuple[Gathering, ...]) -> Own:
    counted = mine.get(newest.version, 0.0)
    reasons = {one.version: one.reason for one in versions if one.id == newest.id}
    before = tuple(
        (hours, reasons.get(version + 1, ""))
        for version, hours in sorted(mine.items())
        if version < newest.version
    )
    shown = Gathering(**{n: getattr(newest, n) for n in Gathering.__slots__} | {"hours": counted})
    return Own(shown, before)


def _read(wanted: ColumnElement[bool]) -> tuple[Gathering, ...]:
    rows = db.session.execute(
        select(GatheringRow.unit_id, GatheringVersionRow)
        .join(GatheringRow, GatheringRow.id == GatheringVersionRow.gathering_id)
        .where(wanted)
        .order_by(GatheringVersionRow.day.desc(), GatheringRow.id, GatheringVersionRow.version)
    ).all()
    if not rows:
        return ()
    names = org.list_names(unit_id for unit_id, _row in rows)
    people = org.list_names_of(row.given_by for _u, row in rows if row.given_by is not None)
    ids = {row.gathering_id for _unit_id, row in rows}
    counted = db.session.execute(
        select(AttendanceRow.gathering_id, AttendanceRow.version, func.count())
        .where(AttendanceRow.gathering_id.in_(ids))
        .group_by(AttendanceRow.gathering_id, AttendanceRow.version)
    )
    present = {(row[0], row[1]): row[2] for row in counted}
    return tuple(
        Gathering(
            id=row.gathering_id,
            unit_id=unit_id,
            unit_name=names[unit_id],
            version=row.version,
            day=row.day,
            subject=row.subject,
            hours=row.hours,
            evidence=row.evidence,
            reason=row.reason,
            cancelled=row.cancelled,
            by=people.get(row.given_by or 0),
            present=present.get((row.gathering_id, row.version), 0),
        )
        for unit_id, row in rows
    )

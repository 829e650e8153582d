"""Reads of duties: lists of units and of one person, one duty with its history, what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, false, or_, select

from app.accounts.queries import Viewer
from app.assign.audience import Audience, decode
from app.assign.models.duties import DutyNoteRow, DutyRow, PersonTermRow, PostTermRow
from app.assign.ownership import Span, spans
from app.assign.progress import OPEN, progress_of
from app.assign.queries.bearers import DISABLED, Bearer, Bearers
from app.assign.queries.standing import load_standing, reaches
from app.assign.standing import Standing
from app.base.db import db
from app.base.errors import NotFound
from app.base.sql import Statement
from app.org import queries as org

READERS = ("trainer", "auditor", "admin")


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty as it is on a day.

    `unit_id` is the unit it was made for, `home_id` the one that sees to it today (None: no unit
    does any more). `behind` says that the link above has changed since it was copied.
    """

    id: int
    unit_id: int
    unit_name: str
    home_id: int | None
    home_name: str | None
    plan_id: int | None
    source_id: int | None
    lineage_id: int
    behind: bool
    version: int
    title: str
    measure: str
    audience: Audience
    starts_on: date
    due_on: date
    settled_on: date | None
    progress: str
    bearer: Bearer

    @property
    def is_open(self) -> bool:
        """Whether it still has to be done."""
        return self.progress in ("open", "soon", "late")

    @property
    def owned(self) -> bool:
        """Whether a named person of the unit is answerable."""
        return self.bearer.member_id is not None and not self.bearer.trouble

    @property
    def inherited(self) -> bool:
        """Whether it was made for a unit that another one took over from."""
        return self.home_id != self.unit_id


@dataclass(frozen=True, slots=True)
class Due:
    """What becomes due: its title and day, the person answerable (None: nobody), the unit."""

    duty_id: int
    title: str
    due_on: date
    member_id: int | None
    name: str | None
    unit_id: int
    unit_name: str


@dataclass(frozen=True, slots=True)
class Note:
    """A step in the life of a duty: what happened, by whom, with what words."""

    kind: str
    day: date
    text: str
    gathering_id: str | None
    assignment_id: int | None
    by: str | None


def list_duties(
    day: date, unit_ids: Collection[int], plan_id: int | None = None, plans: bool | None = None
) -> tuple[Duty, ...]:
    """Return the duties made for these units, by due day.

    `plan_id` asks for one plan's items; `plans` False leaves items of plans out, True all others.
    """
    wanted: ColumnElement[bool] = DutyRow.unit_id.in_(unit_ids)
    if plan_id is not None:
        wanted &= DutyRow.plan_id == plan_id
    if plans is not None:
        wanted &= DutyRow.plan_id.is_not(None) if plans else DutyRow.plan_id.is_(None)
    return read_duties(wanted, day)


def read_duties(
    wanted: ColumnElement[bool], day: date, standing: Standing | None = None
) -> tuple[Duty, ...]:
    """Return the duties that fulfil a condition, by due day."""
    found = select(DutyRow).where(wanted).order_by(DutyRow.due_on, DutyRow.id)
    rows = db.session.scalars(found).all()
    if not rows:
        return ()
    standing = standing or load_standing()
    bearers = Bearers(rows, standing)
    homes = {row.unit_id: standing.now(row.unit_id) for row in rows}
    names = org.list_names({*homes, *(home for home in homes.values() if home is not None)})
    above = {row.source_id for row in rows if row.source_id is not None}
    newest = _versions(above)
    return tuple(
        _view(row, day, homes[row.unit_id], names, newest, bearers.bearer(row, day)) for row in rows
    )


def get_duty(duty_id: int, day: date) -> Duty:
    """Return a duty; raise NotFound. Whoever shows it asks `may_see` first."""
    found = read_duties(DutyRow.id == duty_id, day)
    if not found:
        raise NotFound(_("没有这项责任。"))
    return found[0]


def get_seen_duty(viewer: Viewer, duty_id: int, day: date) -> Duty:
    """Return a duty of the viewer's reach, or one that is or was theirs; raise NotFound."""
    duty = get_duty(duty_id, day)
    if not (
        may_watch(viewer, duty) or viewer.id in {s.member_id for s in list_spans(duty_id, day)}
    ):
        raise NotFound(_("没有这项责任。"))
    return duty


def get_own_duty(viewer: Viewer, duty_id: int, day: date) -> Duty:
    """Return a duty that the viewer may change; raise NotFound."""
    duty = get_duty(duty_id, day)
    if not reaches(load_standing(), org.scope_to_change(viewer), duty.unit_id):
        raise NotFound(_("没有这项责任。"))
    return duty


def get_duty_to_settle(viewer: Viewer, duty_id: int, day: date) -> Duty:
    """Return a duty that the viewer answers for, or may change; raise NotFound."""
    duty = get_duty(duty_id, day)
    return duty if duty.bearer.member_id == viewer.id else get_own_duty(viewer, duty_id, day)


def may_watch(viewer: Viewer, duty: Duty) -> bool:
    """Say whether a duty lies within the reach of somebody who looks after people."""
    if viewer.role not in READERS or (viewer.role != "admin" and viewer.unit_id is None):
        return False
    return reaches(load_standing(), org.scope_of(viewer), duty.unit_id)


def list_spans(duty_id: int, day: date) -> tuple[Span, ...]:
    """Return who was answerable for a duty up to and with `day`, in time order."""
    row = db.session.get(DutyRow, duty_id)
    if row is None:
        raise NotFound(_("没有这项责任。"))
    return spans(Bearers([row], load_standing()).ground(row), day + timedelta(days=1))


def list_notes(duty_id: int) -> tuple[Note, ...]:
    """Return the steps of a duty, the latest first."""
    found = select(DutyNoteRow).where(DutyNoteRow.duty_id == duty_id)
    rows = db.session.scalars(found.order_by(DutyNoteRow.number.desc())).all()
    names = org.list_names_of(row.given_by for row in rows if row.given_by is not None)
    return tuple(
        Note(
            row.kind,
            row.day,
            row.text,
            row.gathering_id,
            row.assignment_id,
            names.get(row.given_by or 0),
        )
        for row in rows
    )


_OF_NAMED = "SELECT 1 FROM assign_person_term WHERE member_id = :member"
_NAMED = Statement(f"{_OF_NAMED} LIMIT 1")
BEARING = f"({org.POSTED} OR EXISTS ({_OF_NAMED}))"  # whether any duty may lie on a person


def list_own(member_id: int, day: date, closed_since: date | None = None) -> tuple[Duty, ...]:
    """Return the duties a person is answerable for on `day`, those that are open by due day.

    With `closed_since` also those settled since that day.
    """
    state: ColumnElement[bool] = DutyRow.state == OPEN
    if closed_since is not None:
        state = or_(state, and_(DutyRow.state == "done", DutyRow.settled_on >= closed_since))
    found = read_duties(state & _may_lie_on(member_id, day), day)
    return tuple(duty for duty in found if duty.bearer.member_id == member_id)


def list_pressing(member_id: int, day: date) -> tuple[Duty, ...]:
    """Return the open duties of a person that are late or due within SOON_DAYS."""
    if not org.has_posts(member_id) and _NAMED.one(member=member_id) is None:
        return ()  # nothing can lie on them; most people, and each of their visits asks
    return tuple(duty for duty in list_own(member_id, day) if duty.progress in ("late", "soon"))


def list_due_duties(
    since: date,
    until: date,
    day: date,
    *,
    unit_ids: Collection[int] | None = None,
    member_id: int | None = None,
    plans: bool = False,
) -> tuple[Due, ...]:
    """Return what is open and due from `since` to the day before `until`, by due day.

    Given are the units that see to it today, or the person who is answerable on `day`. Items of
    plans are left out, unless `plans` asks for nothing else.
    """
    wanted: ColumnElement[bool] = and_(
        DutyRow.state == OPEN, DutyRow.due_on >= since, DutyRow.due_on < until
    )
    wanted &= DutyRow.plan_id.is_not(None) if plans else DutyRow.plan_id.is_(None)
    standing = load_standing()
    if member_id is not None:
        wanted &= _may_lie_on(member_id, day)
    elif unit_ids is not None:
        wanted &= DutyRow.unit_id.in_({u for one in unit_ids for u in standing.taken_over(one)})
    found = read_duties(wanted, day, standing)
    return tuple(
        _due(duty) for duty in found if member_id is None or duty.bearer.member_id == member_id
    )


def _due(duty: Duty) -> Due:
    unit = (duty.home_id or duty.unit_id, duty.home_name or duty.unit_name)
    able = duty.bearer.trouble != DISABLED
    who = (duty.bearer.member_id, duty.bearer.name) if able else (None, None)
    return Due(duty.id, duty.title, duty.due_on, *who, *unit)


def _may_lie_on(member_id: int, day: date) -> ColumnElement[bool]:
    """Return a condition that all duties of a person fulfil, and few others."""
    named = select(PersonTermRow.duty_id).where(PersonTermRow.member_id == member_id)
    condition: ColumnElement[bool] = DutyRow.id.in_(named)
    held = [one for one in org.list_posts(member_id) if one.on(day)]
    if not held:
        return condition
    standing = load_standing()
    for one in held:
        on_post = select(PostTermRow.duty_id).where(PostTermRow.post == one.post)
        units = standing.taken_over(one.unit_id)
        condition |= DutyRow.unit_id.in_(units) & DutyRow.id.in_(on_post) if units else false()
    return condition


def _versions(duty_ids: Collection[int]) -> dict[int, int]:
    """Return duty → version."""
    if not duty_ids:
        return {}
    found = select(DutyRow.id, DutyRow.version).where(DutyRow.id.in_(duty_ids))
    return {row.id: row.version for row in db.session.execute(found)}


def _view(
    row: DutyRow,
    day: date,
    home_id: int | None,
    names: dict[int, str],
    newest: dict[int, int],
    bearer: Bearer,
) -> Duty:
    return Duty(
        id=row.id,
        unit_id=row.unit_id,
        unit_name=names[row.unit_id],
        home_id=home_id,
        home_name=None if home_id is None else names[home_id],
        plan_id=row.plan_id,
        source_id=row.source_id,
        lineage_id=row.lineage_id or row.id,
        behind=newest.get(row.source_id or 0, row.source_seen) > row.source_seen,
        version=row.version,
        title=row.title,
        measure=row.measure,
        audience=decode(row.audience),
        starts_on=row.starts_on,
        due_on=row.due_on,
        settled_on=row.settled_on,
        progress=progress_of(row.state, row.due_on, row.settled_on, day),
        bearer=bearer,
    )

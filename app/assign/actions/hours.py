"""Writes about collective study: recorded once, corrected as a further version, targets set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.assign.actions.steps import check_unit, reach_of
from app.assign.hours import (
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    MOST_A_DAY,
    check_attendance,
    check_day,
    check_hours,
    check_target,
)
from app.assign.models.hours import (
    AttendanceRow,
    GatheringRow,
    GatheringVersionRow,
    TargetRow,
)
from app.assign.queries.standing import load_standing, reaches
from app.assign.wording import check_reason
from app.base.audit import Act, record, record_all
from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import is_id
from app.org import queries as org
from app.org.party import POSTS, STATUSES


@dataclass(frozen=True, slots=True)
class Told:
    """What is recorded of a gathering: day, subject, hours, evidence, and who was there."""

    day: date
    subject: str
    hours: float
    evidence: str
    present: tuple[int, ...]


def record_gathering(
    by: Viewer, gathering_id: str, unit_id: int, told: Told, now: datetime
) -> None:
    """Record an occasion of collective study of a unit; the same id again changes nothing."""
    told = _checked(told, study_day(now))
    if not is_id(gathering_id):
        raise Invalid(_("这一页不完整，请重新打开再填。"))
    with transaction() as session:
        check_unit(by, unit_id)
        if session.get(GatheringRow, gathering_id) is not None:
            return
        roster = {person.id for person in org.list_members(org.Scope(unit_id))}
        check_attendance(told.present, roster)
        _refuse_twice(session, unit_id, told, gathering_id)
        _refuse_long_day(session, told, gathering_id)
        session.add(GatheringRow(id=gathering_id, unit_id=unit_id, version=1))
        session.flush()
        _add_version(session, by, gathering_id, 1, told, "", now)
        details = {"subject": told.subject, "day": str(told.day), "hours": told.hours}
        subject = f"gathering:{gathering_id}"
        acts = [Act("assign.record_hours", subject, one, details) for one in told.present]
        record_all(session, now, by.id, acts)


def correct_gathering(
    by: Viewer,
    gathering_id: str,
    version: int,
    told: Told | None,
    reason: str,
    now: datetime,
) -> None:
    """Record a gathering anew, with the reason; nothing told means that it counts no more.

    Raise Stale when `version` is not the one that counts. Everybody whose hours change can read
    of it.
    """
    reason = check_reason(reason)
    told = None if told is None else _checked(told, study_day(now))
    with transaction() as session:
        row = session.get(GatheringRow, gathering_id, with_for_update=True, populate_existing=True)
        if row is None or not reaches(load_standing(), reach_of(by), row.unit_id):
            raise NotFound(_("没有这次集体学习。"))
        if row.version != version:
            raise Stale(_("这次学习的登记刚刚被别人改过，没有保存。请返回、刷新后再改。"))
        before = _hours_of(session, gathering_id, version)
        if told is not None:
            home_id = load_standing().now(row.unit_id)
            people = org.list_members(org.Scope(home_id)) if home_id is not None else ()
            check_attendance(told.present, {person.id for person in people} | set(before))
            _refuse_twice(session, row.unit_id, told, gathering_id)
            _refuse_long_day(session, told, gathering_id)
        _add_version(session, by, gathering_id, version + 1, told, reason, now)
        row.version = version + 1
        after = _hours_of(session, gathering_id, version + 1)
        record_all(session, now, by.id, _changes(gathering_id, before, after))


def set_target(
    by: Viewer, unit_id: int, applies_to: str, hours: float, source: str, now: datetime
) -> None:
    """Set what a unit and those below it ask of a status or post, with where that comes from."""
    check_target(hours, source)
    with transaction() as session:
        check_unit(by, unit_id)
        _check_applies(applies_to)
        session.merge(
            TargetRow(
                unit_id=unit_id,
                applies_to=applies_to,
                hours=hours,
                source=source.strip(),
                given_by=by.id,
                given_at=epoch(now),
            )
        )
        details = {"unit": unit_id, "applies_to": applies_to, "hours": hours}
        record(session, now, by.id, "assign.set_target", f"unit:{unit_id}", details=details)


def drop_target(by: Viewer, unit_id: int, applies_to: str, now: datetime) -> None:
    """Let a unit ask again what the one above it asks."""
    with transaction() as session:
        check_unit(by, unit_id)
        _check_applies(applies_to)
        own = (TargetRow.unit_id == unit_id) & (TargetRow.applies_to == applies_to)
        session.execute(delete(TargetRow).where(own))
        details = {"unit": unit_id, "applies_to": applies_to}
        record(session, now, by.id, "assign.drop_target", f"unit:{unit_id}", details=details)


def _checked(told: Told, today: date) -> Told:
    check_day(told.day, today)
    check_hours(told.hours)
    subject, evidence = told.subject.strip(), told.evidence.strip()
    if not 1 <= len(subject) <= LONGEST_SUBJECT:
        message = _("请写明学习内容，最多 %(n)s 个字。", n=LONGEST_SUBJECT)
        raise Invalid(message, subject=message)
    if not 1 <= len(evidence) <= LONGEST_TEXT:
        message = _(
            "请写明依据（会议记录、签到表、照片存在哪里），最多 %(n)s 个字。", n=LONGEST_TEXT
        )
        raise Invalid(message, evidence=message)
    return Told(told.day, subject, told.hours, evidence, told.present)


def _check_applies(applies_to: str) -> None:
    if applies_to not in (*STATUSES, *POSTS):
        raise NotFound(_("没有这种人员类别或职务。"))


def _refuse_twice(session: Session, unit_id: int, told: Told, gathering_id: str) -> None:
    """Raise Invalid when the same subject is already recorded for the unit and day."""
    same = (
        select(GatheringRow.id)
        .join(GatheringVersionRow, GatheringVersionRow.gathering_id == GatheringRow.id)
        .where(
            GatheringVersionRow.version == GatheringRow.version,
            GatheringRow.unit_id == unit_id,
            GatheringRow.id != gathering_id,
            GatheringVersionRow.day == told.day,
            GatheringVersionRow.subject == told.subject,
            GatheringVersionRow.cancelled.is_(False),
        )
    )
    if session.scalar(same.limit(1)) is not None:
        message = _("这一天的同一内容已经登记过了。要改就更正那一条。")
        raise Invalid(message, subject=message)


def _refuse_long_day(session: Session, told: Told, gathering_id: str) -> None:
    """Raise Invalid, naming them, when people would have studied absurdly long on one day."""
    others = (
        select(AttendanceRow.member_id)
        .join(GatheringRow, GatheringRow.id == AttendanceRow.gathering_id)
        .where(
            AttendanceRow.version == GatheringRow.version,
            AttendanceRow.member_id.in_(told.present),
            AttendanceRow.day == told.day,
            AttendanceRow.gathering_id != gathering_id,
        )
        .group_by(AttendanceRow.member_id)
        .having(func.sum(AttendanceRow.hours) + told.hours > MOST_A_DAY)
    )
    names = org.list_names_of(session.scalars(others).all())
    if names:
        message = _(
            "%(names)s这一天的学时会超过 %(most)g，请核对。",
            names="、".join(list(names.values())[:5]),
            most=MOST_A_DAY,
        )
        raise Invalid(message, hours=message)


def _add_version(
    session: Session,
    by: Viewer,
    gathering_id: str,
    version: int,
    told: Told | None,
    reason: str,
    now: datetime,
) -> None:
    if told is None:
        last = session.get_one(GatheringVersionRow, (gathering_id, version - 1))
        told = Told(last.day, last.subject, last.hours, last.evidence, ())
    session.add(
        GatheringVersionRow(
            gathering_id=gathering_id,
            version=version,
            day=told.day,
            subject=told.subject,
            hours=told.hours,
            evidence=told.evidence,
            reason=reason,
            cancelled=not told.present,
            given_by=by.id,
            given_at=epoch(now),
        )
    )
    session.add_all(
        AttendanceRow(
            member_id=one,
            gathering_id=gathering_id,
            version=version,
            day=told.day,
            hours=told.hours,
        )
        for one in told.present
    )
    session.flush()


def _hours_of(session: Session, gathering_id: str, version: int) -> dict[int, tuple[date, float]]:
    """Return member → day and hours, as a version says."""
    own = select(AttendanceRow).where(
        AttendanceRow.gathering_id == gathering_id, AttendanceRow.version == version
    )
    return {row.member_id: (row.day, row.hours) for row in session.scalars(own)}


def _changes(
    gathering_id: str,
    before: dict[int, tuple[date, float]],
    after: dict[int, tuple[date, float]],
) -> Iterable[Act]:
    """Yield an act for everybody whose hours change."""
    for member_id in sorted({*before, *after}):
        old, new = before.get(member_id), after.get(member_id)
        if old != new:
            hours = [old[1] if old else 0, new[1] if new else 0]
            details = {"hours": hours}
            yield Act("assign.correct_hours", f"gathering:{gathering_id}", member_id, details)

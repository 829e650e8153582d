"""Hours and duties as assessment reads them: of a period, as they were recorded by a moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.assign.models.hours import AttendanceRow, GatheringVersionRow
from app.assign.queries.responsibility import list_responsibility
from app.base.db import db


@dataclass(frozen=True, slots=True)
class DutyDue:
    """A duty that fell due while a person was answerable, and whether it was done in time."""

    duty_id: int
    in_plan: bool
    in_time: bool


def sum_hours_as_of(member_id: int, since: date, until: date, moment: int) -> float:
    """Return the hours from day `since` to `until` that a person was recorded to have attended.

    Of each gathering the version counts that stood at the moment (epoch seconds).
    """
    version = GatheringVersionRow
    standing = (
        select(version.gathering_id, func.max(version.version).label("newest"))
        .where(version.given_at <= moment)
        .group_by(version.gathering_id)
        .subquery()
    )
    query = (
        select(AttendanceRow.hours)
        .join(
            standing,
            (standing.c.gathering_id == AttendanceRow.gathering_id)
            & (standing.c.newest == AttendanceRow.version),
        )
        .where(AttendanceRow.member_id == member_id, AttendanceRow.day.between(since, until))
        .order_by(AttendanceRow.gathering_id)
    )
    return float(sum(db.session.scalars(query)))


def list_duties_due(
    unit_ids: Collection[int], since: date, until: date, today: date
) -> dict[int, tuple[DutyDue, ...]]:
    """Return member → the duties due from `since` to `until` that lay on them to the end."""
    found: dict[int, list[DutyDue]] = {}
    after = date.fromordinal(until.toordinal() + 1)
    for one in list_responsibility(unit_ids, since, after, today):
        due = since <= one.due_on <= until
        if due and one.member_id is not None and one.outcome != "handed_over":
            in_time = one.outcome == "done" and one.late_days == 0
            duty = DutyDue(one.duty_id, one.plan_id is not None, in_time)
            found.setdefault(one.member_id, []).append(duty)
    return {member: tuple(duties) for member, duties in found.items()}

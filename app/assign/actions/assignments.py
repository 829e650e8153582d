"""Writes about assignments: made, changed, withdrawn; each function is one transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.assign import queries
from app.assign.assignment import Terms
from app.assign.audience import Audience, encode
from app.assign.goal import encode as encode_goal
from app.assign.models import AssignmentRow, LoadRow, NamedRow
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, Stale, TooMany
from app.base.ids import is_id
from app.org import queries as org

MOST_LIVE = 300  # assignments of one unit that are not over


def make_assignment(
    by: Viewer, terms: Terms, audience: Audience, form_id: str, now: datetime
) -> int:
    """Ask a paper or a goal of an audience and return the assignment's id.

    The same form sent again returns what it made. Raises Invalid, changing nothing, for terms,
    audiences and papers that do not fit, NotFound for what lies beyond `by`'s reach.
    """
    if not is_id(form_id):
        raise Invalid(_("这一页不完整，请重新打开再填。没有保存。"))
    with transaction() as session:
        _take_turn(session)
        known = queries.find_by_form(form_id)
        if known is not None:
            return queries.get_desk(by, known).assignment.id
        home_id = org.scope_to_change(by).unit_id
        _check_room(session, home_id, now)
        meant = queries.check_fit(by, None, terms, audience, home_id, now)
        row = AssignmentRow(
            form_id=form_id, unit_id=home_id, created_by=by.id, created_at=epoch(now)
        )
        _write(row, terms, audience)
        session.add(row)
        session.flush()
        _name(session, row.id, audience)
        _tell(session, now, by, "assign.make_assignment", row, len(meant.obliged))
        return row.id


def change_assignment(
    by: Viewer, assignment_id: int, terms: Terms, audience: Audience, version: int, now: datetime
) -> None:
    """Change title, time, terms or audience; what it asks (the paper, or that it is a goal) stays.

    Raises Stale when somebody else changed it since the form was made.
    """
    with transaction() as session:
        _take_turn(session)
        row, standing = _hold_own(session, by, assignment_id)
        if row.withdrawn_at is not None:
            raise Stale(_("这项布置已经撤回，不能再改。"))
        if row.version != version:
            raise Stale(_("刚才有人改过这项布置，请重新打开再改。没有保存。"))
        kept = replace(terms, paper_id=row.paper_id, goal=terms.goal if row.goal else None)
        meant = queries.check_fit(by, standing, kept, audience, row.unit_id, now)
        if row.goal != (encode_goal(kept.goal) if kept.goal else None) or (
            row.closes_at != kept.closes_at
        ):
            session.execute(delete(LoadRow).where(LoadRow.assignment_id == assignment_id))
        _write(row, kept, audience)
        row.version += 1
        session.execute(delete(NamedRow).where(NamedRow.assignment_id == assignment_id))
        _name(session, assignment_id, audience)
        _tell(session, now, by, "assign.change_assignment", row, len(meant.obliged))


def withdraw_assignment(by: Viewer, assignment_id: int, now: datetime) -> None:
    """Ask it no longer; attempts and memories stay. A second time changes nothing."""
    with transaction() as session:
        _take_turn(session)
        row, _standing = _hold_own(session, by, assignment_id)
        if row.withdrawn_at is not None:
            return
        row.withdrawn_at = epoch(now)
        session.execute(delete(LoadRow).where(LoadRow.assignment_id == assignment_id))
        _tell(session, now, by, "assign.withdraw_assignment", row, None)


def _take_turn(session: Session) -> None:
    """Let nobody else write assignments meanwhile: two that overlap must not both pass the check.

    SQLite lets one writer in at a time anyway.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE assign_assignment IN SHARE ROW EXCLUSIVE MODE"))


def _hold_own(
    session: Session, by: Viewer, assignment_id: int
) -> tuple[AssignmentRow, queries.Assignment]:
    """Return an assignment that `by` may change; raise NotFound."""
    desk = queries.get_own(by, assignment_id)
    row = session.get_one(AssignmentRow, assignment_id)
    return row, desk.assignment


def _check_room(session: Session, home_id: int | None, now: datetime) -> None:
    """Raise TooMany when a unit asks for more than anybody could look through."""
    live = select(func.count()).where(
        AssignmentRow.unit_id.is_(None) if home_id is None else AssignmentRow.unit_id == home_id,
        AssignmentRow.withdrawn_at.is_(None),
        AssignmentRow.closes_at > epoch(now),
    )
    if (session.scalar(live) or 0) >= MOST_LIVE:
        raise TooMany(_("还没有截止的布置已有 %(n)s 项，请先撤回一些。", n=MOST_LIVE))


def _write(row: AssignmentRow, terms: Terms, audience: Audience) -> None:
    """Put what was decided into the row."""
    row.title, row.paper_id = terms.title.strip(), terms.paper_id
    row.goal = encode_goal(terms.goal) if terms.goal else None
    row.audience = encode(
        Audience(audience.units, audience.below, audience.posts, audience.statuses)
    )
    row.opens_at, row.closes_at = terms.opens_at, terms.closes_at
    row.attempts, row.pass_percent = terms.attempts, terms.pass_percent
    row.remind_days = ",".join(str(day) for day in terms.remind_days)


def _name(session: Session, assignment_id: int, audience: Audience) -> None:
    """Write down the persons named."""
    rows = [{"member_id": one, "assignment_id": assignment_id} for one in audience.persons]
    if rows:
        session.execute(insert(NamedRow), rows)


def _tell(
    session: Session, now: datetime, by: Viewer, act: str, row: AssignmentRow, people: int | None
) -> None:
    """Note who asked what of how many people, until when."""
    told: dict[str, Any] = {"title": row.title, "unit": row.unit_id, "closes_at": row.closes_at}
    told |= {"paper": row.paper_id} if row.paper_id is not None else {"goal": True}
    if people is not None:
        told["people"] = people
    record(session, now, by.id, act, f"assignment:{row.id}", details=told)

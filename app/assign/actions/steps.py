"""What writes about duties share: rows held within reach, terms laid down, steps told of."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.assign.models.duties import DutyNoteRow, DutyRow, PersonTermRow, PostTermRow
from app.assign.models.plans import PlanRow
from app.assign.ownership import Charge
from app.assign.period import Period
from app.assign.proof import NO_PROOF, Proof
from app.assign.queries.standing import EVERYWHERE, load_standing, reaches
from app.assign.standing import Standing
from app.base.audit import record
from app.base.clock import epoch, study_day
from app.base.errors import Invalid, NotFound
from app.org import queries as org
from app.org.party import POSTS


def reach_of(by: Viewer | None) -> org.Scope:
    """Return what somebody may change; nobody (None) is the operator, who reaches everything."""
    return EVERYWHERE if by is None else org.scope_to_change(by)


def hold_duty(session: Session, by: Viewer | None, duty_id: int) -> DutyRow:
    """Return a duty of one's reach that nobody else changes meanwhile; raise NotFound."""
    row = find_held_duty(session, duty_id)
    if row is None or not reaches(load_standing(), reach_of(by), row.unit_id):
        raise NotFound(_("没有这项责任。"))
    return row


def find_held_duty(session: Session, duty_id: int) -> DutyRow | None:
    """Return a duty that nobody else changes meanwhile, whoever asks, or None."""
    return session.get(DutyRow, duty_id, with_for_update=True, populate_existing=True)


def hold_plan(session: Session, by: Viewer | None, plan_id: int) -> PlanRow:
    """Return a plan of one's reach that nobody else changes meanwhile; raise NotFound."""
    row = session.get(PlanRow, plan_id, with_for_update=True, populate_existing=True)
    if row is None or not reaches(load_standing(), reach_of(by), row.unit_id):
        raise NotFound(_("没有这份计划。"))
    return row


def period_of(session: Session, plan_id: int | None) -> Period | None:
    """Return the period of the plan that a duty stands in, None when it stands in none."""
    row = None if plan_id is None else session.get(PlanRow, plan_id)
    return None if row is None else Period(row.year, row.quarter)


def check_unit(by: Viewer | None, unit_id: int) -> None:
    """Raise NotFound for a unit beyond reach, Invalid for a closed one."""
    if org.get_reached_unit(reach_of(by), unit_id).closed:
        message = _("这个单位已经关闭。")
        raise Invalid(message, unit=message)


def check_charge(charge: Charge, unit_id: int, day: date, standing: Standing) -> None:
    """Raise Invalid unless a duty of a unit can be laid on this post or person.

    A person has to belong to the unit that sees to it, or to one below, or hold a post in it; who
    is elsewhere and who does not exist get the same answer.
    """
    home_id = standing.now(unit_id)
    if home_id is None:
        message = _("这个单位已经关闭，没有单位接手。")
        raise Invalid(message, owner=message)
    if (charge.post is None) == (charge.member_id is None) or (
        charge.post is not None and charge.post not in POSTS
    ):
        message = _("请选择由谁负责。")
        raise Invalid(message, owner=message)
    if charge.member_id is None:
        return
    person = org.list_persons([charge.member_id]).get(charge.member_id)
    holds = any(h.unit_id == home_id and h.on(day) for h in org.list_posts(charge.member_id))
    if person is None or not (holds or standing.is_within(person.unit_id, home_id)):
        message = _("这个人不在本单位，也不在本单位任职，不能负责。")
        raise Invalid(message, owner=message)
    if person.state == "disabled":
        message = _("这个人的账号已停用，不能负责。")
        raise Invalid(message, owner=message)


def lay_on(session: Session, duty_id: int, charge: Charge, since: date) -> None:
    """Begin a term."""
    if charge.member_id is not None:
        session.add(PersonTermRow(member_id=charge.member_id, duty_id=duty_id, since=since))
    else:
        session.add(PostTermRow(duty_id=duty_id, post=charge.post or "", since=since))
    session.flush()


def find_term(session: Session, duty_id: int) -> PersonTermRow | PostTermRow | None:
    """Return the term of a duty that has no end, None when the person was erased."""
    own = (PersonTermRow.duty_id == duty_id) & PersonTermRow.until.is_(None)
    on_post = (PostTermRow.duty_id == duty_id) & PostTermRow.until.is_(None)
    found = session.scalars(select(PersonTermRow).where(own)).first()
    return found or session.scalars(select(PostTermRow).where(on_post)).first()


def note(
    session: Session,
    row: DutyRow,
    kind: str,
    by: Viewer | None,
    now: datetime,
    text: str = "",
    day: date | None = None,
    proof: Proof = NO_PROOF,
) -> None:
    """Add a step to the life of a duty that is held."""
    last = select(func.max(DutyNoteRow.number)).where(DutyNoteRow.duty_id == row.id)
    session.add(
        DutyNoteRow(
            duty_id=row.id,
            number=(session.scalar(last) or 0) + 1,
            kind=kind,
            day=day or study_day(now),
            text=text,
            gathering_id=proof.gathering_id,
            assignment_id=proof.assignment_id,
            given_by=by.id if by else None,
            given_at=epoch(now),
        )
    )
    session.flush()


def tell(
    session: Session,
    now: datetime,
    by: Viewer | None,
    action: str,
    subject: str,
    member_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Record an act."""
    record(session, now, by.id if by else None, action, subject, member_id, details)

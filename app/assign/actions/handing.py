"""Duties handed over: from a day on they lie on somebody else, and both are told.

A duty on a post needs no handing over when the post changes hands: whoever holds it is answerable.
"""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.assign.actions.steps import (
    check_charge,
    find_term,
    hold_duty,
    lay_on,
    note,
    reach_of,
    tell,
)
from app.assign.models.duties import DutyRow, PersonTermRow, PostTermRow
from app.assign.ownership import Charge
from app.assign.progress import OPEN
from app.assign.queries.bearers import Bearers
from app.assign.queries.standing import load_standing, reaches
from app.assign.wording import check_reason
from app.base.clock import from_epoch, study_day
from app.base.db import transaction
from app.base.errors import Invalid


def hand_duty(
    by: Viewer | None, duty_id: int, charge: Charge, day: date, reason: str, now: datetime
) -> None:
    """Lay an open duty on somebody else from `day` on, which may lie back but not to come."""
    reason = check_reason(reason)
    with transaction() as session:
        _hand(session, by, hold_duty(session, by, duty_id), charge, day, reason, now)


def hand_all(
    by: Viewer | None, member_id: int, charge: Charge, day: date, reason: str, now: datetime
) -> int:
    """Hand over every open duty that lies on a person themselves; return how many.

    Only those within reach; when one of them cannot be handed over, none is.
    """
    reason, scope = check_reason(reason), reach_of(by)
    with transaction() as session:
        found = (
            select(DutyRow)
            .join(PersonTermRow, PersonTermRow.duty_id == DutyRow.id)
            .where(PersonTermRow.member_id == member_id, PersonTermRow.until.is_(None))
            .where(DutyRow.state == OPEN)
            .order_by(DutyRow.id)
        )
        standing = load_standing()
        rows = [  # all held before anything is told, so that nobody waits in a circle
            row
            for row in session.scalars(found.with_for_update(of=DutyRow)).all()
            if reaches(standing, scope, row.unit_id)
        ]
        for row in rows:
            _hand(session, by, row, charge, day, reason, now)
        if not rows:
            message = _("这个人名下没有可移交的责任。")
            raise Invalid(message, owner=message)
        return len(rows)


def _hand(
    session: Session,
    by: Viewer | None,
    row: DutyRow,
    charge: Charge,
    day: date,
    reason: str,
    now: datetime,
) -> None:
    if row.state != OPEN:
        raise Invalid(_("“%(title)s”已经完成或取消，不用移交。", title=row.title))
    check_charge(charge, row.unit_id, study_day(now), load_standing())
    term = find_term(session, row.id)
    _check_day(row, term, day, now)
    before = Bearers([row], load_standing()).bearer(row, study_day(now)).member_id
    if term is not None:
        _refuse_same(row, term, charge)
        if term.since == day:
            session.delete(term)
        else:
            term.until = day
        session.flush()
    lay_on(session, row.id, charge, day)
    after = Bearers([row], load_standing()).bearer(row, study_day(now)).member_id
    note(session, row, "handed", by, now, reason, day)
    told = {"title": row.title, "unit": row.unit_id, "post": charge.post}
    subject = f"duty:{row.id}"
    if before is not None and before != after:
        tell(session, now, by, "assign.take_duty", subject, before, told)
    tell(session, now, by, "assign.give_duty", subject, after, told)


def _check_day(
    row: DutyRow, term: PersonTermRow | PostTermRow | None, day: date, now: datetime
) -> None:
    """Raise Invalid for a day to come, or one before the duty came to lie where it lies."""
    first = term.since if term else study_day(from_epoch(row.created_at))
    if not first <= day <= study_day(now):
        message = _("移交日期要在 %(first)s 到今天之间。", first=first)
        raise Invalid(message, day=message)


def _refuse_same(row: DutyRow, term: PersonTermRow | PostTermRow, charge: Charge) -> None:
    held = (
        Charge(member_id=term.member_id)
        if isinstance(term, PersonTermRow)
        else Charge(post=term.post)
    )
    if held == charge:
        message = _("“%(title)s”已经由此人（或此职务）负责。", title=row.title)
        raise Invalid(message, owner=message)

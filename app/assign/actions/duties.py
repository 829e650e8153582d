"""Writes about duties: made, changed, withdrawn, kept or brought in line with the link above."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.assign.actions.steps import (
    check_charge,
    check_unit,
    hold_duty,
    hold_plan,
    lay_on,
    note,
    period_of,
    tell,
)
from app.assign.audience import decode, encode
from app.assign.models.duties import DutyRow
from app.assign.ownership import Charge
from app.assign.progress import OPEN, WITHDRAWN
from app.assign.queries.standing import load_standing
from app.assign.wording import Wording, check_reason, check_wording
from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.base.errors import Invalid, Stale
from app.org.party import POSTS

MOST_OPEN = 1000  # of one unit
MOST_ITEMS = 200  # of one plan


def make_duty(
    by: Viewer | None, unit_id: int, wording: Wording, charge: Charge, now: datetime
) -> int:
    """Add a duty of a unit, laid on a person or a post from today on, and return its id."""
    wording = check_wording(wording)
    with transaction() as session:
        check_unit(by, unit_id)
        _check_room(session, DutyRow.unit_id == unit_id, MOST_OPEN)
        return add_duty(session, by, unit_id, wording, charge, now).id


def make_item(
    by: Viewer | None, plan_id: int, wording: Wording, charge: Charge, now: datetime
) -> int:
    """Add an item to a plan, within the plan's period, and return its id."""
    with transaction() as session:
        plan = hold_plan(session, by, plan_id)
        wording = check_wording(wording, period_of(session, plan_id))
        _check_room(session, DutyRow.plan_id == plan_id, MOST_ITEMS)
        return add_duty(session, by, plan.unit_id, wording, charge, now, plan_id).id


def add_duty(
    session: Session,
    by: Viewer | None,
    unit_id: int,
    wording: Wording,
    charge: Charge,
    now: datetime,
    plan_id: int | None = None,
    source: DutyRow | None = None,
) -> DutyRow:
    """Add a duty inside a transaction; `source` is the link above that it is a copy of."""
    today = study_day(now)
    check_charge(charge, unit_id, today, load_standing())
    row = DutyRow(
        unit_id=unit_id,
        plan_id=plan_id,
        source_id=source.id if source else None,
        lineage_id=source.lineage_id if source else None,
        source_seen=source.version if source else 0,
        version=1,
        state=OPEN,
        created_at=epoch(now),
    )
    _write(row, wording)
    session.add(row)
    session.flush()
    row.lineage_id = row.lineage_id or row.id
    lay_on(session, row.id, charge, today)
    note(session, row, "made", by, now)
    told = {"title": row.title, "unit": unit_id, "post": charge.post}
    tell(session, now, by, "assign.make_duty", f"duty:{row.id}", charge.member_id, told)
    return row


def change_duty(
    by: Viewer | None, duty_id: int, version: int, wording: Wording, reason: str, now: datetime
) -> None:
    """Change words or dates, with the reason; raise Stale when `version` is not the newest."""
    reason = check_reason(reason)
    with transaction() as session:
        row = hold_duty(session, by, duty_id)
        wording = check_wording(wording, period_of(session, row.plan_id))
        if row.version != version:
            raise Stale(_("这一项刚刚被别人改过，没有保存。请返回、刷新后再改。"))
        _check_open(row)
        if wording == wording_of(row):
            return
        _rewrite(session, row, wording, by, now, reason)


def withdraw_duty(by: Viewer | None, duty_id: int, reason: str, now: datetime) -> None:
    """Take a duty back, with the reason; it stays on record, copies below stay as they are."""
    reason = check_reason(reason)
    with transaction() as session:
        row = hold_duty(session, by, duty_id)
        _check_open(row)
        row.state, row.settled_on = WITHDRAWN, study_day(now)
        note(session, row, "withdrawn", by, now, reason)
        tell(
            session, now, by, "assign.withdraw_duty", f"duty:{row.id}", details={"title": row.title}
        )


def follow_source(by: Viewer | None, duty_id: int, now: datetime) -> None:
    """Bring a copy's words and dates to those of the link above, which have changed."""
    with transaction() as session:
        row = hold_duty(session, by, duty_id)
        source = _get_source(session, row)
        _check_open(row)
        wording = wording_of(source)
        check_wording(wording, period_of(session, row.plan_id))
        row.source_seen = source.version
        if wording != wording_of(row):
            _rewrite(session, row, wording, by, now, _("采用上级的更改"))


def keep_own(by: Viewer | None, duty_id: int, now: datetime) -> None:
    """Leave a copy as it is although the link above has changed."""
    with transaction() as session:
        row = hold_duty(session, by, duty_id)
        source = _get_source(session, row)
        if row.source_seen == source.version:
            return
        row.source_seen = source.version
        note(session, row, "kept", by, now)
        tell(session, now, by, "assign.keep_duty", f"duty:{row.id}", details={"title": row.title})


def wording_of(row: DutyRow) -> Wording:
    """Return the words and days of a row."""
    return Wording(row.title, row.measure, row.starts_on, row.due_on, decode(row.audience))


def charge_below(term_post: str | None) -> Charge:
    """Return whom a copy lies on in the unit below: the same post, or else its secretary."""
    return Charge(post=term_post if term_post in POSTS else "secretary")


def _get_source(session: Session, row: DutyRow) -> DutyRow:
    source = session.get(DutyRow, row.source_id) if row.source_id is not None else None
    if source is None:
        raise Invalid(_("这一项不是从上级来的。"))
    return source


def _rewrite(
    session: Session, row: DutyRow, wording: Wording, by: Viewer | None, now: datetime, reason: str
) -> None:
    told = {"title": [row.title, wording.title], "due_on": [str(row.due_on), str(wording.due_on)]}
    _write(row, wording)
    row.version += 1
    note(session, row, "changed", by, now, reason)
    tell(session, now, by, "assign.change_duty", f"duty:{row.id}", details=told)


def _write(row: DutyRow, wording: Wording) -> None:
    row.title, row.measure = wording.title, wording.measure
    row.starts_on, row.due_on = wording.starts_on, wording.due_on
    row.audience = encode(wording.audience)


def _check_open(row: DutyRow) -> None:
    if row.state != OPEN:
        raise Invalid(_("这一项已经完成或取消，不能再改。"))


def _check_room(session: Session, which: object, most: int) -> None:
    count = select(func.count()).select_from(DutyRow).where(which, DutyRow.state == OPEN)  # type: ignore[arg-type]
    if (session.scalar(count) or 0) >= most:
        raise Invalid(_("未完成的已有 %(n)s 项，请先办完或取消一些。", n=most))

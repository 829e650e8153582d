"""Writes about plans: made, renamed, thrown away while empty."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.queries import Viewer
from app.assign.actions.steps import check_unit, hold_plan, tell
from app.assign.models.duties import DutyRow
from app.assign.models.plans import PlanRow
from app.assign.period import Period, check_period
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid

LONGEST_TITLE = 80


def make_plan(by: Viewer | None, unit_id: int, title: str, period: Period, now: datetime) -> int:
    """Add an empty plan of a unit for a year or quarter and return its id."""
    title = check_title(title)
    check_period(period)
    with transaction() as session:
        check_unit(by, unit_id)
        row = PlanRow(
            unit_id=unit_id,
            title=title,
            year=period.year,
            quarter=period.quarter,
            created_at=epoch(now),
        )
        session.add(row)
        session.flush()
        row.lineage_id = row.id
        told = {"title": title, "unit": unit_id}
        tell(session, now, by, "assign.make_plan", f"plan:{row.id}", details=told)
        return row.id


def rename_plan(by: Viewer | None, plan_id: int, title: str, now: datetime) -> None:
    """Give a plan another title; copies below keep theirs."""
    title = check_title(title)
    with transaction() as session:
        row = hold_plan(session, by, plan_id)
        if row.title == title:
            return
        told = {"title": [row.title, title]}
        row.title = title
        tell(session, now, by, "assign.change_plan", f"plan:{row.id}", details=told)


def discard_plan(by: Viewer | None, plan_id: int, now: datetime) -> None:
    """Throw a plan away that has no items and was never copied."""
    with transaction() as session:
        row = hold_plan(session, by, plan_id)
        item = select(DutyRow.id).where(DutyRow.plan_id == plan_id)
        copy = select(PlanRow.id).where(PlanRow.source_id == plan_id)
        if session.scalar(item.limit(1)) or session.scalar(copy.limit(1)):
            raise Invalid(_("这份计划已有事项，或下级已经抄下，不能删去；可以逐项取消。"))
        tell(
            session, now, by, "assign.discard_plan", f"plan:{row.id}", details={"title": row.title}
        )
        row.lineage_id = None
        session.flush()
        session.delete(row)


def check_title(title: str) -> str:
    """Return a plan's title without spaces around it; raise Invalid for none or a long one."""
    title = title.strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        message = _("请给计划写一个名称，最多 %(n)s 个字。", n=LONGEST_TITLE)
        raise Invalid(message, title=message)
    return title

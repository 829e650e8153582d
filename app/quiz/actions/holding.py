"""Rows held inside a transaction, always the paper before its attempts, so that nobody deadlocks.

SQLite lets one writer in at a time anyway; PostgreSQL needs to be told what must not change.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.base.audit import record
from app.base.errors import NotFound, Stale
from app.org import queries as org
from app.quiz.models import AllowanceRow, AttemptRow, PaperRow, SlotRow
from app.quiz.queries import standing_unit
from app.quiz.reading import terms_of


def hold_paper(session: Session, paper_id: int, share: bool) -> PaperRow:
    """Return a paper that stays as it is until the end; `share` lets others hold it so, too."""
    held = select(PaperRow).where(PaperRow.id == paper_id).with_for_update(read=share)
    row = session.scalars(held.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(_("没有这份试卷。"))
    return row


def hold_own_paper(session: Session, by: Viewer, paper_id: int) -> PaperRow:
    """Return a paper that `by` may change, held against everybody else; raise NotFound."""
    row = hold_paper(session, paper_id, share=False)
    if not org.reaches(org.scope_to_change(by), standing_unit(row.unit_id)):
        raise NotFound(_("没有这份试卷。"))
    return row


def hold_draft(session: Session, by: Viewer, paper_id: int) -> PaperRow:
    """Return a draft that `by` may change; raise Stale once it is published."""
    row = hold_own_paper(session, by, paper_id)
    if row.state != "draft":
        raise Stale(_("这份试卷已经发布，不能再改。"))
    return row


def tell(
    session: Session,
    now: datetime,
    by: Viewer,
    act: str,
    row: PaperRow,
    more: dict[str, Any] | None = None,
) -> None:
    """Note who did what to a paper that is held, with its terms as they are now."""
    terms = terms_of(row)
    told = {"title": terms.title, "mode": terms.mode, "unit": terms.unit_id, **(more or {})}
    record(session, now, by.id, act, f"paper:{row.id}", details=told)


def hold_attempt(session: Session, member_id: int, paper_id: int, number: int) -> AttemptRow:
    """Return an attempt that only this transaction changes; its paper must be held already."""
    key = (member_id, paper_id, number)
    row = session.get(AttemptRow, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(_("没有这次答卷。"))
    return row


def list_slots(session: Session, attempt: AttemptRow) -> list[SlotRow]:
    """Return the slots of an attempt that is held."""
    own = select(SlotRow).where(
        SlotRow.member_id == attempt.member_id,
        SlotRow.paper_id == attempt.paper_id,
        SlotRow.number == attempt.number,
    )
    return list(session.scalars(own.order_by(SlotRow.slot)))


def find_extra(session: Session, member_id: int, paper_id: int) -> int:
    """Return the extra seconds a person has for a paper."""
    row = session.get(AllowanceRow, (member_id, paper_id))
    return row.extra_s if row else 0

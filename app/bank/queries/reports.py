"""What members said is wrong with a question."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.bank.catalogue import Question
from app.bank.models import ReportRow
from app.bank.queries.published import get_question
from app.base.db import db


@dataclass(frozen=True, slots=True)
class Report:
    """A report as a trainer sees it: what was said of which question, not by whom.

    `member_id` is only part of the address of the reply form.
    """

    member_id: int
    id: str
    question: Question
    text: str
    created_at: int
    state: str
    reply: str | None
    replied_at: int | None


def count_reports() -> int:
    """Return how many reports there are."""
    return db.session.scalar(select(func.count()).select_from(ReportRow)) or 0


def list_reports(limit: int, offset: int) -> list[Report]:
    """Return a page of reports, open ones first, then the newest."""
    rows = db.session.scalars(
        select(ReportRow)
        .order_by(ReportRow.state.desc(), ReportRow.created_at.desc(), ReportRow.id)
        .limit(limit)
        .offset(offset)
    )
    return [_report(row) for row in rows]


def list_own_reports(member_id: int) -> list[Report]:
    """Return what a member has reported, the newest first."""
    mine = select(ReportRow).where(ReportRow.member_id == member_id)
    rows = db.session.scalars(mine.order_by(ReportRow.created_at.desc(), ReportRow.id))
    return [_report(row) for row in rows]


def _report(row: ReportRow) -> Report:
    """Return the view of a report with the question as it was when reported."""
    question = get_question(row.question_id, row.revision)
    return Report(
        row.member_id,
        row.id,
        question,
        row.text,
        row.created_at,
        row.state,
        row.reply,
        row.replied_at,
    )

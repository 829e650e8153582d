"""What study keeps when a member is erased: counts of many, which tell of nobody."""

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from app.study.log import VOID_OF_REVIEW
from app.study.models import ErasedRow, ReviewRow, VoidRow
from app.study.tally import SELF_RATED

LEAST_PEOPLE = 5  # k: a count over fewer people could be told apart


def keep_counts(session: Session, member_id: int) -> int:
    """Add the member's answers to the anonymous counts of questions that enough people answered.

    Called inside a transaction that is already open, before the answers are deleted. Returns how
    many questions were counted; what fewer than five people have answered is not kept at all, nor
    what the member judged alone.
    """
    counted = (
        select(
            ReviewRow.question_id,
            func.count().label("answers"),
            func.sum(case((ReviewRow.right, 1), else_=0)).label("right"),
        )
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(
            ReviewRow.member_id == member_id,
            ReviewRow.way != SELF_RATED,
            VoidRow.answer_id.is_(None),
        )
        .group_by(ReviewRow.question_id)
    )
    mine = list(session.execute(counted))
    others = _count_people(session, [row.question_id for row in mine])
    kept = 0
    for row in mine:
        known = session.get(ErasedRow, row.question_id)
        if others.get(row.question_id, 0) + (known.people if known else 0) < LEAST_PEOPLE:
            continue
        known = known or ErasedRow(question_id=row.question_id, people=0, answers=0, right=0)
        known.people, known.answers = known.people + 1, known.answers + row.answers
        known.right += row.right
        session.add(known)
        kept += 1
    return kept


def _count_people(session: Session, question_ids: list[str]) -> dict[str, int]:
    """Return how many members have answered each question and not taken it back."""
    query = (
        select(ReviewRow.question_id, func.count(distinct(ReviewRow.member_id)).label("people"))
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(ReviewRow.question_id.in_(question_ids), VoidRow.answer_id.is_(None))
        .group_by(ReviewRow.question_id)
    )
    return {row.question_id: row.people for row in session.execute(query)}

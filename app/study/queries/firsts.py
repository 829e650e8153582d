"""First encounters of many members with questions, as the analysis of the bank reads them."""

from typing import NamedTuple

from sqlalchemy import select

from app.base.db import db
from app.study.log import VOID_OF_REVIEW
from app.study.models import ReviewRow, VoidRow


class FirstAnswer(NamedTuple):
    """What a member answered when they met a question first; `response` is the JSON stored."""

    member_id: int
    question_id: str
    revision: int
    right: bool
    response: str


def list_first_answers(limit: int) -> list[FirstAnswer]:
    """Return the newest `limit` first answers of everybody, without simulated and undone ones."""
    query = (
        select(
            ReviewRow.member_id,
            ReviewRow.question_id,
            ReviewRow.revision,
            ReviewRow.right,
            ReviewRow.response,
        )
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(ReviewRow.before == 0, ReviewRow.way != "simulated", VoidRow.answer_id.is_(None))
        .order_by(ReviewRow.at_ms.desc(), ReviewRow.answer_id)
        .limit(limit)
        .execution_options(yield_per=5000)
    )
    return list(map(FirstAnswer._make, db.session.execute(query)))

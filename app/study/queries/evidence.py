"""Cards and answers as assessment reads them: many at once, with what it must know of each."""

from typing import NamedTuple

from sqlalchemy import select

from app.base.db import db
from app.study.log import VOID_OF_REVIEW, card_of
from app.study.memory import Memory
from app.study.models import ReviewRow, VoidRow
from app.study.queries.selects import select_cards


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


def list_memories(member_id: int) -> dict[str, Memory]:
    """Return what a member remembers of each question they met that is still asked."""
    cards = ((row.question_id, card_of(row)) for row in db.session.scalars(select_cards(member_id)))
    return {i: card.memory for i, card in cards if card is not None}

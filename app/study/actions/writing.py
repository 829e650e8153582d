"""The statements that writes of study share: into the log, and cards made again from it."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.study.card import Review, replay_states
from app.study.log import MAX_ELAPSED_MS, columns_of, read_log
from app.study.models import CardRow, ReviewRow, VoidRow


def append_review(
    session: Session, member_id: int, question_id: str, review: Review, **columns: Any
) -> None:
    """Append one row to the review log; `response` and `elapsed_ms` are among the columns."""
    response = json.dumps(columns.pop("response"), ensure_ascii=False)
    elapsed_ms = max(0, min(MAX_ELAPSED_MS, columns.pop("elapsed_ms")))
    session.execute(
        insert(ReviewRow).values(
            member_id=member_id,
            answer_id=review.answer_id,
            question_id=question_id,
            at_ms=review.at_ms,
            day=review.day,
            rating=review.rating,
            right=review.right,
            response=response,
            elapsed_ms=elapsed_ms,
            **columns,
        )
    )


def copy_review(session: Session, old: ReviewRow, answer_id: str, rating: int) -> None:
    """Append an answer once more, under another id and with another rating."""
    values = {c.key: getattr(old, c.key) for c in ReviewRow.__table__.columns}
    session.execute(insert(ReviewRow).values({**values, "answer_id": answer_id, "rating": rating}))


def void_answer(
    session: Session, member_id: int, answer_id: str, at_ms: int, replaced_by: str | None = None
) -> None:
    """Append the taking back of an answer, which need not have arrived yet."""
    session.execute(
        insert(VoidRow).values(
            member_id=member_id, answer_id=answer_id, replaced_by=replaced_by, at_ms=at_ms
        )
    )


def lock_cards(session: Session, member_id: int, question_ids: Iterable[str]) -> set[str]:
    """Keep others from writing these cards of the member; return which of them there are.

    Whoever reads the log to write a card anew must hold the card first: in PostgreSQL two
    transactions could otherwise each miss the other's answer. SQLite has one writer anyhow.
    """
    query = (
        select(CardRow.question_id)
        .where(CardRow.member_id == member_id, CardRow.question_id.in_(set(question_ids)))
        .order_by(CardRow.question_id)
        .with_for_update()
    )
    return set(session.scalars(query))


def rewrite_card(session: Session, member_id: int, question_id: str) -> None:
    """Make the card again from its log, and what the log says of states before each answer."""
    known = bool(lock_cards(session, member_id, [question_id]))
    card, states = replay_states(read_log(session, member_id, question_id))
    _correct_states(session, member_id, question_id, states)
    key = {"member_id": member_id, "question_id": question_id}
    if not known:
        session.execute(insert(CardRow).values(**key, version=1, **columns_of(card)))
        return
    session.execute(
        update(CardRow)
        .where(CardRow.member_id == member_id, CardRow.question_id == question_id)
        .values(version=CardRow.version + 1, **columns_of(card))
        .execution_options(synchronize_session=False)
    )


def milliseconds(moment: datetime) -> int:
    """Return milliseconds since 1970-01-01 UTC, rounded down."""
    return int(moment.timestamp() * 1000)


def _correct_states(
    session: Session, member_id: int, question_id: str, states: dict[str, int]
) -> None:
    """Write the states before answers where an earlier answer has changed them."""
    query = select(ReviewRow.answer_id, ReviewRow.before).where(
        ReviewRow.member_id == member_id, ReviewRow.question_id == question_id
    )
    for answer_id, before in session.execute(query).all():
        if before != states.get(answer_id, before):
            session.execute(
                update(ReviewRow)
                .where(ReviewRow.member_id == member_id, ReviewRow.answer_id == answer_id)
                .values(before=states[answer_id])
                .execution_options(synchronize_session=False)
            )

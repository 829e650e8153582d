"""The statements that writes of study share: into the log, and cards made again from it."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.study.actions.summaries import Change, move_summaries
from app.study.card import Review, replay_states
from app.study.log import MAX_ELAPSED_MS, columns_of, read_log
from app.study.models import CardRow, ReviewRow, VoidRow
from app.study.tally import tally_log


def append_review(
    session: Session, member_id: int, question_id: str, review: Review, **columns: Any
) -> None:
    """Append one row to the review log; `response`, `elapsed_ms` and `unit_id` among the columns.

    It adds nothing to the summaries yet: `rewrite_card` sees to that.
    """
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
    new = {"answer_id": answer_id, "rating": rating, "tally": 0}
    session.execute(insert(ReviewRow).values({**values, **new}))


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
    """Make the card again from its log, what the log says of each answer, and the summaries."""
    known = bool(lock_cards(session, member_id, [question_id]))
    log = read_log(session, member_id, question_id)
    card, states = replay_states(log)
    changes = _correct_log(session, member_id, question_id, states, tally_log(log))
    move_summaries(session, member_id, changes)
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


def _correct_log(
    session: Session,
    member_id: int,
    question_id: str,
    states: dict[str, int],
    tallies: dict[str, int],
) -> list[Change]:
    """Write states before answers, and tallies, where they have changed; return the changes.

    Answers that are not in `states` have been taken back: they add nothing any more.
    """
    query = select(
        ReviewRow.answer_id,
        ReviewRow.before,
        ReviewRow.revision,
        ReviewRow.unit_id,
        ReviewRow.day,
        ReviewRow.right,
        ReviewRow.way,
        ReviewRow.tally,
    ).where(ReviewRow.member_id == member_id, ReviewRow.question_id == question_id)
    changes = []
    for row in session.execute(query).all():
        answer_id, before = row.answer_id, row.before
        state, tally = states.get(answer_id, before), tallies.get(answer_id, 0)
        if (before, row.tally) == (state, tally):
            continue
        facts = row.revision, row.unit_id, row.day, row.right, row.way
        changes.append(Change(question_id, *facts, old=row.tally, new=tally))
        session.execute(
            update(ReviewRow)
            .where(ReviewRow.member_id == member_id, ReviewRow.answer_id == answer_id)
            .values(before=state, tally=tally)
            .execution_options(synchronize_session=False)
        )
    return changes

"""The review log read back, and cards written from it: shared by actions and queries of study."""

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.base.sql import Row, as_day, as_text
from app.study.card import Card, Review
from app.study.memory import Memory
from app.study.models import ReviewRow, VoidRow

UNKNOWN = (
    "step",
    "stability",
    "difficulty",
    "last_day",
    "wait",
    "due_at",
    "first_day",
    "last_at_ms",
    "wrong_day",
)
MAX_ELAPSED_MS = 10 * 60 * 1000  # a phone laid aside is not ten hours of thinking
CARD = """version, state, step, stability, difficulty, last_day, wait, due_at, reps, lapses,
    first_day, last_at_ms, wrong_left, wrong_day"""
LOGGED = (
    ReviewRow.answer_id,
    ReviewRow.at_ms,
    ReviewRow.day,
    ReviewRow.rating,
    ReviewRow.right,
)
VOID_OF_REVIEW = and_(
    VoidRow.member_id == ReviewRow.member_id, VoidRow.answer_id == ReviewRow.answer_id
)


def as_review(row: Any) -> Review:
    """Return the pure review of a row that has the log's columns."""
    return Review(row.answer_id, row.at_ms, row.day, row.rating, row.right)


def read_log(session: Session, member_id: int, question_id: str) -> list[Review]:
    """Return the counted reviews of one card, in time order."""
    rows = session.execute(
        select(*LOGGED)
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(
            ReviewRow.member_id == member_id,
            ReviewRow.question_id == question_id,
            VoidRow.answer_id.is_(None),
        )
        .order_by(ReviewRow.at_ms, ReviewRow.answer_id)
    )
    return [as_review(row) for row in rows]


def card_of(row: Any) -> Card | None:
    """Return the pure card of a row, or None when the question was never answered."""
    if row is None or not row.reps:
        return None
    memory = Memory(row.state, row.step, row.stability, row.difficulty, row.last_day, row.wait)
    return Card(
        memory=memory,
        due_at=row.due_at,
        reps=row.reps,
        lapses=row.lapses,
        first_day=row.first_day,
        last_at_ms=row.last_at_ms,
        wrong_left=row.wrong_left,
        wrong_day=row.wrong_day,
    )


def card_from(row: Row | None) -> Card | None:
    """Return the pure card of a row of `CARD`, None when the question was never answered."""
    if row is None or not row[8]:
        return None
    (
        _version,
        state,
        step,
        stability,
        difficulty,
        last_day,
        wait,
        due_at,
        reps,
        lapses,
        first_day,
        last_at_ms,
        wrong_left,
        wrong_day,
    ) = row
    memory = Memory(state, step, stability, difficulty, as_day(last_day), wait)
    wrong_day = as_day(wrong_day) if wrong_day else None
    first_day = as_day(first_day)
    return Card(memory, due_at, reps, lapses, first_day, last_at_ms, wrong_left, wrong_day)


def card_values(card: Card) -> Row:
    """Return what `columns_of` does as a row, in the same order, with days as SQLite keeps them."""
    memory, wrong_day = card.memory, card.wrong_day
    return (
        memory.step,
        memory.stability,
        memory.difficulty,
        as_text(memory.last_day),
        memory.wait,
        card.due_at,
        as_text(card.first_day),
        card.last_at_ms,
        as_text(wrong_day) if wrong_day else None,
        memory.state,
        card.reps,
        card.lapses,
        card.wrong_left,
    )


def columns_of(card: Card | None) -> dict[str, Any]:
    """Return the columns that hold `card`; None gives those of a card never answered."""
    if card is None:
        return {**dict.fromkeys(UNKNOWN), "state": 0, "reps": 0, "lapses": 0, "wrong_left": 0}
    memory = card.memory
    return {
        "step": memory.step,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "last_day": memory.last_day,
        "wait": memory.wait,
        "due_at": card.due_at,
        "first_day": card.first_day,
        "last_at_ms": card.last_at_ms,
        "wrong_day": card.wrong_day,
        "state": memory.state,
        "reps": card.reps,
        "lapses": card.lapses,
        "wrong_left": card.wrong_left,
    }

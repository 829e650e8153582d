"""Histories of simulated members, which the demonstration branch is made of."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from app.base.db import transaction
from app.study.card import Review, replay
from app.study.log import MAX_ELAPSED_MS, columns_of
from app.study.models import CardRow, ReviewRow


@dataclass(frozen=True, slots=True)
class Simulated:
    """An answer of a simulated member; `before` is the card's state then."""

    question_id: str
    revision: int
    review: Review
    before: int
    elapsed_ms: int


def import_simulated(member_id: int, answers: list[Simulated]) -> int:
    """Store the history of a simulated member who has none yet; return the number of answers."""
    if not answers:
        return 0
    logs: dict[str, list[Review]] = {}
    for answer in answers:
        logs.setdefault(answer.question_id, []).append(answer.review)
    cards = ((question_id, replay(log)) for question_id, log in logs.items())
    with transaction() as session:
        session.execute(insert(ReviewRow), [_simulated_row(member_id, a) for a in answers])
        session.execute(
            insert(CardRow),
            [
                {"member_id": member_id, "question_id": i, "version": 1, **columns_of(card)}
                for i, card in cards
            ],
        )
    return len(answers)


def _simulated_row(member_id: int, answer: Simulated) -> dict[str, Any]:
    """Return the log row of a simulated answer; its way says that it is one."""
    review = answer.review
    return {
        "member_id": member_id,
        "answer_id": review.answer_id,
        "question_id": answer.question_id,
        "revision": answer.revision,
        "at_ms": review.at_ms,
        "day": review.day,
        "rating": review.rating,
        "right": review.right,
        "before": answer.before,
        "response": "null",
        "elapsed_ms": min(MAX_ELAPSED_MS, answer.elapsed_ms),
        "way": "simulated",
    }

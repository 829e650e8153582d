"""Histories of simulated members, which the demonstration branch is made of."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from app.accounts.queries import get_user
from app.base.db import transaction
from app.study.actions.summaries import Change, move_summaries
from app.study.card import Review, replay
from app.study.log import MAX_ELAPSED_MS, columns_of
from app.study.models import CardRow, ReviewRow
from app.study.tally import tally_log

SIMULATED = "simulated"


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
    tallies = {i: tally for log in logs.values() for i, tally in tally_log(log).items()}
    with transaction() as session:
        unit_id = get_user(member_id).unit_id or 0
        changes = [_change(answer, unit_id, tallies) for answer in answers]
        rows = [
            {**_simulated_row(member_id, a), "unit_id": unit_id, "tally": change.new}
            for a, change in zip(answers, changes, strict=True)
        ]
        session.execute(insert(ReviewRow), rows)
        move_summaries(session, member_id, changes)
        session.execute(
            insert(CardRow),
            [
                {"member_id": member_id, "question_id": i, "version": 1, **columns_of(card)}
                for i, card in cards
            ],
        )
    return len(answers)


def _change(answer: Simulated, unit_id: int, tallies: dict[str, int]) -> Change:
    """Return what a simulated answer adds to the summaries."""
    review = answer.review
    place = answer.question_id, answer.revision
    tally = tallies[review.answer_id]
    return Change(*place, unit_id, review.day, review.right, SIMULATED, 0, tally)


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
        "way": SIMULATED,
    }

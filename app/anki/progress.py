"""A member's progress in Anki's terms: card columns and review history; pure.

What was measured of Anki: due in days counts from the collection's creation day; in learning it
is in epoch seconds; intervals are days, or negative seconds in learning; with FSRS the difficulty
1…10 stands in the history as 100…1100.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.base.clock import day_start, epoch
from app.study.card import Card, Review, after_review
from app.study.memory import LEARNING, RELEARNING, REVIEW, Memory, scheduler

CREATION_DAY = date(2020, 1, 1)
CREATED_AT = epoch(day_start(CREATION_DAY))
SUSPENDED_QUEUE = -1
QUEUES = {LEARNING: 1, REVIEW: 2, RELEARNING: 1}
EASE = 2500  # permille; what a member's Anki starts from if FSRS is ever switched off
LEARNED, REVIEWED, RELEARNED = 0, 1, 2
HISTORY_TYPE = {LEARNING: LEARNED, REVIEW: REVIEWED, RELEARNING: RELEARNED}


@dataclass(frozen=True, slots=True)
class Progress:
    """What a member did with a question: None and () when never answered."""

    card: Card | None = None
    reviews: tuple[Review, ...] = ()
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The columns of an answered card, named as in Anki's table; `mod` in epoch seconds."""

    mod: int
    type: int
    queue: int
    due: int
    ivl: int
    factor: int
    reps: int
    lapses: int
    left: int
    data: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of Anki's review history, columns in its order; `id` in ms, `time` in ms."""

    id: int
    cid: int
    usn: int
    ease: int
    ivl: int
    last_ivl: int
    factor: int
    time: int
    type: int


def scheduled(card: Card, suspended: bool) -> Scheduled:
    """Return where Anki is to go on with an answered card."""
    memory = card.memory
    return Scheduled(
        mod=card.last_at_ms // 1000,
        type=memory.state,
        queue=SUSPENDED_QUEUE if suspended else QUEUES[memory.state],
        due=(memory.due_day - CREATION_DAY).days if memory.state == REVIEW else card.due_at,
        ivl=_days(memory),
        factor=EASE,
        reps=card.reps,
        lapses=card.lapses,
        left=_steps_left(memory),
        data=_data(card),
    )


def history(card_id: int, reviews: Iterable[Review]) -> list[HistoryRow]:
    """Return the history of one card in time order, from replaying its reviews."""
    rows: list[HistoryRow] = []
    card: Card | None = None
    for review in sorted(reviews, key=lambda r: (r.at_ms, r.answer_id)):
        before, card = card, after_review(card, review)
        rows.append(
            HistoryRow(
                id=review.at_ms,
                cid=card_id,
                usn=-1,
                ease=review.rating,
                ivl=_interval(card.memory),
                last_ivl=_interval(before.memory) if before else 0,
                factor=round((card.memory.difficulty - 1) / 9 * 1000) + 100,
                time=0,
                type=HISTORY_TYPE[before.memory.state] if before else LEARNED,
            )
        )
    return rows


def _interval(memory: Memory) -> int:
    """Return the wait after a review: days, or negative seconds in learning."""
    return memory.wait if memory.state == REVIEW else -memory.wait


def _days(memory: Memory) -> int:
    """Return the card's interval in days: in relearning, the one it will return to."""
    if memory.state == REVIEW:
        return memory.wait
    # At a retention of 0.9 the interval is the stability, by the definition of stability.
    return max(1, round(memory.stability)) if memory.state == RELEARNING else 0


def _steps_left(memory: Memory) -> int:
    """Return how many (re)learning steps are still to be taken; 0 for a card in review."""
    if memory.step is None:
        return 0
    steps = scheduler().learning_steps
    if memory.state == RELEARNING:
        steps = scheduler().relearning_steps
    return len(steps) - memory.step


def _data(card: Card) -> str:
    """Return the memory as Anki keeps it: stability in days, difficulty, the last review."""
    memory, model = card.memory, scheduler()
    return json.dumps(
        {
            "s": memory.stability,
            "d": memory.difficulty,
            "dr": model.desired_retention,
            "decay": model.parameters[20],
            "lrt": card.last_at_ms // 1000,
        },
        separators=(",", ":"),
    )

"""A member's card for one question: memory, counts and the wrong-answer book; pure.

A card is always what replaying its reviews in time order gives; nothing here is stored on its own.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from app.base.clock import day_start_at
from app.study.memory import AGAIN, REVIEW, Memory, after_answer

LEECH_LAPSES = 8  # Anki's default: forgotten this often, a question wants another way of learning
WRONG_BOOK_DAYS = 2  # right on so many later study days, a question leaves the wrong-answer book


class Review(msgspec.Struct, frozen=True, gc=False):
    """One counted answer: `at_ms` in milliseconds since 1970, `rating` 1…4."""

    answer_id: str
    at_ms: int
    day: date
    rating: int
    right: bool


class Card(msgspec.Struct, frozen=True, gc=False):
    """A card after at least one review; `due_at` in epoch seconds."""

    memory: Memory
    due_at: int
    reps: int
    lapses: int
    first_day: date
    last_at_ms: int
    wrong_left: int
    wrong_day: date | None

    @property
    def is_leech(self) -> bool:
        """Whether the question was forgotten often enough to be shown as a leech."""
        return self.lapses >= LEECH_LAPSES


def after_review(card: Card | None, review: Review) -> Card:
    """Return the card after `review`, which must not be earlier than the card's last one."""
    before = card.memory if card else None
    memory = after_answer(before, review.rating, review.day)
    lapsed = before is not None and before.state == REVIEW and review.rating == AGAIN
    left, wrong_day = _wrong_book(card, review)
    return Card(
        memory=memory,
        due_at=due_at(memory, review.at_ms),
        reps=(card.reps if card else 0) + 1,
        lapses=(card.lapses if card else 0) + int(lapsed),
        first_day=card.first_day if card else review.day,
        last_at_ms=review.at_ms,
        wrong_left=left,
        wrong_day=wrong_day,
    )


def due_at(memory: Memory, at_ms: int) -> int:
    """Return when the card is due in epoch seconds: 04:00 of its study day, or minutes from now."""
    if memory.state == REVIEW:
        return day_start_at(memory.last_day, memory.wait)
    return at_ms // 1000 + memory.wait


def replay(reviews: Iterable[Review]) -> Card | None:
    """Return the card after `reviews` in any order (sorted here by time, then by answer id)."""
    return replay_states(reviews)[0]


def replay_states(reviews: Iterable[Review]) -> tuple[Card | None, dict[str, int]]:
    """Return `replay` of the reviews, and by answer id the card's state before each (0 new)."""
    card, states = None, {}
    for review in sorted(reviews, key=lambda r: (r.at_ms, r.answer_id)):
        states[review.answer_id] = card.memory.state if card else 0
        card = after_review(card, review)
    return card, states


def rated(review: Review, rating: int) -> Review:
    """Return `review` with another rating."""
    return msgspec.structs.replace(review, rating=rating)


def _wrong_book(card: Card | None, review: Review) -> tuple[int, date | None]:
    """Return (days still to be right, day last counted); a wrong answer opens the entry anew."""
    if not review.right:
        return WRONG_BOOK_DAYS, review.day
    if card is None or card.wrong_left == 0 or card.wrong_day is None:
        return 0, None
    if review.day <= card.wrong_day:
        return card.wrong_left, card.wrong_day
    left = card.wrong_left - 1
    return (left, review.day) if left else (0, None)

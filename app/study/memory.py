"""Memory of one card by FSRS-6, counted in study days; pure.

The formulas are those of the `fsrs` package (FSRS-6, default parameters, learning steps of 1 and
10 minutes, one relearning step of 10 minutes). Elapsed time is the difference of study days, not
of 24-hour spans, because that is what Anki does and what people mean by "yesterday".
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import msgspec
from fsrs import Scheduler

from app.study.scheduling import AGAIN, EASY, GOOD, HARD, LEARNING, RELEARNING, REVIEW, model

__all__ = ["AGAIN", "EASY", "GOOD", "HARD", "LEARNING", "RELEARNING", "REVIEW"]
RATINGS = (AGAIN, HARD, GOOD, EASY)


class Memory(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of a card after its last review.

    `stability` is in days (> 0), `difficulty` in 1…10; `wait` counts whole days when `state` is
    REVIEW and seconds otherwise; `step` is None when `state` is REVIEW.
    """

    state: int
    step: int | None
    stability: float
    difficulty: float
    last_day: date
    wait: int

    @property
    def due_day(self) -> date:
        """The study day on which the card is due (learning cards: the day of their last review)."""
        return self.last_day + timedelta(days=self.wait if self.state == REVIEW else 0)


@cache
def scheduler(desired_retention: float = 0.9) -> Scheduler:
    """Return the package's scheduler, without fuzz, for what is handed on to other programs."""
    return Scheduler(desired_retention=desired_retention, enable_fuzzing=False)


def after_answer(
    memory: Memory | None, rating: int, day: date, desired_retention: float = 0.9
) -> Memory:
    """Return the memory after a review with `rating` (1…4) on study day `day`.

    Raises ValueError for a rating outside 1…4. A day before the last review counts as that day.
    """
    if memory is None:
        state, step, stability, difficulty, wait = model(desired_retention).review(rating)
        return Memory(state, step, stability, difficulty, day, wait)
    days = (day - memory.last_day).days
    if days < 0:
        day, days = memory.last_day, 0
    state, step, stability, difficulty, wait = model(desired_retention).review(
        rating,
        memory.state,
        memory.step,
        (memory.stability, memory.difficulty),
        days,
    )
    return Memory(state, step, stability, difficulty, day, wait)


def replay(reviews: Iterable[tuple[int, date]], desired_retention: float = 0.9) -> Memory | None:
    """Return the memory after (rating, study day) pairs in time order, or None without reviews."""
    memory = None
    for rating, day in reviews:
        memory = after_answer(memory, rating, day, desired_retention)
    return memory


def retrievability(memory: Memory, day: date) -> float:
    """Return the probability (0…1) of recall on `day` by the FSRS-6 forgetting curve."""
    return recall_after(memory.stability, (day - memory.last_day).days)


def recall_after(stability: float, days: int) -> float:
    """Return `retrievability` from the stability and the days since the last review alone.

    (1 + factor · t / S) ^ −w20 with factor = 0.9 ^ (−1 / w20) − 1, as FSRS-6 defines it.
    """
    return model().retrievability(stability, max(0, days))

"""Memory of one card by FSRS-6, counted in study days; pure.

The formulas are those of the `fsrs` package (FSRS-6, default parameters, learning steps of 1 and
10 minutes, one relearning step of 10 minutes). Elapsed time is the difference of study days, not
of 24-hour spans, because that is what Anki does and what people mean by "yesterday".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from fsrs import Card, Rating, Scheduler, State

LEARNING, REVIEW, RELEARNING = 1, 2, 3
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
RATINGS = (AGAIN, HARD, GOOD, EASY)


@dataclass(frozen=True, slots=True)
class Memory:
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
    """Return the scheduler for a retention in 0.7…0.99, without fuzz, as replay must repeat."""
    return Scheduler(desired_retention=desired_retention, enable_fuzzing=False)


def after_answer(
    memory: Memory | None, rating: int, day: date, desired_retention: float = 0.9
) -> Memory:
    """Return the memory after a review with `rating` (1…4) on study day `day`.

    Raises ValueError for a rating outside 1…4. A day before the last review counts as that day.
    """
    if memory is not None and day < memory.last_day:
        day = memory.last_day
    moment = _moment(day)
    card, _ = scheduler(desired_retention).review_card(_card(memory), Rating(rating), moment)
    wait = card.due - moment
    assert card.stability is not None
    assert card.difficulty is not None
    return Memory(
        state=int(card.state),
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        last_day=day,
        wait=wait.days if card.state == State.Review else int(wait.total_seconds()),
    )


def replay(reviews: Iterable[tuple[int, date]], desired_retention: float = 0.9) -> Memory | None:
    """Return the memory after (rating, study day) pairs in time order, or None without reviews."""
    memory = None
    for rating, day in reviews:
        memory = after_answer(memory, rating, day, desired_retention)
    return memory


def retrievability(memory: Memory, day: date) -> float:
    """Return the probability (0…1) of recall on `day` by the FSRS-6 forgetting curve."""
    return float(scheduler().get_card_retrievability(_card(memory), _moment(day)))


def recall_after(stability: float, days: int) -> float:
    """Return `retrievability` from the stability and the days (≥ 0) since the last review alone.

    (1 + factor · t / S) ^ −w20 with factor = 0.9 ^ (−1 / w20) − 1, as FSRS-6 defines it.
    """
    factor, decay = _curve()
    return float((1 + factor * max(0, days) / stability) ** decay)


@cache
def _curve() -> tuple[float, float]:
    """Return factor and exponent of the forgetting curve."""
    decay = -float(scheduler().parameters[20])
    return 0.9 ** (1 / decay) - 1, decay


def _moment(day: date) -> datetime:
    """Map a study day to its midnight, so that whole-day differences are exact."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _card(memory: Memory | None) -> Card:
    """Dress `memory` as the library's card; the id is given because making one up sleeps 1 ms."""
    if memory is None:
        return Card(card_id=0)
    return Card(
        card_id=0,
        state=State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_moment(memory.last_day),
        last_review=_moment(memory.last_day),
    )

"""FSRS-6 as plain arithmetic: what one review makes of a card; pure.

Formulas, parameters and learning steps are those of the `fsrs` package, in its order of operations,
so that results are the same to the last bit (tests hold them equal for any history). It is written
out because every answer asks for it four times, and the package takes objects and moments in time
for what are numbers and days here.
"""

import math
from functools import cache

from fsrs import Scheduler

LEARNING, REVIEW, RELEARNING = 1, 2, 3
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
RATINGS = frozenset({AGAIN, HARD, GOOD, EASY})
LEAST_STABILITY = 0.001
E = math.e


# A card after a review: state, step, stability (days), difficulty (1…10), and how long to wait, in
# days when the state is REVIEW, else in seconds.
Next = tuple[int, int | None, float, float, int]


class Model:
    """The constants of FSRS-6 for one desired retention (0.7…0.99)."""

    def __init__(self, scheduler: Scheduler) -> None:
        """Take parameters and steps from the package."""
        p = self.p = tuple(map(float, scheduler.parameters))
        self.steps = tuple(int(step.total_seconds()) for step in scheduler.learning_steps)
        self.again_steps = tuple(int(step.total_seconds()) for step in scheduler.relearning_steps)
        self.longest = scheduler.maximum_interval
        self.decay = -p[20]
        self.factor = 0.9 ** (1 / self.decay) - 1
        self.stretch = scheduler.desired_retention ** (1 / self.decay) - 1
        self.mean = p[7] * (p[4] - (E ** (p[5] * 3)) + 1)  # difficulty is drawn towards Easy's
        self.drawn = 1 - p[7]
        self.growth = E ** p[8]
        self.kept_once = E ** (p[17] * p[18])

    def retrievability(self, stability: float, days: int) -> float:
        """Return the probability of recall `days` (≥ 0) after a review left `stability` (days)."""
        return float((1 + self.factor * days / stability) ** self.decay)

    def interval(self, stability: float) -> int:
        """Return after how many days recall has fallen to the desired retention; at least one."""
        days: int = round((stability / self.factor) * self.stretch)
        return 1 if days < 1 else min(days, self.longest)

    def first(self, rating: int) -> tuple[float, float]:
        """Return stability and difficulty after a first review."""
        difficulty = self.p[4] - (E ** (self.p[5] * (rating - 1))) + 1
        return max(self.p[rating - 1], LEAST_STABILITY), min(max(difficulty, 1.0), 10.0)

    def again(self, stability: float, difficulty: float, days: int, rating: int) -> float:
        """Return the stability after a further review, `days` after the one before."""
        if days < 1:
            grown = self._same_day(stability, rating)
        elif rating == AGAIN:
            grown = self._forgotten(stability, difficulty, self.retrievability(stability, days))
        else:
            recall = self.retrievability(stability, days)
            grown = self._recalled(stability, difficulty, recall, rating)
        return grown if grown > LEAST_STABILITY else LEAST_STABILITY

    def _same_day(self, stability: float, rating: int) -> float:
        p = self.p
        increase = (E ** (p[17] * (rating - 3 + p[18]))) * (stability ** -p[19])
        return float(stability * (max(increase, 1.0) if rating >= HARD else increase))

    def _forgotten(self, stability: float, difficulty: float, recall: float) -> float:
        p = self.p
        lasting = (
            p[11]
            * (difficulty ** -p[12])
            * (((stability + 1) ** p[13]) - 1)
            * (E ** ((1 - recall) * p[14]))
        )
        return float(min(lasting, stability / self.kept_once))

    def _recalled(self, stability: float, difficulty: float, recall: float, rating: int) -> float:
        p = self.p
        gain = (
            self.growth
            * (11 - difficulty)
            * (stability ** -p[9])
            * ((E ** ((1 - recall) * p[10])) - 1)
        )
        if rating == HARD:
            gain *= p[15]
        elif rating == EASY:
            gain *= p[16]
        return float(stability * (1 + gain))

    def harder(self, difficulty: float, rating: int) -> float:
        """Return the difficulty (1…10) after a further review."""
        change = -(self.p[6] * (rating - 3))
        moved = difficulty + (10.0 - difficulty) * change / 9.0
        mean: float = self.mean + self.drawn * moved
        return 1.0 if mean < 1.0 else min(mean, 10.0)

    def review(
        self,
        rating: int,
        state: int = LEARNING,
        step: int | None = 0,
        before: tuple[float, float] | None = None,
        days: int = 0,
    ) -> Next:
        """Return a card after a review with `rating` (1…4), `days` (≥ 0) after the one before.

        `before` are its stability and difficulty, None at the first review. Raises ValueError for
        a rating outside 1…4.
        """
        if rating not in RATINGS:
            raise ValueError(f"{rating} is not a rating")
        if before is None:
            stability, difficulty = self.first(rating)
        else:
            stability, difficulty = before
            stability = self.again(stability, difficulty, days, rating)
            difficulty = self.harder(difficulty, rating)
        if state == REVIEW and rating != AGAIN:
            return REVIEW, None, stability, difficulty, self.interval(stability)
        state, step, wait = self._placed(rating, state, step or 0)
        return state, step, stability, difficulty, wait or self.interval(stability)

    def _placed(self, rating: int, state: int, step: int) -> tuple[int, int | None, int]:
        """Return state, step and the seconds to wait, 0 when days are waited for.

        A card in REVIEW has been forgotten: what has been recalled needs no steps.
        """
        if state == REVIEW:
            return RELEARNING, 0, self.again_steps[0]
        steps = self.steps if state == LEARNING else self.again_steps
        if rating == AGAIN:
            return state, 0, steps[0]
        if rating == EASY or step >= len(steps) or (rating == GOOD and step + 1 == len(steps)):
            return REVIEW, None, 0
        if rating == GOOD:
            return state, step + 1, steps[step + 1]
        if step == 0:
            return state, 0, int((steps[0] + steps[1]) / 2 if len(steps) > 1 else steps[0] * 1.5)
        return state, step, steps[step]


@cache
def model(desired_retention: float = 0.9) -> Model:
    """Return the model for a retention in 0.7…0.99, without fuzz, as replay must repeat."""
    return Model(Scheduler(desired_retention=desired_retention, enable_fuzzing=False))

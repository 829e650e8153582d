"""FSRS-6 fitted to the answers of some people, and whether that foretells better; pure.

The defaults come from some hundred million reviews of others. Fitted are the parameters of which
answers marked right or wrong say most: the stability that a first answer leaves (wrong, right), how
it grows with each recall, what a lapse leaves of it, and how steep forgetting is (w0, w2, w8, w11,
w20 of FSRS-6). Each is looked for along its own logarithm, in turn, with steps that get smaller
(coordinate descent, as in Hooke and Jeeves 1961), on the answers before a day; a fit counts only by
what it says of the answers after it. It is taken when its log loss there is smaller than that of
the defaults by more than twice the standard error of the difference; with less than some thousands
of answers that is rare.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from fsrs import Scheduler

from app.study.scheduling import AGAIN, LEARNING, Model, model

MOVED = (0, 2, 8, 11, 20)
STEPS = (0.5, 0.25, 0.12, 0.06)
FURTHEST = math.log(5)  # from the defaults, either way
FLATTEST, STEEPEST = 0.1, 0.8  # what FSRS-6 allows for w20
LEAST_LEARNED = 1000  # answers a day or more after the one before
LEAST_JUDGED = 300
LEAST = LEAST_LEARNED + LEAST_JUDGED
CERTAIN = 1e-4  # a chance of 0 or 1 that fails would otherwise cost endlessly
SURE = 2.0  # standard errors

Course = Sequence[tuple[int, int]]  # (rating 1…4, study day as an ordinal) of one card, in order


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit on `learned` answers before a day, judged on the `judged` ones since.

    Log losses are means in nats, less is better; `better` says whether the fit is to be used.
    """

    parameters: tuple[float, ...]
    learned: int
    judged: int
    log_loss: float
    default_log_loss: float
    better: bool


@cache
def model_of(parameters: tuple[float, ...]) -> Model:
    """Return the model with these 21 parameters; raise ValueError when FSRS-6 forbids them."""
    return Model(Scheduler(parameters=parameters, desired_retention=0.9, enable_fuzzing=False))


def fit(courses: Sequence[Course], since: int) -> Fit | None:
    """Return the fit to the answers before a day, judged on those since; None with too few."""
    before = [early for course in courses if (early := [one for one in course if one[1] < since])]
    learned = sum(1 for course in before for _loss in losses(model(), course))
    standing = [loss for course in courses for loss in losses(model(), course, since)]
    if learned < LEAST_LEARNED or len(standing) < LEAST_JUDGED:
        return None
    parameters = _descend(before)
    fitted = model_of(parameters)
    found = [loss for course in courses for loss in losses(fitted, course, since)]
    gains = [a - b for a, b in zip(standing, found, strict=True)]
    return Fit(parameters, learned, len(found), _mean(found), _mean(standing), is_sure(gains))


def is_sure(gains: Sequence[float]) -> bool:
    """Say whether the mean gain is above zero by more than twice its standard error."""
    mean = _mean(gains)
    variance = math.fsum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1)
    return mean > SURE * math.sqrt(variance / len(gains))


def losses(by: Model, course: Course, since: int = 0) -> Iterator[float]:
    """Yield −log of the chance given to each answer since a day, a day or more after another."""
    state, step, held, last = LEARNING, 0, None, 0
    for rating, day in course:
        days = max(0, day - last) if held else 0
        if held and days and day >= since:
            chance = by.retrievability(held[0], days)
            chance = min(1 - CERTAIN, max(CERTAIN, chance))
            yield -math.log(1 - chance if rating == AGAIN else chance)
        state, step_after, stability, difficulty, _wait = by.review(rating, state, step, held, days)
        step, held, last = step_after or 0, (stability, difficulty), max(day, last)


def stability_after(by: Model, course: Course) -> float:
    """Return the stability in days (> 0) that a model sees after a course of one answer or more."""
    state, step, held, last = LEARNING, 0, None, 0
    for rating, day in course:
        days = max(0, day - last) if held else 0
        state, step_after, stability, difficulty, _wait = by.review(rating, state, step, held, days)
        step, held, last = step_after or 0, (stability, difficulty), max(day, last)
    assert held is not None
    return held[0]


def _descend(courses: Sequence[Course]) -> tuple[float, ...]:
    """Return the parameters with the smallest loss that steps along one at a time lead to."""
    best, least = model().p, _loss(model(), courses)
    for step in STEPS:
        for place in MOVED:
            for direction in (step, -step):
                while (tried := _moved(best, place, direction)) is not None:
                    loss = _loss(model_of(tried), courses)
                    if loss >= least:
                        break
                    best, least = tried, loss
    return best


def _moved(parameters: tuple[float, ...], place: int, by: float) -> tuple[float, ...] | None:
    """Return the parameters with one multiplied by e^by, None where that would go too far."""
    moved = parameters[place] * math.exp(by)
    far = abs(math.log(moved / model().p[place])) > FURTHEST + 1e-9
    if far or (place == 20 and not FLATTEST <= moved <= STEEPEST):
        return None
    return (*parameters[:place], moved, *parameters[place + 1 :])


def _loss(by: Model, courses: Iterable[Course]) -> float:
    return math.fsum(loss for course in courses for loss in losses(by, course))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)

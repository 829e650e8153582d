"""The score to expect on a date, with the interval it will lie in four times out of five; pure.

Each question is answered rightly with the chance that `offsets.Model` gives. Given the member's
offset, answers are independent, so the score has a Poisson-binomial distribution weighted by marks;
the uncertainty of the member's offset is averaged over, that of the items' offsets belongs to each
question. A question answered in part counts as wrong here, as it does for memory.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import NamedTuple

from app.assess.offsets import Model, Recall, chance_right
from app.study.memory import Memory, retrievability

LEVEL = 0.8
ENOUGH_SAMPLES = 200  # answers the model must rest on
LEAST_QUESTIONS = 5
LEAST_MET = 0.5  # the share of the questions that the member must have met
_MIDDLES = [NormalDist().inv_cdf((n + 0.5) / 9) for n in range(9)]
_SPREAD = math.sqrt(math.fsum(x * x for x in _MIDDLES) / len(_MIDDLES))
NODES = [x / _SPREAD for x in _MIDDLES]  # nine equally likely places, of variance one


class Asked(NamedTuple):
    """A question of a paper: its full mark in whole units (> 0) and the chance of guessing it."""

    item: str
    mark: int
    guess: float


class Slot(NamedTuple):
    """A question of a paper before a member: recall on the day, None when never met."""

    item: str
    mark: int
    guess: float
    recall: Recall | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The score to expect: `mean`, and `low`…`high` which holds it with probability `chance`.

    All in the paper's units of marks, out of `maximum`. Scores are whole, so `chance` is the
    reachable one nearest to 0.8. `questions` and `unmet` count what it rests on.
    """

    mean: float
    low: int
    high: int
    chance: float
    maximum: int
    questions: int
    unmet: int


def slots_on(asked: Iterable[Asked], memories: Mapping[str, Memory], day: date) -> list[Slot]:
    """Return a paper's questions with what FSRS expects a member to recall on `day`.

    `memories` is by question id and holds only what was met.
    """
    return [Slot(*one, recall_on(memories.get(one.item), day)) for one in asked]


def recall_on(memory: Memory | None, day: date) -> Recall | None:
    """Return what FSRS expects on `day`, None without a memory; earlier days count as the last."""
    if memory is None:
        return None
    day = max(day, memory.last_day)
    days = (day - memory.last_day).days
    return Recall(retrievability(memory, day), days, memory.difficulty)


def shortages(model: Model, slots: Sequence[Slot]) -> list[str]:
    """Return why a forecast would be made of thin air; nothing when there is enough data.

    "samples": fewer than 200 answers; "questions": fewer than five; "unmet": over half never met.
    """
    found = []
    if model.samples < ENOUGH_SAMPLES:
        found.append("samples")
    if len(slots) < LEAST_QUESTIONS:
        found.append("questions")
    if sum(slot.recall is not None for slot in slots) < LEAST_MET * len(slots):
        found.append("unmet")
    return found


def expected(model: Model, member: int, slots: Sequence[Slot], level: float = LEVEL) -> Forecast:
    """Return the score to expect of a member, with the interval whose chance is next to `level`."""
    unit = math.gcd(*(slot.mark for slot in slots)) or 1
    offset = model.member(member)
    around = [offset.value + x * math.sqrt(offset.variance) for x in NODES]
    sums = [score_distribution(_draws(model, at, slots, unit)) for at in around]
    scores = [math.fsum(column) / len(sums) for column in zip(*sums, strict=True)]
    low, high, chance = interval(scores, level)
    return Forecast(
        mean=unit * math.fsum(n * p for n, p in enumerate(scores)),
        low=unit * low,
        high=unit * high,
        chance=chance,
        maximum=sum(slot.mark for slot in slots),
        questions=len(slots),
        unmet=sum(slot.recall is None for slot in slots),
    )


def chances(model: Model, member: int, slots: Sequence[Slot]) -> list[float]:
    """Return the chance (0…1) of a right answer to each question, over all uncertainty."""
    offset = model.member(member)
    around = [offset.value + x * math.sqrt(offset.variance) for x in NODES]
    drawn = [[p for _mark, p in _draws(model, at, slots, 1)] for at in around]
    return [math.fsum(column) / len(drawn) for column in zip(*drawn, strict=True)]


def score_distribution(draws: Iterable[tuple[int, float]]) -> list[float]:
    """Return P(score = n), n = 0…maximum, of independent questions of (mark, chance)."""
    found = [1.0]
    for mark, chance in draws:
        grown = [p * (1 - chance) for p in found] + [0.0] * mark
        for n, p in enumerate(found, mark):
            grown[n] += p * chance
        found = grown
    return found


def interval(scores: Sequence[float], level: float) -> tuple[int, int, float]:
    """Return (low, high, chance) of the interval grown from the mode along the likelier side.

    It stops on the side of `level` that is nearer, as whole scores seldom meet it exactly; always
    taking one more would make every interval too wide.
    """
    low = high = max(range(len(scores)), key=lambda n: (scores[n], -n))
    chance = scores[low]
    while chance < level and (low > 0 or high < len(scores) - 1):
        below = scores[low - 1] if low > 0 else -1.0
        above = scores[high + 1] if high < len(scores) - 1 else -1.0
        grown = chance + max(below, above)
        if grown - level > level - chance:
            break
        low, high = (low - 1, high) if below > above else (low, high + 1)
        chance = grown
    return low, high, min(1.0, chance)


def _draws(
    model: Model, member: float, slots: Sequence[Slot], unit: int
) -> list[tuple[int, float]]:
    """Return (mark in units, chance) of each question, given the member's offset."""
    found = []
    for slot in slots:
        item = model.item(slot.item)
        log_odds = model.common(slot.recall) + member + item.value
        # MacKay's approximation of a logistic averaged over a normal (Neural Computation 4, 1992)
        averaged = log_odds / math.sqrt(1 + math.pi / 8 * item.variance)
        found.append((slot.mark // unit, chance_right(averaged, slot.guess)))
    return found

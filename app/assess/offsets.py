"""How far members and items are from what FSRS expects of everybody; pure, and refitted nightly.

The chance that member m answers item i rightly is g + (1 − g)·σ(η) with the guess floor g of the
kind and the log-odds of knowing

    η = a + b·logit(R) + c·log(1 + t) + d·(D/5 − 1) + member + item    for an item met before,
    η = e + member + item                                              for an item never met,

where FSRS expects recall R, t days after the last answer, and holds the card for D (1…10) hard.
b, c and d let people forget along another curve than FSRS's. Offsets have normal priors around 0
whose variances are estimated (empirical Bayes), so that a member with few answers stays near
everybody. The fit maximises the penalised likelihood by Fisher's form of Newton steps, block after
block, and gives the same to the last digit whatever the order of the samples.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add, mul
from typing import Generic, NamedTuple, TypeVar

NEAREST = 0.01  # recall is kept this far from 0 and 1, where log-odds would be endless
SWEEPS = 60
STILL = 5e-3  # log-odds; a sweep that moves nothing further ends the fit
LONGEST_STEP = 2.0  # log-odds; guards the first steps
START_VARIANCE, LEAST_VARIANCE = 0.5, 0.01
PRIORS = ((0.0, 1.0), (1.0, 0.25), (0.0, 0.25), (0.0, 0.25), (-1.0, 4.0))  # mean, variance: a … e
NEVER_MET = (0.0, 0.0, 0.0, 0.0, 1.0)

K = TypeVar("K", bound=Hashable)


class Recall(NamedTuple):
    """What FSRS expects: the chance of recall (0…1), days (≥ 0) since the answer, difficulty."""

    chance: float
    days: int
    difficulty: float


class Sample(NamedTuple):
    """One answer: what FSRS expected before it, None for an item never met; the guess floor."""

    member: int
    item: str
    recall: Recall | None
    guess: float
    right: bool


class Offset(NamedTuple):
    """Log-odds by which somebody or something is off, and the variance of that estimate."""

    value: float
    variance: float


@dataclass(frozen=True)
class Model:
    """A fit: a … e, the offsets, their spread, and the number of answers it rests on."""

    coefficients: tuple[float, ...] = tuple(mean for mean, _variance in PRIORS)
    members: Mapping[int, Offset] = field(default_factory=dict)
    items: Mapping[str, Offset] = field(default_factory=dict)
    member_variance: float = START_VARIANCE
    item_variance: float = START_VARIANCE
    samples: int = 0

    def member(self, member: int) -> Offset:
        """Return the offset of a member; that of nobody in particular when unknown."""
        return self.members.get(member, Offset(0.0, self.member_variance))

    def item(self, item: str) -> Offset:
        """Return the offset of an item; that of no item in particular when unknown."""
        return self.items.get(item, Offset(0.0, self.item_variance))

    def common(self, recall: Recall | None) -> float:
        """Return the log-odds of knowing that all members and items share."""
        return _dot(self.coefficients, _features(recall))


def logit(chance: float) -> float:
    """Return the log-odds of a chance, kept within 0.01…0.99."""
    kept = min(1 - NEAREST, max(NEAREST, chance))
    return math.log(kept / (1 - kept))


def sigmoid(log_odds: float) -> float:
    """Return the chance (0…1) of log-odds of any size."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    small = math.exp(log_odds)
    return small / (1 + small)


def chance_right(log_odds: float, guess: float) -> float:
    """Return the chance of a right answer: known, or else guessed."""
    return guess + (1 - guess) * sigmoid(log_odds)


def fit(samples: Sequence[Sample]) -> Model:
    """Return the model of these answers; without answers, FSRS as it is with wide offsets."""
    if not samples:
        return Model()
    return _Fit(sorted(samples, key=_place)).run()


def _features(recall: Recall | None) -> tuple[float, ...]:
    """Return what a … e are multiplied with."""
    if recall is None:
        return NEVER_MET
    days, difficulty = math.log1p(recall.days), recall.difficulty / 5 - 1
    return 1.0, logit(recall.chance), days, difficulty, 0.0


def _place(sample: Sample) -> tuple[int, str, Recall, float, bool]:
    """Return what sorts samples, so that sums do not depend on the order they came in."""
    recall = sample.recall or Recall(-1.0, -1, 0.0)
    return (sample.member, sample.item, recall, sample.guess, sample.right)


class _Fit:
    """The state of a fit: one log-odds η a sample, moved along with every coefficient."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.samples = len(samples)
        self.guess = [s.guess for s in samples]
        self.right = [s.right for s in samples]
        self.columns = list(zip(*(_features(s.recall) for s in samples), strict=True))
        self.members = Block([s.member for s in samples])
        self.items = Block([s.item for s in samples])
        self.coefficients = [0.0] * len(PRIORS)
        self.eta = [0.0] * len(samples)
        self._shift([mean for mean, _variance in PRIORS])

    def run(self) -> Model:
        """Sweep over the blocks until nothing moves."""
        for _sweep in range(SWEEPS):
            moved = self._move_common()
            for block in (self.members, self.items):
                moved = max(moved, block.move(self.eta, *self._slopes()))
                self._recentre(block.centre())
            if moved < STILL:
                break
        return Model(
            coefficients=tuple(self.coefficients),
            members=self.members.offsets(),
            items=self.items.offsets(),
            member_variance=self.members.variance,
            item_variance=self.items.variance,
            samples=self.samples,
        )

    def _recentre(self, mean: float) -> None:
        """Take over what all offsets have in common; η stays, and many slow sweeps are saved."""
        self.coefficients[0] += mean
        self.coefficients[-1] += mean

    def _slopes(self) -> tuple[list[float], list[float]]:
        """Return, per sample, the slope of the log likelihood in η and its expected curvature.

        With p = g + (1 − g)s the slope is (y − p)·q/(p(1 − p)) and the curvature q²/(p(1 − p)),
        where q = (1 − g)s(1 − s); as 1 − p = (1 − g)(1 − s), q/(p(1 − p)) is s/p.
        """
        slopes, curvatures = [], []
        for eta, guess, right in zip(self.eta, self.guess, self.right, strict=True):
            known = 1 / (1 + math.exp(-eta)) if eta > -30 else 1e-13
            wrong = (1 - guess) * (1 - known)
            part = known / (1 - wrong)
            slopes.append(part * wrong if right else -known)
            curvatures.append(part * known * wrong)
        return slopes, curvatures

    def _move_common(self) -> float:
        """Take one Newton step in a … e; return the longest move."""
        slopes, curvatures = self._slopes()
        gradient = [_dot(column, slopes) for column in self.columns]
        weighted = [list(map(mul, column, curvatures)) for column in self.columns]
        matrix = [[_dot(row, column) for column in self.columns] for row in weighted]
        for n, (mean, variance) in enumerate(PRIORS):
            gradient[n] -= (self.coefficients[n] - mean) / variance
            matrix[n][n] += 1 / variance
        steps = [_guarded(step) for step in solve(matrix, gradient)]
        self._shift(steps)
        return max(map(abs, steps))

    def _shift(self, steps: Sequence[float]) -> None:
        """Add to a … e, moving every η along."""
        self.coefficients = list(map(add, self.coefficients, steps))
        for step, column in zip(steps, self.columns, strict=True):
            self.eta = [eta + step * x for eta, x in zip(self.eta, column, strict=True)]


class Block(Generic[K]):
    """The offsets of all members or of all items, which do not touch each other."""

    def __init__(self, names: Sequence[K]) -> None:
        """Take the name that each sample belongs to."""
        numbers = {name: n for n, name in enumerate(dict.fromkeys(names))}
        self.names = list(numbers)
        self.owner = [numbers[name] for name in names]
        self.values = [0.0] * len(numbers)
        self.curvatures = [0.0] * len(numbers)
        self.variance = START_VARIANCE

    def move(self, eta: list[float], slopes: list[float], curvatures: list[float]) -> float:
        """Take one Newton step in each offset, moving `eta` along; return the longest move."""
        gradient, information = [0.0] * len(self.values), [0.0] * len(self.values)
        for owner, slope, curvature in zip(self.owner, slopes, curvatures, strict=True):
            gradient[owner] += slope
            information[owner] += curvature
        precision = 1 / self.variance
        steps = [
            _guarded((g - v * precision) / (h + precision))
            for g, h, v in zip(gradient, information, self.values, strict=True)
        ]
        self.values = [v + step for v, step in zip(self.values, steps, strict=True)]
        self.curvatures = information
        for place, owner in enumerate(self.owner):
            eta[place] += steps[owner]
        self._spread()
        return max(map(abs, steps))

    def centre(self) -> float:
        """Move the offsets so that they average 0; return what they averaged."""
        mean = sum(self.values) / len(self.values)
        self.values = [value - mean for value in self.values]
        return mean

    def offsets(self) -> dict[K, Offset]:
        """Return each offset with its variance by Laplace's approximation."""
        precision = 1 / self.variance
        found = zip(self.names, self.values, self.curvatures, strict=True)
        return {name: Offset(value, 1 / (h + precision)) for name, value, h in found}

    def _spread(self) -> None:
        """Estimate the variance of the offsets: the mean of value² + uncertainty (an EM step)."""
        total = sum(value * value + variance for value, variance in self.offsets().values())
        self.variance = max(LEAST_VARIANCE, total / len(self.values))


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Return x with matrix·x = right by Gauss's elimination; the matrix is positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for n, pivot in enumerate(rows):
        for row in rows[n + 1 :]:
            factor = row[n] / pivot[n]
            row[:] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
    found: list[float] = []
    for n, row in reversed(list(enumerate(rows))):
        found.insert(0, (row[-1] - _dot(row[n + 1 : -1], found)) / row[n])
    return found


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the sum of products."""
    return float(sum(map(mul, one, other)))


def _guarded(step: float) -> float:
    """Return a step cut to the longest allowed."""
    return max(-LONGEST_STEP, min(LONGEST_STEP, step))

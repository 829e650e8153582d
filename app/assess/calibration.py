"""Whether forecasts came true: scores, reliability, coverage, beside the best constant; pure.

Forecasts are judged on answers that came later than the forecast. "Enough data" has stated
thresholds: with 500 answers the share right is known to ± 4 points, with 100 papers the coverage of
80 % intervals to ± 8 points; fewer than 20 members would say more about them than about forecasts.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.assess.intervals import Interval, jeffreys

ENOUGH_ANSWERS, ENOUGH_MEMBERS, ENOUGH_PAPERS = 500, 20, 100
BINS = 10
CERTAIN = 1e-6  # a forecast of 0 or 1 that fails would otherwise cost endlessly


class Judged(NamedTuple):
    """A forecast answer and what came: the chance (0…1) given, and whether it was right."""

    member: int
    chance: float
    right: bool


class Covered(NamedTuple):
    """A forecast score and what came: its mean, interval with its chance, the score, the maximum.

    Scores in the paper's marks.
    """

    member: int
    mean: float
    low: float
    high: float
    chance: float
    score: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts within `low`…`high`: how many, their mean, the share right and its interval."""

    low: float
    high: float
    count: int
    mean: float | None
    right: float | None
    sure: Interval


@dataclass(frozen=True, slots=True)
class Calibration:
    """How good single forecasts were.

    `brier` and `log_loss` are means, less is better; `constant_brier` and `constant_log_loss` are
    those of always saying `average`, the best constant known only afterwards.
    """

    answers: int
    members: int
    average: float
    forecast: float
    brier: float
    log_loss: float
    constant_brier: float
    constant_log_loss: float
    bins: tuple[Bin, ...]

    @property
    def skill(self) -> float:
        """Brier skill: 1 is perfect, 0 no better than the constant, below 0 worse."""
        return 1 - self.brier / self.constant_brier if self.constant_brier else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often intervals held the score: the share, its interval, what was promised, the bias.

    `bias` is the mean of forecast minus score, as a share of the maximum; `width` likewise.
    """

    papers: int
    members: int
    held: float
    sure: Interval
    promised: float
    bias: float
    width: float


def judge(judged: Sequence[Judged]) -> Calibration | None:
    """Return how good forecasts were, None while there is not enough data (500 answers of 20)."""
    members = len({one.member for one in judged})
    if len(judged) < ENOUGH_ANSWERS or members < ENOUGH_MEMBERS:
        return None
    pairs = [(one.chance, one.right) for one in judged]
    average = sum(right for _chance, right in pairs) / len(pairs)
    constant = [(average, right) for _chance, right in pairs]
    return Calibration(
        answers=len(pairs),
        members=members,
        average=average,
        forecast=math.fsum(chance for chance, _right in pairs) / len(pairs),
        brier=brier(pairs),
        log_loss=log_loss(pairs),
        constant_brier=brier(constant),
        constant_log_loss=log_loss(constant),
        bins=tuple(reliability(pairs)),
    )


def cover(papers: Sequence[Covered]) -> Coverage | None:
    """Return how often intervals held, None while there is not enough data (100 papers of 20)."""
    members = len({paper.member for paper in papers})
    if len(papers) < ENOUGH_PAPERS or members < ENOUGH_MEMBERS:
        return None
    held = sum(paper.low <= paper.score <= paper.high for paper in papers)
    count = len(papers)
    return Coverage(
        papers=count,
        members=members,
        held=held / count,
        sure=jeffreys(held, count),
        promised=math.fsum(p.chance for p in papers) / count,
        bias=math.fsum((p.mean - p.score) / p.maximum for p in papers) / count,
        width=math.fsum((p.high - p.low) / p.maximum for p in papers) / count,
    )


def brier(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return the mean of (chance − outcome)² (Brier 1950), 0 for no pairs."""
    return math.fsum((p - y) ** 2 for p, y in pairs) / len(pairs) if pairs else 0.0


def log_loss(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return the mean of −log(chance given to what came), in nats; chances kept off 0 and 1."""
    kept = ((min(1 - CERTAIN, max(CERTAIN, p)), y) for p, y in pairs)
    total = math.fsum(-math.log(p if y else 1 - p) for p, y in kept)
    return total / len(pairs) if pairs else 0.0


def reliability(pairs: Iterable[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """Return `bins` equally wide bins of the chance, each with what was right in it."""
    found: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for chance, right in pairs:
        found[min(bins - 1, int(chance * bins))].append((chance, right))
    return [_bin(n / bins, (n + 1) / bins, members) for n, members in enumerate(found)]


def _bin(low: float, high: float, pairs: Sequence[tuple[float, bool]]) -> Bin:
    """Return one bin; without forecasts it has neither mean nor share."""
    right, count = sum(y for _p, y in pairs), len(pairs)
    mean = math.fsum(p for p, _y in pairs) / count if count else None
    return Bin(low, high, count, mean, right / count if count else None, jeffreys(right, count))

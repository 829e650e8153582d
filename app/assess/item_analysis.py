"""How well each question of a paper, or of the bank, tells knowing from not knowing; pure.

Variances and covariances are over n − 1. With x the share of the mark a question brought in an
attempt and y the share that the rest of the same attempt brought:

    facility          mean of x
    discrimination    corr(x, y), the item–rest correlation
    efficiency        cov(x, y) / cov(x sorted, y sorted): discrimination beside the best possible
    point-biserial    corr(fully right or not, share of the whole attempt)
    effective weight  √max(cov(mark, total), 0), as a share of the sum over the paper
    reliability       Cronbach's α = k/(k − 1) · (1 − Σ var(mark) / var(total)); KR-20 when every
                      mark is all or nothing (Kuder and Richardson 1937); SEM = sd(total) · √(1 − α)

Weight, reliability and SEM need one paper that all took, question for question.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from app.assess.options import Flag, Item, OptionFigures, list_flags, option_table

FLAT = 1e-12  # a variance below this is that of equal marks, give or take rounding


class Attempt(NamedTuple):
    """An attempt handed in at `at` (epoch seconds)."""

    id: str
    member: int
    at: int


class Answer(NamedTuple):
    """One answer of an attempt: mark out of maximum, and the indexes of chosen options if any."""

    attempt: str
    item: str
    mark: float
    maximum: float
    response: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One question: shares are 0…1, correlations −1…1; None where a figure has no meaning."""

    item: str
    answers: int
    facility: float | None
    guess: float
    discrimination: float | None
    efficiency: float | None
    point_biserial: float | None
    weight: float | None
    options: tuple[OptionFigures, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A set of attempts: figures by question, and of the whole when all took the same paper.

    `mean` and `deviation` are shares of the maximum; `sem` is in marks out of `maximum`.
    """

    attempts: int
    answers: int
    items: Mapping[str, ItemFigures]
    mean: float | None
    deviation: float | None
    same_paper: bool
    maximum: float | None
    guess: float | None
    reliability: float | None
    is_kr20: bool
    sem: float | None


def first_attempts(attempts: Iterable[Attempt]) -> set[str]:
    """Return the id of each member's first attempt: later ones have seen the answers."""
    firsts: dict[int, Attempt] = {}
    for attempt in attempts:
        kept = firsts.setdefault(attempt.member, attempt)
        if (attempt.at, attempt.id) < (kept.at, kept.id):
            firsts[attempt.member] = attempt
    return {attempt.id for attempt in firsts.values()}


def analyse(answers: Sequence[Answer], items: Mapping[str, Item] | None = None) -> Analysis:
    """Return the figures of these answers; `items` gives key, options and guess where known.

    An attempt answers a question at most once; a question left out is an answer with mark 0.
    """
    totals, maxima, groups = _sums(answers)
    same = _is_same_paper(groups, len(totals))
    weights = _weights(groups, totals) if same else {}
    known = items or {}
    figures = {
        name: _figures(known.get(name, Item(name)), rows, totals, maxima, weights.get(name))
        for name, rows in groups.items()
    }
    shares = [totals[a] / maxima[a] for a in totals if maxima[a]]
    variance = _covariance(shares, shares)
    alpha, sem = _reliability(groups, totals) if same else (None, None)
    maximum = next(iter(maxima.values())) if same else None
    marks = {name: rows[0].maximum for name, rows in groups.items()}
    blind = math.fsum(f.guess * marks[name] for name, f in figures.items())
    return Analysis(
        attempts=len(totals),
        answers=len(answers),
        items=figures,
        mean=math.fsum(shares) / len(shares) if shares else None,
        deviation=None if variance is None else math.sqrt(variance),
        same_paper=same,
        maximum=maximum,
        guess=blind / maximum if maximum else None,
        reliability=alpha,
        is_kr20=alpha is not None and all(a.mark in (0, a.maximum) for a in answers),
        sem=sem,
    )


Groups = dict[str, list[Answer]]


def _sums(answers: Sequence[Answer]) -> tuple[dict[str, float], dict[str, float], Groups]:
    """Return marks and maxima by attempt, and the answers by question."""
    totals: dict[str, float] = defaultdict(float)
    maxima: dict[str, float] = defaultdict(float)
    groups: Groups = defaultdict(list)
    for answer in answers:
        attempt, item, mark, maximum, _response = answer
        totals[attempt] += mark
        maxima[attempt] += maximum
        groups[item].append(answer)
    return dict(totals), dict(maxima), dict(groups)


def _is_same_paper(groups: Groups, attempts: int) -> bool:
    """Say whether every attempt has every question, at the same mark."""
    return bool(groups) and all(
        len(rows) == attempts and len({row.maximum for row in rows}) == 1
        for rows in groups.values()
    )


def _figures(
    item: Item,
    rows: Sequence[Answer],
    totals: Mapping[str, float],
    maxima: Mapping[str, float],
    weight: float | None,
) -> ItemFigures:
    """Return the figures of one question; what it says about marks needs a mark to be had."""
    rows = [row for row in rows if row.maximum]
    xs = [row.mark / row.maximum for row in rows]
    rests = [
        _share(totals[a] - mark, maxima[a] - maximum) for a, _item, mark, maximum, _chosen in rows
    ]
    wholes = [_share(totals[row.attempt], maxima[row.attempt]) for row in rows]
    rights = [float(row.mark >= row.maximum) for row in rows]
    facility = math.fsum(xs) / len(xs) if xs else None
    discrimination = _correlation(xs, rests)
    table = option_table(item, [row.response for row in rows], rests)
    return ItemFigures(
        item=item.id,
        answers=len(rows),
        facility=facility,
        guess=item.guess,
        discrimination=discrimination,
        efficiency=_efficiency(xs, rests),
        point_biserial=_correlation(rights, wholes),
        weight=weight,
        options=table,
        flags=tuple(list_flags(len(rows), facility, item.guess, discrimination, table)),
    )


def _weights(groups: Groups, totals: Mapping[str, float]) -> dict[str, float]:
    """Return how much each question moves the total, as shares of all; 0 for what moves it not."""
    pulls = {}
    for name, rows in groups.items():
        pull = _covariance([row.mark for row in rows], [totals[row.attempt] for row in rows])
        pulls[name] = math.sqrt(max(0.0, pull or 0.0))
    whole = math.fsum(pulls.values())
    return {name: pull / whole if whole else 0.0 for name, pull in pulls.items()}


def _reliability(groups: Groups, totals: Mapping[str, float]) -> tuple[float | None, float | None]:
    """Return α and the standard error of measurement; None for one question or equal totals."""
    whole = list(totals.values())
    variance = _covariance(whole, whole)
    if len(groups) < 2 or variance is None or variance < FLAT:
        return None, None
    parts = 0.0
    for rows in groups.values():
        marks = [row.mark for row in rows]
        parts += _covariance(marks, marks) or 0.0
    alpha = len(groups) / (len(groups) - 1) * (1 - parts / variance)
    return alpha, math.sqrt(variance * (1 - alpha))


def _share(part: float, whole: float) -> float:
    """Return part of whole, 0 when there is no whole."""
    return part / whole if whole else 0.0


def _covariance(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the covariance over n − 1; None for fewer than two pairs."""
    if len(one) < 2:
        return None
    middle, other_middle = sum(one) / len(one), sum(other) / len(other)
    centred = [value - middle for value in one]
    products = map(mul, centred, [value - other_middle for value in other])
    return float(sum(products)) / (len(one) - 1)


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return Pearson's correlation; None when either does not vary."""
    variance, other_variance = _covariance(one, one), _covariance(other, other)
    if not variance or not other_variance or min(variance, other_variance) < FLAT:
        return None
    return (_covariance(one, other) or 0.0) / math.sqrt(variance * other_variance)


def _efficiency(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the covariance beside that of both sorted; None when that is nothing."""
    best = _covariance(sorted(one), sorted(other))
    return (_covariance(one, other) or 0.0) / best if best and best > FLAT else None

"""Forecasts tried on what came later: a model of the answers up to a day, judged after it; pure.

A member's first answers of a study day, when there are five or more, stand for a small paper of
one point a question: its score is forecast as it would have been on that morning.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.assess.calibration import Calibration, Coverage, Covered, Judged, cover, judge
from app.assess.expected import LEAST_QUESTIONS, Slot, chances, expected
from app.assess.history import Dated
from app.assess.offsets import Model, Sample, fit

DAYS = 14  # the last so many days are forecast from what was before
MOST_PAPERS = 2000  # the coverage of so many is known to ± 2 points


@dataclass(frozen=True, slots=True)
class Backtest:
    """How forecasts of the days from `since` up to `until` fared; None: not enough data."""

    since: date
    until: date
    learned: int
    calibration: Calibration | None
    coverage: Coverage | None


def backtest(dated: Sequence[Dated], until: date, days: int = DAYS) -> Backtest:
    """Return how a model of the samples before the last `days` days does on those days."""
    since = until - timedelta(days=days)
    known = [sample for day, sample in dated if day < since]
    later = [(day, sample) for day, sample in dated if since <= day <= until]
    model = fit(known)
    calibration = judge(_judged(model, later)) if known else None
    coverage = cover(_covered(model, later)) if known else None
    return Backtest(since, until, len(known), calibration, coverage)


def _judged(model: Model, later: Sequence[Dated]) -> list[Judged]:
    """Return each later answer with the chance that was given to it."""
    by_member: dict[int, list[Dated]] = defaultdict(list)
    for one in later:
        by_member[one[1].member].append(one)
    found = []
    for member, rows in sorted(by_member.items()):
        given = chances(model, member, [_slot(sample) for _day, sample in rows])
        pairs = zip(given, rows, strict=True)
        found += [Judged(member, chance, sample.right) for chance, (_day, sample) in pairs]
    return found


def _covered(model: Model, later: Sequence[Dated]) -> list[Covered]:
    """Return each small paper with the interval that was given to its score."""
    papers: dict[tuple[date, int], list[Slot]] = defaultdict(list)
    right: dict[tuple[date, int], int] = defaultdict(int)
    for day, sample in later:
        papers[day, sample.member].append(_slot(sample))
        right[day, sample.member] += sample.right
    keys = sorted(key for key, slots in papers.items() if len(slots) >= LEAST_QUESTIONS)
    step = -(-len(keys) // MOST_PAPERS) or 1  # evenly over days and members when there are many
    found = []
    for key in keys[::step]:
        f = expected(model, key[1], papers[key])
        score = float(right[key])
        found.append(Covered(key[1], f.mean, f.low, f.high, f.chance, score, f.maximum))
    return found


def _slot(sample: Sample) -> Slot:
    return Slot(sample.item, 1, sample.guess, sample.recall)

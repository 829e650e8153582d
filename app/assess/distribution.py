"""Marks as distributions: bins and quartiles, and units beside each other without a ranking; pure.

Figures about fewer than five people are not shown, and nothing is shown from which they could be
worked out: where units that are left out have fewer than five people together, more are left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST_PEOPLE = 5
BINS = 10


@dataclass(frozen=True, slots=True)
class MarkBin:
    """Shares in `low`…`high` (the last bin with its end): how many people have one."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """How shares (0…1) of the full mark spread over people, one a person."""

    people: int
    bins: tuple[MarkBin, ...]
    lower: float
    median: float
    upper: float
    mean: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Units in the order given, each as a distribution, and how many were left out for privacy."""

    units: Mapping[str, Distribution]
    hidden: int


def distribution(shares: Sequence[float], bins: int = BINS) -> Distribution | None:
    """Return the distribution of shares, None for nobody; ValueError for a share outside 0…1."""
    if not shares:
        return None
    if any(not 0 <= share <= 1 for share in shares):
        raise ValueError("shares lie in 0…1")
    counts = [0] * bins
    for share in shares:
        counts[min(bins - 1, int(round(share * bins, 9)))] += 1  # 0.29 · 100 is 28.999…
    ordered = sorted(shares)
    return Distribution(
        people=len(shares),
        bins=tuple(MarkBin(n / bins, (n + 1) / bins, count) for n, count in enumerate(counts)),
        lower=quantile(ordered, 0.25),
        median=quantile(ordered, 0.5),
        upper=quantile(ordered, 0.75),
        mean=math.fsum(shares) / len(shares),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the quantile of sorted values as spreadsheets do (QUARTILE.INC): linear between."""
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def compare(
    units: Mapping[str, Sequence[float]], least: int = LEAST_PEOPLE, bins: int = BINS
) -> Comparison:
    """Return the units that may be shown, in the order given: never sorted by their marks."""
    people = {name: len(shares) for name, shares in units.items() if shares}
    hidden = _hidden(people, least)
    shown = {}
    for name, shares in units.items():
        found = distribution(shares, bins)
        if found is not None and name not in hidden:
            shown[name] = found
    return Comparison(shown, len(hidden))


def may_show(people: int, least: int = LEAST_PEOPLE) -> bool:
    """Say whether a figure about so many people may be shown to others."""
    return people >= least


def _hidden(people: Mapping[str, int], least: int) -> set[str]:
    """Return the units to leave out: small ones, and others until `least` people hide together."""
    hidden = {name for name, count in people.items() if not may_show(count, least)}
    smallest_first = sorted(people, key=lambda name: (people[name], name))
    for name in smallest_first:
        together = sum(people[other] for other in hidden)
        if not hidden or together >= least:
            break
        hidden.add(name)
    return hidden

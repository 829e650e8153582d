"""How sure a share of right answers makes us: Jeffreys and Wilson intervals, and mastery; pure.

With k right of n answers and Jeffreys' prior Beta(½, ½), the share known has the distribution
Beta(k + ½, n − k + ½). Brown, Cai and DasGupta, Interval estimation for a binomial proportion,
Statistical Science 16 (2001), recommend its equal-tailed interval and Wilson's for small n.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

from app.assess import beta

LEVEL = 0.95
MASTERED_SHARE = 0.8  # a chapter is mastered when at least this share is known …
MASTERED_CHANCE = 0.95  # … with at least this probability


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends of an interval of shares, 0 ≤ low ≤ high ≤ 1."""

    low: float
    high: float

    def holds(self, share: float) -> bool:
        """Say whether `share` lies in the interval, ends included."""
        return self.low <= share <= self.high


@lru_cache(maxsize=8192)
def jeffreys(right: float, asked: float, level: float = LEVEL) -> Interval:
    """Return the equal-tailed Jeffreys interval of `right` out of `asked` at `level` (0…1).

    Nothing right gives a lower end of 0, everything right an upper end of 1, as Brown, Cai and
    DasGupta do. `right` may be a sum of chances; where it is a fraction of one answer, the interval
    is widened to hold right/asked. ValueError unless 0 ≤ right ≤ asked.
    """
    _check(right, asked, level)
    a, b, tail = right + 0.5, asked - right + 0.5, (1 - level) / 2
    low = beta.quantile(tail, a, b) if right > 0 else 0.0
    high = 1.0 - beta.quantile(tail, b, a) if right < asked else 1.0
    share = right / asked if asked else 0.5
    return Interval(min(low, share), max(high, share))


@lru_cache(maxsize=8192)
def chance_at_least(share: float, right: float, asked: float) -> float:
    """Return P(p ≥ share) of the Jeffreys posterior after `right` of `asked`; 0 when share > 1."""
    _check(right, asked, LEVEL)
    return beta.above(share, right + 0.5, asked - right + 0.5)


def is_mastered(right: float, asked: float) -> bool:
    """Say whether P(p ≥ 0.8) ≥ 0.95, the only meaning of "mastered" on the site."""
    return chance_at_least(MASTERED_SHARE, right, asked) >= MASTERED_CHANCE


def wilson(right: float, asked: float, level: float = LEVEL) -> Interval:
    """Return the Wilson score interval, the second opinion; 0…1 when nothing was asked."""
    _check(right, asked, level)
    if not asked:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (right + z * z / 2) / (asked + z * z)
    spread = math.sqrt(right * (asked - right) / asked + z * z / 4) * z / (asked + z * z)
    low = middle - spread if right > 0 else 0.0
    high = middle + spread if right < asked else 1.0
    return Interval(max(0.0, low), min(1.0, high))


def _check(right: float, asked: float, level: float) -> None:
    """Refuse counts and levels that cannot be."""
    if not 0 <= right <= asked:
        raise ValueError(f"{right} right of {asked} asked cannot be")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")

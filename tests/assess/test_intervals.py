"""Intervals equal published ones, cover what they promise, and mastery is not given lightly."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.intervals import Interval, chance_at_least, is_mastered, jeffreys, wilson

pytestmark = pytest.mark.pure
counts = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("right", "asked", "level", "low", "high"),
    [
        # printed by the R package cards in its own tests
        (5, 10, 0.95, 0.2235287, 0.7764713),
        (32, 32, 0.95, 0.9250722, 1),
        (0, 32, 0.95, 0, 0.07492776),
        # SciPy's quantiles of Beta(k + 1/2, n - k + 1/2)
        (4, 5, 0.95, 0.3713735993680057, 0.9774872340008449),
        (1, 10, 0.95, 0.011011673763161133, 0.3813147710666164),
        (27, 30, 0.95, 0.7565983910150729, 0.9710193809672735),
        (170, 200, 0.95, 0.7956375705730458, 0.8943228615252827),
    ],
)
def test_jeffreys_intervals_equal_published_ones(
    right: int, asked: int, level: float, low: float, high: float
) -> None:
    found = jeffreys(right, asked, level)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-8)


@pytest.mark.parametrize(
    ("right", "asked", "level", "low", "high"),
    [
        (5, 10, 0.9, 0.2692718, 0.7307282),
        (32, 32, 0.95, 0.8928208, 1),
        (0, 32, 0.95, 0, 0.1071792),
    ],
)
def test_wilson_intervals_equal_published_ones(
    right: int, asked: int, level: float, low: float, high: float
) -> None:
    found = wilson(right, asked, level)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-8)


@pytest.mark.parametrize(
    ("right", "asked", "chance"),
    [
        (5, 5, 0.8745331035892813),
        (10, 10, 0.9676125883247181),
        (27, 30, 0.923204956497663),
        (170, 200, 0.9649677825005121),
    ],
)
def test_chances_of_knowing_enough_equal_those_of_scipy(
    right: int, asked: int, chance: float
) -> None:
    assert chance_at_least(0.8, right, asked) == pytest.approx(chance, abs=1e-12)


def coverage(interval: type[Interval] | object, asked: int, share: float) -> float:
    """Return the exact chance that the interval of `asked` answers holds the true `share`."""
    return math.fsum(
        math.comb(asked, k) * share**k * (1 - share) ** (asked - k)
        for k in range(asked + 1)
        if interval(k, asked).holds(share)  # type: ignore[operator]
    )


@pytest.mark.parametrize("asked", range(5, 21))
def test_mean_coverage_is_at_least_93_percent(asked: int) -> None:
    ends = {k: jeffreys(k, asked) for k in range(asked + 1)}
    grid = [(n + 0.5) / 1000 for n in range(1000)]
    mean = math.fsum(coverage(lambda k, _n: ends[k], asked, p) for p in grid) / len(grid)
    assert 0.93 <= mean <= 0.97


def test_the_check_of_coverage_can_fail() -> None:
    narrow = {k: jeffreys(k, 10, 0.8) for k in range(11)}
    grid = [(n + 0.5) / 100 for n in range(100)]
    mean = math.fsum(coverage(lambda k, _n: narrow[k], 10, p) for p in grid) / len(grid)
    assert mean < 0.85


@given(counts)
def test_an_interval_holds_its_share_and_mirrors(pair: tuple[int, int]) -> None:
    right, asked = pair
    found, mirror = jeffreys(right, asked), jeffreys(asked - right, asked)
    assert 0 <= found.low <= found.high <= 1
    assert found.holds(right / asked if asked else 0.5)
    assert (found.low, found.high) == pytest.approx((1 - mirror.high, 1 - mirror.low), abs=1e-9)


@given(counts, st.integers(1, 50))
def test_more_right_answers_never_lower_the_chance(pair: tuple[int, int], more: int) -> None:
    right, asked = pair
    assert chance_at_least(0.8, right + more, asked + more) >= chance_at_least(0.8, right, asked)


@given(counts)
def test_both_opinions_are_close(pair: tuple[int, int]) -> None:
    right, asked = pair
    one, other = jeffreys(right, asked), wilson(right, asked)
    assert abs(one.low - other.low) + abs(one.high - other.high) <= 3 / (asked + 3) ** 0.9


def test_five_right_answers_are_not_mastery_but_ten_are() -> None:
    assert not is_mastered(5, 5)
    assert not is_mastered(7, 7)
    assert is_mastered(10, 10)
    assert not is_mastered(27, 30)
    assert is_mastered(170, 200)


def test_nothing_asked_says_nothing() -> None:
    assert jeffreys(0, 0) == Interval(0, 1)
    assert wilson(0, 0) == Interval(0, 1)
    assert chance_at_least(1.2, 0, 0) == 0


@pytest.mark.parametrize(("right", "asked", "level"), [(-1, 5, 0.9), (6, 5, 0.9), (1, 5, 1.0)])
def test_what_cannot_be_is_refused(right: int, asked: int, level: float) -> None:
    for interval in (jeffreys, wilson):
        with pytest.raises(ValueError, match=r"cannot be|level"):
            interval(right, asked, level)

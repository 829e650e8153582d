"""The scores of forecasts are exact, and silent until there is enough to say."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.calibration import (
    Covered,
    Judged,
    brier,
    cover,
    judge,
    log_loss,
    reliability,
)

pytestmark = pytest.mark.pure
pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50)


def test_brier_and_log_loss_by_hand() -> None:
    known = [(0.9, True), (0.2, False), (0.6, False), (0.5, True)]
    assert brier(known) == pytest.approx((0.01 + 0.04 + 0.36 + 0.25) / 4)
    expected = -(math.log(0.9) + math.log(0.8) + math.log(0.4) + math.log(0.5)) / 4
    assert log_loss(known) == pytest.approx(expected)


def test_a_certain_forecast_that_fails_costs_much_but_not_everything() -> None:
    assert log_loss([(1.0, False)]) == pytest.approx(-math.log(1e-6))
    assert log_loss([(0.0, False)]) == pytest.approx(0, abs=2e-6)
    assert (brier([]), log_loss([])) == (0, 0)


def test_ten_bins_hold_each_forecast_once() -> None:
    bins = reliability([(0.0, False), (0.07, True), (0.95, True), (1.0, True), (0.3, False)])
    assert [b.count for b in bins] == [2, 0, 0, 1, 0, 0, 0, 0, 0, 2]
    assert (bins[0].mean, bins[0].right) == (0.035, 0.5)
    assert (bins[1].mean, bins[1].right) == (None, None)
    assert bins[9].right == 1
    assert bins[9].sure.high == 1
    assert (bins[0].low, bins[9].high) == (0, 1)


@given(pairs)
def test_bins_add_up(found: list[tuple[float, bool]]) -> None:
    bins = reliability(found)
    assert sum(b.count for b in bins) == len(found)
    right = sum(b.count * b.right for b in bins if b.right is not None)
    assert right == pytest.approx(sum(y for _p, y in found))


@given(pairs)
def test_no_constant_beats_the_average(found: list[tuple[float, bool]]) -> None:
    average = sum(y for _p, y in found) / len(found)
    best = brier([(average, y) for _p, y in found])
    for other in (0.0, 0.3, 0.5, 0.9):
        assert best <= brier([(other, y) for _p, y in found]) + 1e-12


def drawn(count: int, members: int, honest: bool = True) -> list[Judged]:
    """Return forecasts whose chances are true, or the wrong way round."""
    draw = random.Random(5)
    found = []
    for n in range(count):
        chance = draw.random()
        right = draw.random() < chance
        found.append(Judged(n % members, chance if honest else 1 - chance, right))
    return found


def test_honest_forecasts_beat_the_constant_and_lie_on_the_diagonal() -> None:
    found = judge(drawn(5000, 50))
    assert found is not None
    assert (found.answers, found.members) == (5000, 50)
    assert found.brier < found.constant_brier
    assert found.log_loss < found.constant_log_loss
    assert found.skill == pytest.approx(1 / 3, abs=0.05)  # (1/4 - 1/6) / (1/4)
    assert sum(b.sure.holds(b.mean) for b in found.bins if b.mean is not None) >= 8


def test_lying_forecasts_are_worse_than_the_constant() -> None:
    found = judge(drawn(5000, 50, honest=False))
    assert found is not None
    assert found.skill < 0


def test_nothing_is_said_before_there_is_enough() -> None:
    assert judge(drawn(499, 50)) is None
    assert judge(drawn(5000, 19)) is None
    assert judge(drawn(500, 20)) is not None
    assert judge([]) is None


def paper(member: int, score: float) -> Covered:
    """Return a paper of 100 marks expected at 70, between 60 and 80."""
    return Covered(member, 70, 60, 80, 0.8, score, 100)


def test_coverage_counts_scores_within() -> None:
    held = [paper(n, 60 if n % 2 else 80) for n in range(80)]
    missed = [paper(n, 59) for n in range(20)]
    found = cover(held + missed)
    assert found is not None
    assert (found.papers, found.members, found.held, found.promised) == (100, 80, 0.8, 0.8)
    assert found.sure.holds(0.8)
    assert found.bias == pytest.approx((40 * 0.1 - 40 * 0.1 + 20 * 0.11) / 100)
    assert found.width == pytest.approx(0.2)


def test_coverage_is_silent_before_there_is_enough() -> None:
    assert cover([paper(n, 70) for n in range(99)]) is None
    assert cover([paper(n % 19, 70) for n in range(200)]) is None


def test_a_perfect_constant_has_no_skill_to_beat() -> None:
    found = judge([Judged(n % 30, 0.9, True) for n in range(600)])
    assert found is not None
    assert found.constant_brier == 0
    assert found.skill == 0

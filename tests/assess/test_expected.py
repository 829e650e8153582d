"""The expected score is exact where it can be, and its intervals hold four times out of five."""

import itertools
import math
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.calibration import Calibration, Coverage, Covered, Judged, cover, judge
from app.assess.expected import (
    NODES,
    Asked,
    Slot,
    chances,
    expected,
    interval,
    recall_on,
    score_distribution,
    shortages,
    slots_on,
)
from app.assess.offsets import Model, Offset, Recall, fit
from app.study.memory import replay, retrievability
from tests.assess.simulated import START, simulate

pytestmark = pytest.mark.pure
SURE = Model(members={1: Offset(0.0, 1e-12)}, items={"q": Offset(0.0, 1e-12)}, samples=1000)
marks = st.lists(st.tuples(st.integers(1, 4), st.floats(0, 1)), max_size=8)


def slot(recall: float | None, mark: int = 1, guess: float = 0.0) -> Slot:
    """Return a question that FSRS expects to be recalled with this chance."""
    return Slot("q", mark, guess, None if recall is None else Recall(recall, 0, 5.0))


@given(marks)
def test_the_distribution_of_scores_is_that_of_counting(draws: list[tuple[int, float]]) -> None:
    found = [0.0] * (sum(mark for mark, _p in draws) + 1)
    for rights in itertools.product((True, False), repeat=len(draws)):
        score = sum(mark for (mark, _p), right in zip(draws, rights, strict=True) if right)
        chances = [p if right else 1 - p for (_m, p), right in zip(draws, rights, strict=True)]
        found[score] += math.prod(chances)
    assert score_distribution(draws) == pytest.approx(found, abs=1e-12)


def test_a_sure_model_gives_fsrs_with_the_guess_on_top() -> None:
    slots = [slot(0.9), slot(0.5, guess=0.25), slot(0.8, mark=3)]
    assert chances(SURE, 1, slots) == pytest.approx([0.9, 0.625, 0.8], abs=1e-6)
    found = expected(SURE, 1, slots)
    assert found.mean == pytest.approx(0.9 + 0.625 + 2.4, abs=1e-5)
    assert (found.maximum, found.questions, found.unmet) == (5, 3, 0)


def test_marks_may_come_in_any_unit() -> None:
    one = expected(SURE, 1, [slot(0.9)] * 10)
    other = expected(SURE, 1, [slot(0.9, mark=250)] * 10)
    assert other.mean == pytest.approx(250 * one.mean)
    assert (other.low, other.high) == (250 * one.low, 250 * one.high)
    assert other.chance == pytest.approx(one.chance)


def test_unknown_members_and_unmet_questions_widen_the_interval() -> None:
    slots = [slot(0.8)] * 20
    known, unknown = expected(SURE, 1, slots), expected(SURE, 2, slots)
    assert unknown.high - unknown.low > known.high - known.low
    unmet = expected(SURE, 1, [slot(None)] * 20)
    assert unmet.unmet == 20
    assert unmet.mean < known.mean


def test_the_nodes_stand_for_a_standard_normal() -> None:
    assert math.fsum(NODES) == pytest.approx(0, abs=1e-12)
    assert math.fsum(x * x for x in NODES) / len(NODES) == pytest.approx(1)


def test_an_interval_stops_where_it_is_nearest() -> None:
    assert interval([0.1, 0.2, 0.4, 0.2, 0.1], 0.8) == (1, 3, pytest.approx(0.8))
    assert interval([0.05, 0.9, 0.05], 0.8) == (1, 1, pytest.approx(0.9))
    assert interval([0.5, 0.5], 0.8) == (0, 1, pytest.approx(1))
    assert interval([0.0, 0.0, 0.3, 0.45, 0.25], 0.8) == (2, 3, pytest.approx(0.75))
    assert interval([1.0], 0.8) == (0, 0, 1)


@given(marks, st.floats(0.5, 0.95))
def test_an_interval_has_the_chance_it_says(draws: list[tuple[int, float]], level: float) -> None:
    scores = score_distribution(draws)
    low, high, chance = interval(scores, level)
    assert 0 <= low <= high < len(scores)
    assert chance == pytest.approx(math.fsum(scores[low : high + 1]), abs=1e-9)


def test_recall_comes_from_memory_on_the_day() -> None:
    memory = replay([(3, START), (3, START), (3, START + timedelta(days=2))])
    assert memory is not None
    day = memory.last_day + timedelta(days=9)
    slots = slots_on([Asked("a", 2, 0.25), Asked("b", 1, 0.5)], {"a": memory}, day)
    expected_recall = Recall(retrievability(memory, day), 9, memory.difficulty)
    assert slots == [Slot("a", 2, 0.25, expected_recall), Slot("b", 1, 0.5, None)]
    early = recall_on(memory, memory.last_day - timedelta(days=3))
    assert early is not None
    assert (early.days, early.chance) == (0, pytest.approx(1))


def test_it_says_when_there_is_not_enough_data() -> None:
    few = Model(samples=199)
    assert shortages(SURE, [slot(0.9)] * 5) == []
    assert shortages(few, [slot(0.9)] * 4) == ["samples", "questions"]
    assert shortages(SURE, [slot(0.9)] * 4 + [slot(None)] * 5) == ["unmet"]
    assert shortages(SURE, [slot(0.9)] * 5 + [slot(None)] * 5) == []


def test_a_paper_without_questions_expects_nothing() -> None:
    found = expected(SURE, 1, [])
    assert (found.mean, found.low, found.high, found.maximum) == (0, 0, 0, 0)


@cache
def simulated(kind: str) -> tuple[Calibration, Coverage]:
    """Return how forecasts of 1,000 simulated members fared."""
    samples, sittings = simulate(kind)
    model = fit(samples)
    papers, answers = [], []
    for s in sittings:
        f = expected(model, s.member, s.slots)
        papers.append(Covered(s.member, f.mean, f.low, f.high, f.chance, s.score, f.maximum))
        found = zip(chances(model, s.member, s.slots), s.right, strict=True)
        answers += [Judged(s.member, chance, right) for chance, right in found]
    calibration, coverage = judge(answers), cover(papers)
    assert calibration is not None
    assert coverage is not None
    return calibration, coverage


def test_forecasts_of_members_of_our_family_are_calibrated() -> None:
    calibration, coverage = simulated("ours")
    assert coverage.members == 1000
    assert 0.75 <= coverage.held <= 0.85
    assert abs(coverage.bias) < 0.02
    assert calibration.brier < calibration.constant_brier


@pytest.mark.parametrize("kind", ["power", "half-life"])
def test_forecasts_of_members_who_remember_otherwise_still_hold(kind: str) -> None:
    calibration, coverage = simulated(kind)
    assert coverage.members == 1000
    assert 0.75 <= coverage.held <= 0.85
    assert abs(coverage.bias) < 0.035
    assert calibration.brier < 0.9 * calibration.constant_brier
    assert calibration.log_loss < calibration.constant_log_loss

"""From a goal to a daily load: equal to playing the days by lot, and never more than is needed."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.assign.load import (
    LONGEST,
    Known,
    chance_of_first,
    place_of,
    plan_load,
    recall,
    tables,
)
from app.study.memory import GOOD, REVIEW, Memory, after_answer, retrievability
from tests.bench.goals import TODAY, compare, known_of, make_case

pytestmark = pytest.mark.pure
MANY = 10_000  # answers a day: no limit


def plan(
    known: Any = (), unseen: int = 100, days: int = 60, target: float = 0.8, **more: Any
) -> Any:
    """Return a load, with no limit of answers unless told otherwise."""
    return plan_load(known, unseen, days, target, more.pop("most", MANY), more.pop("first", 0.7))


@pytest.mark.once
@pytest.mark.parametrize(
    ("met", "unseen", "days", "target"),
    [(0, 80, 30, 0.9), (80, 60, 45, 0.9), (120, 0, 90, 0.8), (60, 200, 20, 0.5)],
)
def test_the_load_is_what_playing_the_days_by_lot_gives(
    met: int, unseen: int, days: int, target: float
) -> None:
    load, then, due = compare(make_case(3, met, unseen, days), target, games=8)
    assert load.then == pytest.approx(then, abs=0.02)
    assert load.due == pytest.approx(due, abs=0.1 * due + 1.5)


def test_recall_is_that_of_the_scheduler() -> None:
    for stability in (0.3, 2.7, 40.0, 900.0):
        for days in (0, 1, 9, 365):
            memory = Memory(REVIEW, None, stability, 5.0, TODAY, 1)
            known = retrievability(memory, TODAY + timedelta(days=days))
            assert recall(stability, days) == pytest.approx(known, abs=1e-9)


def test_a_question_that_is_not_due_before_the_day_only_fades() -> None:
    load = plan([Known(100.0, 5.0, 10, 90)], unseen=0, days=30, target=0.5)
    assert load.now == pytest.approx(recall(100.0, 10))
    assert load.then == pytest.approx(recall(100.0, 40))
    assert (load.new, load.due, load.answers) == (0, 0, 0)


def test_a_question_set_aside_is_not_reviewed() -> None:
    aside, due = Known(3.0, 5.0, 3, None), Known(3.0, 5.0, 3, 0)
    assert plan([aside], 0).then == pytest.approx(recall(3.0, 63))
    assert plan([due], 0).then > plan([aside], 0).then
    assert plan([aside], 0).due == 0


def test_one_review_is_the_schedulers_step() -> None:
    """Due today, with so few days left that there is just this review."""
    known = Known(20.0, 5.0, 20, 0)
    before = Memory(REVIEW, None, 20.0, 5.0, TODAY - timedelta(days=20), 20)
    right = after_answer(before, GOOD, TODAY)
    wrong = after_answer(after_answer(before, 1, TODAY), GOOD, TODAY)
    chance = recall(20.0, 20)
    expected = chance * recall(right.stability, 1) + (1 - chance) * recall(wrong.stability, 1)
    assert plan([known], 0, days=1).then == pytest.approx(expected, abs=0.01)


def test_the_last_day_is_not_studied() -> None:
    known = [Known(2.0, 5.0, 2, 0)] * 5
    load = plan(known, unseen=10, days=0, target=0.5)
    assert (load.new, load.due) == (0, 0)
    assert load.then == load.now
    assert not load.reachable


@example(unseen=13, days=4, target=0.9375, met=1)  # begun sooner than in an even pace
@given(
    unseen=st.integers(1, 300),
    days=st.integers(1, 120),
    target=st.floats(0.5, 0.95),
    met=st.integers(0, 20),
)
def test_the_pace_is_the_least_that_will_do(
    unseen: int, days: int, target: float, met: int
) -> None:
    known = known_of(make_case(met, met, 0, days))
    load = plan(known, unseen, days, target)
    assert 0 <= load.new <= unseen
    assert 0 <= load.now <= 1
    assert 0 <= load.then <= 1
    assert load.total == met + unseen
    if load.reachable:
        assert load.then >= target
    if load.reachable and load.new:
        lazier = _with_pace(known, unseen, days, load.new - 1)
        assert lazier < target


def _with_pace(known: list[Known], unseen: int, days: int, new: int) -> float:
    """Return the recall with `new` questions a day, worked out from single questions."""
    table = tables()
    total = sum(plan([one], 0, days, 0.0).then for one in known)
    for number in range(min(unseen, new * days)):
        total += table.begun(days - number // new, 0.7)[0]
    return total / (len(known) + unseen)


def test_a_limit_of_answers_makes_a_goal_unreachable() -> None:
    free = plan(unseen=300, days=20, target=0.9)
    assert free.reachable
    assert free.answers > 60
    bound = plan(unseen=300, days=20, target=0.9, most=60)
    assert not bound.reachable
    assert (bound.new, bound.due) == (free.new, free.due)


def test_what_no_pace_can_reach_is_said_so() -> None:
    load = plan(unseen=50, days=90, target=0.99)
    assert not load.reachable
    assert 0.9 < load.then < 0.99


def test_nothing_to_study_is_no_goal() -> None:
    with pytest.raises(ValueError, match="questions"):
        plan([], 0)


def test_the_grid_takes_what_lies_beyond_as_its_edge() -> None:
    for stability, difficulty in ((0.001, 0.0), (1e6, 99.0)):
        place = place_of(stability, difficulty)
        assert sum(place.weights) == pytest.approx(1)
        assert 0 <= place.of(tables().costs[0]) <= 1


def test_tables_grow_once_and_stay() -> None:
    tables().grow(5)
    before = list(tables().values[5])
    tables().grow(LONGEST)
    assert tables().values[5] == before
    assert len(tables().values) == len(tables().costs) == LONGEST + 1


def test_first_answers_of_somebody_unknown_are_guessed_and_then_learnt() -> None:
    assert chance_of_first(0, 0) == pytest.approx(0.7)
    assert chance_of_first(900, 1000) == pytest.approx(0.9, abs=0.01)

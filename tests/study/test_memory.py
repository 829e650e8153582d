"""Memory equals py-fsrs replayed by study day, for any history."""

from datetime import UTC, date, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler, State
from hypothesis import given, settings
from hypothesis import strategies as st

from app.study.memory import REVIEW, after_answer, replay, retrievability

START = date(2026, 1, 1)
histories = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60)), min_size=1, max_size=25)

pytestmark = pytest.mark.pure


@settings(max_examples=1000, deadline=None)
@given(histories)
def test_equals_the_library_replayed_by_study_day(history: list[tuple[int, int]]) -> None:
    scheduler, card = Scheduler(enable_fuzzing=False), Card(card_id=1)
    day, steps = START, []
    for rating, gap in history:
        day += timedelta(days=gap)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        card, _log = scheduler.review_card(card, Rating(rating), moment)
        steps.append((rating, day))
    memory = replay(steps)
    assert memory is not None
    assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)  # to the bit
    assert (memory.state, memory.step) == (int(card.state), card.step)
    wait = card.due - moment
    assert memory.wait == (wait.days if memory.state == REVIEW else wait.total_seconds())
    for days in (0, 1, 30):
        later = day + timedelta(days=days)
        at = datetime(later.year, later.month, later.day, tzinfo=UTC)
        assert retrievability(memory, later) == scheduler.get_card_retrievability(card, at)


def test_a_card_reviewed_when_due_follows_the_library() -> None:
    ratings = (3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3)  # the history fsrs's own tests use
    scheduler, card = Scheduler(enable_fuzzing=False), Card(card_id=1)
    memory, moment = None, datetime(2022, 11, 29, tzinfo=UTC)
    for rating in ratings:
        card, _log = scheduler.review_card(card, Rating(rating), moment)
        memory = after_answer(memory, rating, moment.date())
        assert memory.stability == pytest.approx(card.stability, rel=1e-6)
        if card.state == State.Review:
            assert memory.due_day == card.due.date()
        moment = datetime(*card.due.timetuple()[:3], tzinfo=UTC)


def test_again_is_due_sooner_than_good() -> None:
    good = after_answer(None, 3, START)
    assert after_answer(None, 1, START).wait < good.wait


def test_retrievability_falls_and_is_one_on_the_day() -> None:
    memory = replay([(3, START), (3, START), (3, START + timedelta(days=2))])
    assert memory is not None
    assert memory.state == REVIEW
    days = [retrievability(memory, memory.last_day + timedelta(days=n)) for n in (0, 1, 10, 100)]
    assert days[0] == pytest.approx(1)
    assert days == sorted(days, reverse=True)


def test_a_clock_gone_backwards_counts_as_the_same_day() -> None:
    memory = after_answer(None, 3, START)
    assert after_answer(memory, 3, START - timedelta(days=3)) == after_answer(memory, 3, START)


def test_rating_outside_one_to_four_is_refused() -> None:
    with pytest.raises(ValueError, match="5"):
        after_answer(None, 5, START)

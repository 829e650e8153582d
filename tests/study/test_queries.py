"""What comes next, what today holds, and how things stand."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app.bank.queries import list_question_ids
from app.base.clock import day_start, epoch, study_day
from app.base.errors import NotFound
from app.study import actions, queries
from app.study.queries import Way
from tests.conftest import Cast, Clock
from tests.study.test_actions import answer_anything, sent, single


@pytest.fixture
def member(bank: Flask, cast: Cast) -> int:
    """A member who has not studied yet."""
    return cast.make_member("甲")


def test_a_first_day_offers_new_questions_in_bank_order(member: int, clock: Clock) -> None:
    today = queries.get_today(member, clock())
    assert (today.due, today.new, today.done, today.next_due_at) == (0, 10, 0, None)
    assert today.seconds == 10 * 15
    assert queries.find_next(member, Way(), clock(), "s") == list_question_ids()[0]


def test_due_cards_come_before_new_ones_and_learning_ones_a_little_early(
    member: int, clock: Clock
) -> None:
    actions.change_settings(member, 2, 100, None)
    question_id = single()
    actions.answer_card(member, sent(question_id, right=False), clock())
    other = queries.find_next(member, Way(), clock(), "s")
    assert other not in (None, question_id)
    clock.move(minutes=2)
    assert queries.find_next(member, Way(), clock(), "s") == question_id
    actions.answer_card(member, sent(question_id, version=1), clock())
    answer_anything(member, str(other), clock)
    early = queries.find_next(member, Way(), clock(), "s")
    assert early in (question_id, other)


def test_only_the_chosen_subject_is_new(member: int, clock: Clock) -> None:
    actions.change_settings(member, 10, 100, "nothing-of-the-kind")
    assert queries.get_today(member, clock()).new == 0


def test_a_random_walk_depends_on_the_seed_alone(member: int, clock: Clock) -> None:
    way = Way("random", since=epoch(clock()))
    first = {queries.find_next(member, way, clock(), "a") for _time in range(3)}
    many = {queries.find_next(member, way, clock(), str(n)) for n in range(30)}
    assert len(first) == 1
    assert len(many) > 3


def test_one_question_can_be_asked_by_name(member: int, clock: Clock) -> None:
    assert queries.find_next(member, Way("one", question=single()), clock(), "s") == single()
    with pytest.raises(NotFound):
        queries.find_next(member, Way("one", question="none"), clock(), "s")


def test_the_forecast_counts_overdue_cards_today(member: int, clock: Clock) -> None:
    question_id = single()
    actions.answer_card(member, sent(question_id), clock())
    clock.move(minutes=11)
    actions.answer_card(member, sent(question_id, version=1), clock())
    today = study_day(clock())
    ahead = queries.count_forecast(member, today)
    assert sum(ahead) == 1
    assert ahead[0] == 0
    clock.move(days=40)
    assert queries.count_forecast(member, study_day(clock()))[0] == 1


def test_retention_counts_only_answers_after_a_day_or_more(member: int, clock: Clock) -> None:
    question_id = single()
    for version, (days, right) in enumerate(((0, True), (0, True), (3, True), (10, False))):
        clock.move(days=days, minutes=11)
        actions.answer_card(member, sent(question_id, right, version), clock())
    assert queries.count_retention(member, date(2026, 1, 1)) == (1, 2)
    assert queries.count_by_day(member, date(2026, 1, 1)) == {
        date(2026, 11, 23): 2,
        date(2026, 11, 26): 1,
        date(2026, 12, 6): 1,
    }


def test_knowledge_falls_with_time(member: int, clock: Clock) -> None:
    actions.answer_card(member, sent(single()), clock())
    day = study_day(clock())
    now, later = (
        queries.list_knowledge(member, day + timedelta(days=n))[single()] for n in (0, 30)
    )
    assert now == pytest.approx(1)
    assert 0 < later < now


def test_the_members_own_pace_is_learnt(member: int, clock: Clock) -> None:
    question_id = single()
    for version in range(25):
        actions.answer_card(member, sent(question_id, True, version), clock())
        clock.move(days=1)
    actions.change_settings(member, 10, 100, None)
    today = queries.get_today(member, clock())
    assert today.seconds == (today.due + today.new) * 5  # 4 s an answer, at least 5 are allowed for


def test_the_study_day_turns_at_four(member: int, clock: Clock) -> None:
    actions.answer_card(member, sent(single()), clock())
    clock.moment = day_start(date(2026, 11, 24)) - timedelta(seconds=1)
    assert queries.get_today(member, clock()).done == 1
    clock.move(seconds=1)
    assert queries.get_today(member, clock()).done == 0


@pytest.mark.parametrize("answered", [0, 1, 2, 3])
def test_new_questions_are_counted_as_they_are_listed(
    member: int, clock: Clock, answered: int
) -> None:
    from app.study.queries.queue import Standing, _count_new, list_unmet_ids

    ids = list_question_ids()
    for question_id in ids[:answered]:
        actions.star_card(member, question_id, True)  # a card, and the question is still new
    for question_id in ids[:answered:2]:
        actions.suspend_card(member, question_id, True)
    for most in (0, 1, len(ids) - answered, len(ids) + 5):
        wanted = queries.Settings(new_per_day=most)
        day = study_day(clock())
        listed = list_unmet_ids(member, day, wanted, most)
        assert _count_new(member, day, Standing(0, 0, wanted)) == len(listed)

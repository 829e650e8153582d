"""One read says what several say one after the other, and nothing rooms have to tell is missed."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.bank.queries import get_question, list_question_ids
from app.base.clock import epoch, study_day
from app.base.db import db, reading_to_write, transaction
from app.base.ids import new_id
from app.study import actions, queries
from app.study.queries import asking
from app.study.queries.queue import get_progress_in_parts, get_today_in_parts
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room
from tests.study.test_actions import answer_anything
from tests.study.test_feeding import handed_in

__all__ = ["handed_in"]

STEPS = 40


@pytest.fixture
def member(bank: Flask, cast: Cast) -> int:
    """A member who has not studied yet."""
    return cast.make_member("甲")


def live(member: int, clock: Clock, lot: random.Random) -> None:
    """Do one of the things a member does."""
    question = lot.choice(list_question_ids())
    day = study_day(clock())
    act = lot.randrange(10)
    if act < 4:
        answer_anything(member, question, clock)
    elif act == 4:
        actions.star_card(member, question, lot.random() < 0.7)
    elif act == 5:
        actions.suspend_card(member, question, lot.random() < 0.5)
    elif act == 6:
        actions.bury_card(member, question, day)
    elif act == 7:
        actions.write_note(member, question, lot.choice(("", "笔记")))
    elif act == 8:
        subject = lot.choice((None, None, "dangzhang", "none"))
        new, most = lot.choice((0, 1, 3, 200)), lot.choice((1, 5, 100))
        actions.change_settings(member, new, most, subject)
    elif last := queries.find_last_answer(member, day):
        actions.undo_answer(member, last, clock())
    clock.move(**lot.choice(({"seconds": 70}, {"minutes": 12}, {"hours": 9}, {"days": 3})))


@pytest.mark.parametrize("seed", range(6))
def test_one_read_says_what_several_say(member: int, clock: Clock, seed: int) -> None:
    lot, asked = random.Random(seed), set()
    for _step in range(STEPS):
        live(member, clock, lot)
        db.session.rollback()
        found = queries.ask_due(member, clock())
        assert found == asking._next_in_parts(member, clock())
        assert queries.get_today(member, clock()) == get_today_in_parts(member, clock())
        asked.add(found.question.id if found else None)
    assert len(asked) > 2


@pytest.mark.parametrize("seed", range(3))
def test_what_is_hidden_is_not_asked_in_one_read_either(
    member: int, clock: Clock, seed: int
) -> None:
    lot = random.Random(seed)
    for _step in range(15):
        live(member, clock, lot)
    gone = list_question_ids()[::2]
    with transaction() as session:
        for question_id in gone:
            session.execute(
                db.text("UPDATE bank_question SET status = 'retired' WHERE id = :id"),
                {"id": question_id},
            )
        session.execute(db.text("UPDATE bank_publication SET token = 'another'"))
    for _step in range(10):
        clock.move(minutes=50)
        found = queries.ask_due(member, clock())
        assert found == asking._next_in_parts(member, clock())
        assert found is None or found.question.id not in gone
        today = queries.get_today(member, clock())
        assert today == get_today_in_parts(member, clock())
        if found:
            answer_anything(member, found.question.id, clock)


@pytest.fixture
def token_of(cast: Cast) -> Callable[[str], str]:
    """Signs somebody in and returns the token of that."""

    def sign_in(name: str) -> str:
        with cast.sign_in(name).session_transaction() as held:
            return str(held["_user_id"])

    return sign_in


@pytest.fixture
def token(member: int, token_of: Callable[[str], str]) -> str:
    """The token of the member's sign-in."""
    return token_of("甲")


@pytest.mark.parametrize("seed", range(8))
def test_the_progress_after_an_answer_is_known_before_it(
    member: int, token: str, clock: Clock, seed: int
) -> None:
    """Whatever the member did before: with cards laid aside, days that are full, nothing left."""
    lot, known = random.Random(seed), 0
    for _step in range(STEPS):
        live(member, clock, lot)
        with transaction() as session:  # stays signed in, and this browser was noted just now
            row = {"now": epoch(clock())}
            session.execute(db.text("UPDATE accounts_session SET seen_at = :now"), row)
        question = get_question(lot.choice(list_question_ids()))
        given = new_id()
        with reading_to_write():
            found = queries.look_signed_in(token, given, question.id, 1, clock())
            assert found is not None
            response = {"truefalse": True, "blank": ["x"], "order": [0, 1, 2]}
            told = response.get(question.kind, [0])
            answer = actions.Answer(given, question.id, 1, found[2].version or 0, told, 1, "due")
            done = actions.answer_card(member, answer, clock(), found[1:])
        db.session.rollback()
        if done.shown:
            assert done.progress == queries.get_progress(member, clock())
            assert done.progress == get_progress_in_parts(member, clock())
            known += 1
    assert known > STEPS // 2


def test_who_is_signed_in_comes_along(member: int, token: str, clock: Clock) -> None:
    found = queries.ask_signed_in(token, clock())
    assert found is not None
    viewer, asked = found
    assert viewer.id == member
    assert viewer.name == "甲"
    assert asked == queries.ask_due(member, clock())
    greeted = queries.greet_signed_in(token, clock(), "1 = 0")
    assert greeted == (viewer, queries.get_today(member, clock()))


@pytest.mark.parametrize("wrong", ["", "1", "x.y", "1.nonsense", "999999.{rest}", "{token}x"])
def test_nobody_is_told_anything_by_another_token(
    member: int, token: str, clock: Clock, wrong: str
) -> None:
    tried = wrong.format(token=token, rest=token.partition(".")[2])
    assert queries.ask_signed_in(tried, clock()) is None
    assert queries.greet_signed_in(tried, clock(), "1 = 0") is None


def test_whoever_has_something_to_tell_is_heard(member: int, token: str, clock: Clock) -> None:
    assert queries.greet_signed_in(token, clock(), "1 = 1") is None
    mine = "EXISTS (SELECT 1 FROM accounts_user WHERE id = :member AND :now > 0)"
    assert queries.greet_signed_in(token, clock(), mine) is None
    assert queries.greet_signed_in(token, clock(), f"NOT {mine}") is not None


def test_an_answer_that_waits_is_taken_in_first(member: int, token: str, clock: Clock) -> None:
    waiting: dict[str, Any] = {"member": member, "question": list_question_ids()[0]}
    with transaction() as session:
        session.execute(
            db.text(
                """INSERT INTO study_waiting
                (member_id, answer_id, question_id, item, device, at_ms, arrived_ms, disputed)
                VALUES (:member, 'a', :question, '{}', '', 1, 1, FALSE)"""
            ),
            waiting,
        )
    assert queries.greet_signed_in(token, clock(), "1 = 0") is None


def test_answers_of_papers_are_taken_in_first(
    room: Room, handed_in: int, token_of: Callable[[str], str]
) -> None:
    mine, news = token_of("甲"), "1 = 0"
    assert queries.greet_signed_in(mine, room.clock(), news) is None
    room.clock.move(days=1)
    actions.catch_up(room.member.id, room.clock())
    assert queries.greet_signed_in(mine, room.clock(), news) is not None
    with transaction() as session:  # as if a mark had been given anew since
        session.execute(db.text("UPDATE study_fed SET remarks = -1"))
    assert queries.greet_signed_in(mine, room.clock(), news) is None


def test_the_day_is_over_when_its_answers_are_given(member: int, clock: Clock) -> None:
    actions.change_settings(member, 10, 1, None)
    found = queries.ask_due(member, clock())
    assert found is not None
    answer_anything(member, found.question.id, clock)
    assert queries.ask_due(member, clock()) is None
    clock.move(days=1)
    assert queries.ask_due(member, clock()) is not None

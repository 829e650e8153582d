"""Answers are applied exactly once, can be rated and undone, and nothing is lost."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from app.bank.queries import get_question, list_question_ids
from app.base.clock import study_day
from app.base.db import db
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import new_id
from app.study import actions, queries
from app.study.actions import Answer, Kept
from app.study.actions.writing import milliseconds
from app.study.card import replay
from app.study.delivery import Item
from app.study.log import card_of, read_log
from app.study.models import CardRow
from app.study.queries import answering
from tests.conftest import Cast, Clock


def single() -> str:
    """Return the first single-choice question of the test bank."""
    return next(i for i in list_question_ids() if get_question(i).kind == "single")


def key_of(question_id: str) -> list[int]:
    """Return the canonical right response of a single-choice question."""
    answer: str = get_question(question_id).content.answer
    return ["ABCDEF".index(letter) for letter in answer]


def sent(question_id: str, right: bool = True, version: int = 0, answer_id: str = "") -> Answer:
    """Return an answer as a page would send it."""
    key = key_of(question_id)
    response = key if right else [(key[0] + 1) % 2]
    if not right and response == key:
        response = [key[0] + 1]
    return Answer(answer_id or new_id(), question_id, 1, version, response, 4000, "due")


@pytest.fixture
def member(bank: Flask, cast: Cast) -> int:
    """A member who has not studied yet."""
    return cast.make_member("甲")


def card(member: int, question_id: str) -> CardRow:
    """Return the stored card."""
    db.session.rollback()
    row = db.session.get(CardRow, (member, question_id))
    assert row is not None
    return row


def test_the_second_delivery_changes_nothing(member: int, clock: Clock) -> None:
    question_id = single()
    answer = sent(question_id)
    assert actions.answer_card(member, answer, clock()).right is True
    clock.move(hours=1)
    assert actions.answer_card(member, answer, clock()).right is True
    assert card(member, question_id).reps == 1
    assert card(member, question_id).version == 1


def test_a_stale_version_is_refused_and_counts_nothing(member: int, clock: Clock) -> None:
    question_id = single()
    actions.answer_card(member, sent(question_id), clock())
    with pytest.raises(Stale):
        actions.answer_card(member, sent(question_id, version=0), clock())
    assert card(member, question_id).reps == 1


def test_the_card_equals_the_replay_of_its_log(member: int, clock: Clock) -> None:
    question_id = single()
    for version, right in enumerate([True, False, True, True, False, True]):
        actions.answer_card(member, sent(question_id, right, version), clock())
        clock.move(days=1 + version, hours=3)
    log = read_log(db.session(), member, question_id)
    assert len(log) == 6
    assert card_of(card(member, question_id)) == replay(log)


def test_a_clock_gone_backwards_still_equals_the_replay(member: int, clock: Clock) -> None:
    question_id = single()
    actions.answer_card(member, sent(question_id), clock())
    clock.move(days=-2)
    actions.answer_card(member, sent(question_id, False, 1), clock())
    assert card_of(card(member, question_id)) == replay(read_log(db.session(), member, question_id))


def test_a_page_is_the_same_whether_it_is_known_or_read(member: int, clock: Clock) -> None:
    question_id = single()
    actions.star_card(member, question_id, True)
    actions.write_note(member, question_id, "记住")
    version = queries.get_marks(member, question_id).version
    for right in (True, False, True, True, False, False):
        answer = sent(question_id, right, version)
        shown = actions.answer_card(member, answer, clock()).shown
        assert shown is not None
        db.session.rollback()
        marks = queries.get_marks(member, question_id)
        assert shown == (queries.get_feedback(member, answer.answer_id), marks)
        version = marks.version
        clock.move(days=2)


def test_what_was_taken_back_before_it_arrived_does_not_count(member: int, clock: Clock) -> None:
    answer = sent(single())
    gone = Kept(Item(new_id(), 1, milliseconds(clock()), voids=answer.answer_id), None)
    actions.absorb_answers(member, "d" * 22, milliseconds(clock()), [gone], clock())
    assert actions.answer_card(member, answer, clock()).shown is None
    assert card(member, single()).reps == 0
    assert queries.get_feedback(member, answer.answer_id).voided
    assert queries.list_drifted(member) == []


def test_rating_replaces_the_answer_once(member: int, clock: Clock) -> None:
    question_id, again = single(), new_id()
    answer = sent(question_id)
    actions.answer_card(member, answer, clock())
    good = card(member, question_id).stability
    for _delivery in range(2):
        actions.rate_answer(member, answer.answer_id, 4, again, clock())
    assert card(member, question_id).reps == 1
    assert card(member, question_id).stability > good  # type: ignore[operator]
    with pytest.raises(Stale):
        actions.rate_answer(member, answer.answer_id, 2, new_id(), clock())


def test_a_wrong_answer_is_not_rated(member: int, clock: Clock) -> None:
    answer = sent(single(), right=False)
    assert actions.answer_card(member, answer, clock()).right is False
    with pytest.raises(Invalid):
        actions.rate_answer(member, answer.answer_id, 3, new_id(), clock())


def test_undo_takes_back_the_rated_answer_and_is_harmless_twice(member: int, clock: Clock) -> None:
    question_id = single()
    answer = sent(question_id)
    actions.answer_card(member, answer, clock())
    actions.rate_answer(member, answer.answer_id, 4, new_id(), clock())
    for _delivery in range(2):
        assert actions.undo_answer(member, answer.answer_id, clock()) == question_id
    row = card(member, question_id)
    assert (row.reps, row.due_at, row.state) == (0, None, 0)
    assert queries.get_today(member, clock()).done == 0


def test_yesterdays_answer_cannot_be_undone(member: int, clock: Clock) -> None:
    answer = sent(single())
    actions.answer_card(member, answer, clock())
    clock.move(days=1)
    with pytest.raises(Stale):
        actions.undo_answer(member, answer.answer_id, clock())


def test_nobody_touches_another_members_answer(member: int, cast: Cast, clock: Clock) -> None:
    answer = sent(single())
    actions.answer_card(member, answer, clock())
    other = cast.make_member("乙")
    with pytest.raises(NotFound):
        actions.undo_answer(other, answer.answer_id, clock())
    with pytest.raises(NotFound):
        queries.get_feedback(other, answer.answer_id)


def test_the_same_answer_sent_from_eight_threads_counts_once(
    member: int, app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All eight look before anybody writes, so that all but one come too late."""
    question_id = single()
    answer, results = sent(question_id), list[bool]()
    look, looked = answering.BEFORE.one, threading.Barrier(8, timeout=20)
    first = {thread.name for thread in threading.enumerate()}

    def look_together(**values: object) -> object:
        found = look(**values)
        if threading.current_thread().name not in first:
            first.add(threading.current_thread().name)
            looked.wait()
        return found

    def deliver() -> None:
        with app.app_context():
            results.append(actions.answer_card(member, answer, clock()).right)

    monkeypatch.setattr(answering.BEFORE, "one", look_together)
    threads = [threading.Thread(target=deliver) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 8
    assert card(member, question_id).reps == 1


def test_marks_keep_memory_untouched(member: int, clock: Clock) -> None:
    question_id = single()
    actions.star_card(member, question_id, True)
    assert queries.list_marked_ids(member) == [question_id]
    actions.answer_card(member, sent(question_id), clock())
    actions.suspend_card(member, question_id, True)
    clock.move(days=400)
    assert queries.find_next(member, queries.Way(), clock(), "s") != question_id
    actions.suspend_card(member, question_id, False)
    assert queries.find_next(member, queries.Way(), clock(), "s") == question_id


def test_a_buried_question_comes_back_tomorrow(member: int, clock: Clock) -> None:
    first = queries.find_next(member, queries.Way(), clock(), "s")
    assert first is not None
    actions.bury_card(member, first, study_day(clock()))
    assert queries.find_next(member, queries.Way(), clock(), "s") != first
    clock.move(days=1)
    assert queries.find_next(member, queries.Way(), clock(), "s") == first


def test_notes_are_kept_changed_and_removed(member: int) -> None:
    question_id = single()
    for text in ("记住：一年", "", "再记"):
        actions.write_note(member, question_id, text)
        assert queries.get_marks(member, question_id).note == text
    with pytest.raises(Invalid):
        actions.write_note(member, question_id, "长" * 501)


def test_wrong_book_fills_and_empties(member: int, clock: Clock) -> None:
    question_id = single()
    actions.answer_card(member, sent(question_id, right=False), clock())
    way = queries.Way("wrong", since=int((clock() + timedelta(minutes=1)).timestamp()))
    assert queries.find_next(member, way, clock(), "s") == question_id
    for version in (1, 2):
        clock.move(days=1)
        actions.answer_card(member, sent(question_id, True, version), clock())
    assert queries.list_marked_ids(member) == []


def test_the_daily_limits_hold(member: int, clock: Clock) -> None:
    actions.change_settings(member, 2, 100, None)
    for _n in range(2):
        found = queries.find_next(member, queries.Way(), clock(), "s")
        assert found is not None
        actions.suspend_card(member, found, False)
        answer_anything(member, found, clock)
    today = queries.get_today(member, clock())
    assert (today.new, today.done) == (0, 2)
    actions.change_settings(member, 2, 2, None)
    assert queries.find_next(member, queries.Way(), clock(), "s") is None


def answer_anything(member: int, question_id: str, clock: Clock) -> None:
    """Answer a question of any kind, wrongly if need be."""
    kind = get_question(question_id).kind
    response = {"truefalse": True, "blank": ["x"], "order": [0, 1, 2]}.get(kind, [0])
    version = queries.get_marks(member, question_id).version
    answer = Answer(new_id(), question_id, 1, version, response, 1, "due")
    actions.answer_card(member, answer, clock())

"""Answers in papers reach the memory once each, after the window is over, whatever marks become."""

import threading
from pathlib import Path

import pytest

from app.bank.queries import get_question, list_question_ids
from app.base.clock import study_day
from app.base.db import db
from app.base.errors import Invalid, NotFound
from app.base.ids import new_id
from app.quiz import actions as quiz_actions
from app.quiz.paper import Plan
from app.study import actions, queries
from app.study.actions import catch_up
from app.study.card import Card, replay
from app.study.log import card_of, read_log
from app.study.models import CardRow, ReviewRow
from tests.quiz.conftest import HOUR, Room, right_response, wrong_response
from tests.quiz.test_correcting import KEY_C, OTHER_WORDS, QUESTION, correct_bank
from tests.study.test_actions import sent
from tests.web.visits import settled


def card(room: Room, question_id: str) -> Card | None:
    """Return the member's stored card, which must be the replay of the log."""
    db.session.rollback()
    found = card_of(db.session.get(CardRow, (room.member.id, question_id)))
    assert found == replay(read_log(db.session(), room.member.id, question_id))
    return found


def reviews(room: Room) -> list[ReviewRow]:
    """Return the member's log as it lies there, with what was taken back."""
    db.session.rollback()
    return list(db.session.scalars(db.select(ReviewRow).order_by(ReviewRow.answer_id)))


@pytest.fixture
def handed_in(room: Room) -> int:
    """A paper of two questions that 甲 has handed in, the first right, the second wrong."""
    paper_id = room.make(Plan(picked=list_question_ids()[:2], points={}))
    room.start(paper_id)
    for slot, right in ((1, True), (2, False)):
        row = room.slots(paper_id)[slot - 1]
        question = get_question(row.question_id)
        response = (right_response if right else wrong_response)(question)
        room.answer(paper_id, slot, response=response)
        room.clock.move(minutes=1)
    room.submit(paper_id)
    return paper_id


def test_nothing_is_fed_before_the_window_is_over_and_then_once(room: Room, handed_in: int) -> None:
    answered = room.slots(handed_in)
    assert catch_up(room.member.id, room.clock()) == 0
    assert reviews(room) == []
    room.clock.move(days=2)
    assert catch_up(room.member.id, room.clock()) == 1
    assert catch_up(room.member.id, room.clock()) == 0
    rows = {row.question_id: row for row in reviews(room)}
    for slot, right, rating in zip(answered, (True, False), (3, 1), strict=True):
        row = rows[slot.question_id]
        assert (row.right, row.rating, row.way) == (right, rating, "paper")
        assert (row.at_ms, row.revision, row.before) == (slot.answered_at, slot.revision, 0)
        found = card(room, slot.question_id)
        assert found is not None
        assert (found.reps, bool(found.wrong_left)) == (1, not right)


def test_an_answer_in_a_paper_is_put_between_those_of_practice(room: Room) -> None:
    question_id = list_question_ids()[0]
    actions.answer_card(room.member.id, sent(question_id), room.clock())
    room.clock.move(days=1)
    paper_id = room.make(Plan(picked=(question_id,), points={}))
    room.start(paper_id)
    room.answer(paper_id, 1, right=False)
    room.submit(paper_id)
    room.clock.move(days=3)
    actions.answer_card(room.member.id, sent(question_id, version=1), room.clock())
    assert catch_up(room.member.id, room.clock()) == 1
    log = read_log(db.session(), room.member.id, question_id)
    assert [r.right for r in log] == [True, False, True]
    found = card(room, question_id)
    assert found is not None
    assert found.reps == 3
    assert queries.list_drifted(room.member.id) == []


def test_an_attempt_that_ran_out_unseen_is_fed(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.clock.move(days=2)
    assert catch_up(room.member.id, room.clock()) == 1
    assert [row.right for row in reviews(room)] == [True]
    assert room.attempt(paper_id).state == "expired"


def test_what_is_marked_anew_counts_by_its_new_mark(room: Room, tmp_path: Path) -> None:
    paper_id = room.make(Plan(picked=(QUESTION,), points={"single": 4}))
    room.start(paper_id)
    room.answer(paper_id, 1, response=[2])
    room.submit(paper_id)
    room.clock.move(days=2)
    catch_up(room.member.id, room.clock())
    assert [row.right for row in reviews(room)] == [False]

    def remark(folder: str, full: bool, *changes: tuple[str, str]) -> Card | None:
        correct_bank(room, tmp_path / folder, *changes)
        room.clock.move(hours=1)
        act = quiz_actions.remark_question
        act(room.trainer, paper_id, QUESTION, full, "更正", room.clock())
        assert catch_up(room.member.id, room.clock()) == 1
        assert catch_up(room.member.id, room.clock()) == 0
        return card(room, QUESTION)

    right = remark("1", False, KEY_C)
    assert right is not None
    assert (right.reps, right.wrong_left) == (1, 0)
    assert remark("2", True, OTHER_WORDS) is None  # points for everybody say nothing
    wrong = remark("3", False)
    assert wrong is not None
    assert (wrong.reps, wrong.wrong_left > 0) == (1, True)
    assert queries.list_drifted(room.member.id) == []


def test_a_mark_given_anew_that_changes_nothing_changes_no_card(room: Room, tmp_path: Path) -> None:
    paper_id = room.make(Plan(picked=(QUESTION,), points={"single": 4}))
    room.start(paper_id)
    room.answer(paper_id, 1, response=[0])
    room.submit(paper_id)
    room.clock.move(days=2)
    catch_up(room.member.id, room.clock())
    before = card(room, QUESTION)
    correct_bank(room, tmp_path, KEY_C)
    quiz_actions.remark_question(room.trainer, paper_id, QUESTION, False, "更正", room.clock())
    assert catch_up(room.member.id, room.clock()) == 1
    assert (card(room, QUESTION), len(reviews(room))) == (before, 1)


def test_eight_visits_at_once_feed_once(room: Room, handed_in: int) -> None:
    room.clock.move(days=2)
    db.session.rollback()
    taken: list[int] = []

    def visit() -> None:
        with room.app.app_context():
            taken.append(catch_up(room.member.id, room.clock()))

    threads = [threading.Thread(target=visit) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 1
    assert len(reviews(room)) == 2
    assert all(card(room, slot.question_id) for slot in room.slots(handed_in))


def test_it_can_neither_be_taken_back_nor_rated(room: Room, handed_in: int) -> None:
    room.clock.move(days=2)
    catch_up(room.member.id, room.clock())
    right = next(row for row in reviews(room) if row.right)
    with pytest.raises(Invalid, match="试卷"):
        actions.undo_answer(room.member.id, right.answer_id, room.clock())
    with pytest.raises(Invalid, match="试卷"):
        actions.rate_answer(room.member.id, right.answer_id, 4, new_id(), room.clock())
    day = study_day(room.clock())
    assert queries.find_last_answer(room.member.id, day) is None
    assert all(len(row.answer_id) != 22 or ":" in row.answer_id for row in reviews(room))


def test_home_and_the_nightly_pass_take_it_in(room: Room, handed_in: int) -> None:
    room.start(handed_in, room.other)
    room.answer(handed_in, 1, who=room.other)
    room.clock.move(days=2)
    member = settled(room.cast.sign_in("甲"))
    assert reviews(room) == []
    assert member.get("/").status_code == 200
    assert {row.member_id for row in reviews(room)} == {room.member.id}
    run = room.app.test_cli_runner().invoke
    assert '"members":1' in run(args=["study", "catch-up", "--json"]).output
    assert {row.member_id for row in reviews(room)} == {room.member.id, room.other.id}
    assert '"members":0' in run(args=["study", "catch-up", "--json"]).output


def test_the_feedback_on_an_old_answer_is_shut_while_a_paper_asks_the_question(
    room: Room,
) -> None:
    question_id = list_question_ids()[0]
    answer = sent(question_id)
    actions.answer_card(room.member.id, answer, room.clock())
    room.make(Plan(picked=(question_id,), points={}), reserved=True)
    with pytest.raises(NotFound):
        queries.get_feedback(room.member.id, answer.answer_id)
    room.clock.move(seconds=25 * HOUR)
    assert queries.get_feedback(room.member.id, answer.answer_id).right

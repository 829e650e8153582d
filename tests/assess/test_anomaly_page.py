"""The page of anomalies: found among one's own people, with evidence, and nothing follows."""

import pytest
from flask import Flask

from app.assess.queries import get_anomalies
from app.bank.queries import get_question, list_question_ids
from app.base.audit import list_entries
from app.base.db import db
from app.base.ids import new_id
from app.quiz.models import SlotRow
from app.study.actions import Answer, answer_card
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room, right_response, viewer_of


@pytest.fixture
def room(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """Unit A with B below it."""
    return Room(bank, cast, clock)


def answer_all(member_id: int, elapsed_ms: int, clock: Clock) -> None:
    """Answer every question of the bank once, each in the given time."""
    for question_id in list_question_ids():
        question = get_question(question_id)
        response = right_response(question)
        sent = Answer(new_id(), question_id, question.revision, 0, response, elapsed_ms, "random")
        answer_card(member_id, sent, clock())
        clock.move(seconds=max(2, elapsed_ms // 1000))


def test_the_hasty_is_shown_to_their_trainer_with_evidence_and_without_effect(
    room: Room, clock: Clock
) -> None:
    for n in range(10):
        answer_all(room.cast.make_member(f"读{n}", unit="B"), 12_000 + 700 * n, clock)
    answer_all(room.member.id, 700, clock)
    before = len(list_entries(room.member.id))
    found = get_anomalies(room.trainer, clock())
    assert [one.member for one in found.hasty] == [room.member.id]
    page = room.cast.sign_in("书记").get("/anomalies").text
    assert "不据此扣分" in page
    assert "0.7 秒" in page
    assert len(list_entries(room.member.id)) == before
    below = viewer_of(room.cast.make_member("乙书记", role="trainer", unit="B"))
    assert get_anomalies(below, clock()).hasty == ()


def test_the_same_wrong_answers_are_found_in_a_paper_that_is_over(room: Room, clock: Clock) -> None:
    paper_id = room.make()
    people = [room.cast.make_member(f"考{n}", unit="A") for n in range(12)]
    for member_id in people:
        who = viewer_of(member_id)
        number = room.start(paper_id, who)
        for slot in range(1, 4):
            room.answer(paper_id, slot, True, number, who)
        room.submit(paper_id, number, who)
    for row in db.session.scalars(db.select(SlotRow).filter_by(paper_id=paper_id)):
        twins = row.member_id in people[:2]
        row.response = f'"{"twin" if twins else row.member_id}-{row.question_id}"'
        row.mark, row.right = 0.0, False
    db.session.commit()
    assert get_anomalies(room.trainer, clock()).papers == ()
    clock.move(days=2)
    [paper] = get_anomalies(room.trainer, clock()).papers
    assert [pair.members for pair in paper.pairs] == [tuple(people[:2])]
    page = room.cast.sign_in("书记").get("/anomalies").text
    assert "考0" in page
    assert "考5" not in page

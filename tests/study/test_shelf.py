"""Practice leaves alone what a paper reserves, until that paper is over."""

import pytest
from flask import Flask

from app.anki.queries import get_subject
from app.bank.queries import get_question
from app.base.errors import NotFound
from app.quiz.paper import Plan
from app.study import queries
from app.study.actions import answer_card
from app.study.queries import Way
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room
from tests.study.test_actions import sent, single


def test_a_reserved_question_is_practised_only_afterwards(
    bank: Flask, cast: Cast, clock: Clock
) -> None:
    room = Room(bank, cast, clock)
    member, question_id = room.member.id, single()
    answer_card(member, sent(question_id), clock())
    clock.move(minutes=30)
    assert queries.find_next(member, Way(), clock(), "s") == question_id
    room.make(Plan(picked=(question_id,), points={}), reserved=True)
    assert queries.find_next(member, Way(), clock(), "s") != question_id
    assert question_id not in {card.id for card in queries.get_pack(member, clock()).cards}
    chapter = Way("chapter", "dangzhang", "ch1", since=1)
    assert queries.count_way(member, chapter)[1] == 7
    with pytest.raises(NotFound):
        queries.find_next(member, Way("one", question=question_id), clock(), "s")
    with pytest.raises(NotFound):
        answer_card(member, sent(question_id, version=1), clock())
    clock.move(days=2)
    assert queries.find_next(member, Way(), clock(), "s") == question_id


def test_a_reserved_question_is_neither_found_by_search_nor_in_a_deck(
    bank: Flask, cast: Cast, clock: Clock
) -> None:
    room = Room(bank, cast, clock)
    client, question_id = cast.sign_in(room.member.name), single()
    words = {"q": get_question(question_id).stem}
    taken = {q.id for q in get_subject("dangzhang", room.member.id).questions}
    assert f"question={question_id}" in client.get("/search", query_string=words).text
    room.make(Plan(picked=(question_id,), points={}), reserved=True)
    left = {q.id for q in get_subject("dangzhang", room.member.id).questions}
    assert left == taken - {question_id}
    assert f"question={question_id}" not in client.get("/search", query_string=words).text

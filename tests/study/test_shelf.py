"""Practice leaves alone what a paper reserves, until that paper is over."""

import pytest
from flask import Flask

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

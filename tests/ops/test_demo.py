"""The demonstration branch is marked, repeatable and consistent with its own log."""

import random
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.assign.queries.hours import list_totals
from app.assign.queries.links import list_branches
from app.bank.queries import get_questions, list_question_ids
from app.base.clock import study_day
from app.base.db import db
from app.base.errors import Invalid
from app.ops.demo import DEMO_UNIT, load_demo, simulate
from app.org import queries as org
from app.study.card import replay
from app.study.log import card_of, read_log
from app.study.models import CardRow, ReviewRow
from tests.conftest import Clock


def test_everything_is_marked_and_loaded_once(bank: Flask, clock: Clock) -> None:
    made = load_demo(3, 30, 1, clock())
    assert made.members == 3
    assert made.reviews > 50
    unit = org.find_unit(DEMO_UNIT)
    assert unit is not None
    assert "模拟" in unit.name
    assert all("演示" in p.name for p in org.list_people(unit.id))
    assert set(db.session.scalars(select(ReviewRow.way))) == {"simulated"}
    with pytest.raises(Invalid):
        load_demo(3, 30, 1, clock())


def test_the_branch_has_a_plan_duties_and_hours(bank: Flask, clock: Clock) -> None:
    load_demo(4, 5, 1, clock())
    unit, today = org.find_unit(DEMO_UNIT), study_day(clock())
    assert unit is not None
    own, tally, _below = list_branches(unit.id, today)
    assert {duty.progress for duty in own} == {"done", "late", "soon", "open"}
    assert (tally.unowned, len(own)) == (1, 6)
    totals = list_totals(unit.id, today.year, today)
    assert sum(total.hours for total in totals) > 10


def test_every_card_is_the_replay_of_its_log(bank: Flask, clock: Clock) -> None:
    load_demo(2, 40, 7, clock())
    for row in db.session.scalars(select(CardRow)):
        log = read_log(db.session(), row.member_id, row.question_id)
        assert card_of(row) == replay(log)


def test_the_seed_decides_and_nothing_lies_in_the_future(bank: Flask, clock: Clock) -> None:
    questions = list(get_questions(list_question_ids()).values())
    first, again, other = (
        simulate(random.Random(seed), questions, 30, clock()) for seed in ("a", "a", "b")
    )
    assert first == again
    assert first != other
    latest = max(answer.review.at_ms for answer in first)
    assert latest < (clock() + timedelta(hours=1)).timestamp() * 1000

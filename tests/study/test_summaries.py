"""Summaries equal counting all answers again, whatever is answered, undone, sent late or moved."""

import random
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.queries import get_user
from app.bank.queries import get_question, list_question_ids
from app.base.clock import study_day
from app.base.db import db
from app.base.ids import new_id
from app.ops.actions import erase_member
from app.org.actions import merge_units
from app.org.queries import list_merged
from app.study import actions, queries
from app.study.actions import Answer, absorb_answers
from app.study.actions.writing import milliseconds
from app.study.models import CardRow, ReviewRow
from app.study.tally import Counts
from tests.conftest import Cast, Clock
from tests.org.test_actions import edit
from tests.study.test_absorbing import back, kept

ALWAYS = date(2020, 1, 1), date(2030, 1, 1)
APP = Path(__file__).parents[2] / "app"


@pytest.fixture
def people(bank: Flask, cast: Cast) -> Cast:
    """Two branches below one committee, an administrator and three members."""
    cast.make_unit("R")
    for code in ("A", "B"):
        cast.make_unit(code, parent="R")
    cast.make_member("总管", role="admin", unit="R")
    for name, unit in (("甲", "A"), ("乙", "A"), ("丙", "B")):
        cast.make_member(name, unit=unit)
    cast.make_member("丁")
    return cast


def answer(member: int, question_id: str, clock: Clock, right: bool | None = None) -> str:
    """Answer a question on an ordinary page; wrong unless asked otherwise."""
    asked = get_question(question_id)
    db.session.rollback()
    card = db.session.get(CardRow, (member, question_id))
    response = right_response(question_id) if right else []
    version = card.version if card else 0
    sent = Answer(new_id(), asked.id, asked.revision, version, response, 900, "due")
    actions.answer_card(member, sent, clock())
    return sent.answer_id


def right_response(question_id: str) -> object:
    """Return the right response to a single-choice question."""
    content = get_question(question_id).content
    return ["ABCDEF".index(letter) for letter in content.answer]


def singles() -> list[str]:
    """Return the single-choice questions of the test bank."""
    return [i for i in list_question_ids() if get_question(i).kind == "single"]


def assert_sums_are_right(people: Cast) -> None:
    """Count everything again."""
    db.session.rollback()
    members = list(people.people.values())
    assert [queries.list_drifted(one) for one in members] == [[] for _one in members]
    assert queries.list_missummed_members(members) == []
    assert queries.list_missummed_units() == []


def total(unit_ids: list[int]) -> Counts:
    """Return all sums of some units."""
    found = queries.list_unit_totals(unit_ids, *ALWAYS)
    return sum(found.values(), Counts())


def test_one_answer_after_another(people: Cast, clock: Clock) -> None:
    member, unit, question_id = people.people["甲"], people.units["A"], singles()[0]
    answer(member, question_id, clock, right=True)
    clock.move(minutes=11)
    answer(member, question_id, clock, right=True)
    clock.move(days=9)
    answer(member, question_id, clock, right=False)
    [one] = queries.list_member_chapters([member])
    assert one.counts == Counts(met=1, reviews=3, delayed=1, recalled=0)
    assert one.last_day == study_day(clock())
    november, december = queries.list_unit_chapters([unit], *ALWAYS)
    assert (november.month, november.counts) == (date(2026, 11, 1), Counts(1, 2))
    assert (december.month, december.counts) == (date(2026, 12, 1), Counts(0, 1, 1))
    assert queries.list_unit_chapters([unit], date(2026, 12, 31), date(2027, 2, 1)) == (december,)
    assert queries.list_unit_totals([unit], *ALWAYS) == {unit: one.counts}
    assert_sums_are_right(people)


def test_taking_back_the_only_answer_leaves_nothing(people: Cast, clock: Clock) -> None:
    member = people.people["甲"]
    actions.undo_answer(member, answer(member, singles()[0], clock), clock())
    assert queries.list_member_chapters([member]) == ()
    assert queries.list_unit_chapters([people.units["A"]], *ALWAYS) == ()
    assert_sums_are_right(people)


def test_the_last_day_goes_back_when_the_last_answer_does(people: Cast, clock: Clock) -> None:
    member, before = people.people["甲"], study_day(clock())
    answer(member, singles()[0], clock)
    clock.move(days=2)
    actions.undo_answer(member, answer(member, singles()[1], clock), clock())
    [one] = queries.list_member_chapters([member])
    assert (one.last_day, one.counts.reviews) == (before, 1)
    assert_sums_are_right(people)


def test_an_answer_stays_where_its_member_was(people: Cast, clock: Clock) -> None:
    member, (first, second) = people.people["甲"], (people.units["A"], people.units["B"])
    early = kept(clock())
    clock.move(hours=1)
    edit(people, "总管", "甲", clock, unit_id=second)
    answer(member, singles()[1], clock)
    absorb_answers(member, "d" * 22, milliseconds(clock()), [early], clock())
    assert (total([first]).reviews, total([second]).reviews) == (1, 1)
    undo = back(early, clock())
    absorb_answers(member, "d" * 22, milliseconds(clock()), [undo], clock())
    assert (total([first]).reviews, total([second]).reviews) == (0, 1)
    assert_sums_are_right(people)


def test_a_merged_unit_keeps_its_answers_for_the_report(people: Cast, clock: Clock) -> None:
    first, second = people.units["A"], people.units["B"]
    answer(people.people["甲"], singles()[0], clock)
    clock.move(days=1)
    merge_units(first, second, clock(), people.viewer("总管"))
    answer(people.people["甲"], singles()[0], clock, right=True)
    both = [second, *(unit.id for unit in list_merged([second]))]
    assert total(both) == Counts(met=1, reviews=2, delayed=1, recalled=1)
    assert_sums_are_right(people)


def test_people_of_no_unit_count_under_nought(people: Cast, clock: Clock) -> None:
    answer(people.people["丁"], singles()[0], clock)
    assert total([0]).reviews == 1
    assert_sums_are_right(people)


def test_an_erased_member_is_in_no_sum(people: Cast, clock: Clock) -> None:
    for name in ("甲", "乙"):
        answer(people.people[name], singles()[0], clock)
    actions.fold_recall(clock())
    erase_member(people.people.pop("甲"), None, clock())
    assert total([people.units["A"]]).reviews == 1
    assert queries.list_unit_recall([people.units["A"]], *ALWAYS) == ()  # fewer than five people
    assert_sums_are_right(people)


@pytest.mark.parametrize("seed", range(6))
def test_any_history_sums_up_as_counting_again(people: Cast, clock: Clock, seed: int) -> None:
    rng, late = random.Random(seed), []
    given: list[tuple[str, str]] = []
    for _step in range(40):
        name = rng.choice(["甲", "乙", "丙", "丁"])
        member, question_id = people.people[name], rng.choice(singles()[:3])
        clock.move(minutes=rng.choice([0.001, 2, 15, 400, 1500]))
        act = rng.choice(["answer"] * 4 + ["rate", "undo", "keep", "send", "move", "back"])
        if act == "answer":
            given.append((name, answer(member, question_id, clock, rng.random() < 0.7)))
        elif act == "keep":
            late.append((name, kept(clock(), len(late), rng.random() < 0.7, question=question_id)))
        elif act == "move" and name != "丁":
            edit(people, "总管", name, clock, unit_id=people.units[rng.choice("AB")])
        elif act == "send" and late:
            owner, item = late.pop(rng.randrange(len(late)))
            now = milliseconds(clock())
            absorb_answers(people.people[owner], "d" * 22, now, [item], clock())
        elif act in ("rate", "undo") and given:
            change(*rng.choice(given), act, people, clock)
        elif act == "back":
            clock.move(minutes=-30)
    assert_sums_are_right(people)


def change(name: str, answer_id: str, act: str, people: Cast, clock: Clock) -> None:
    """Rate or take back an answer; whether that is allowed is another question."""
    from app.base.errors import XuejiError

    try:
        if act == "rate":
            actions.rate_answer(people.people[name], answer_id, 4, new_id(), clock())
        else:
            actions.undo_answer(people.people[name], answer_id, clock())
    except XuejiError:
        pass


def test_expected_recall_is_that_of_the_members_cards(people: Cast, clock: Clock) -> None:
    for name, number in (("甲", 2), ("乙", 1), ("丙", 3)):
        for question_id in singles()[:number]:
            answer(people.people[name], question_id, clock, right=True)
    clock.move(days=20)
    actions.fold_recall(clock())
    units = [people.units["A"], people.units["B"]]
    day, sums = study_day(clock()), {}
    for name in ("甲", "乙", "丙"):
        known = queries.list_knowledge(people.people[name], day)
        sums[name] = (len(known), sum(known.values()))
    [one] = queries.list_unit_recall(units, *ALWAYS)
    assert (one.people, one.cards, one.day) == (3, 6, day)
    assert one.recall == pytest.approx(sum(s for _n, s in sums.values()) / 6, abs=1e-12)
    [own] = queries.list_unit_recall(units[:1], *ALWAYS)
    assert (own.people, own.cards) == (2, 3)
    clock.move(days=1)
    actions.fold_recall(clock())
    [again] = queries.list_unit_recall(units, *ALWAYS)
    assert again.recall < one.recall
    clock.move(days=20)
    actions.fold_recall(clock())
    assert len(queries.list_unit_recall(units, *ALWAYS)) == 2


def test_every_answer_keeps_its_unit(people: Cast, clock: Clock) -> None:
    answer(people.people["丙"], singles()[0], clock)
    assert db.session.scalars(select(ReviewRow.unit_id)).all() == [
        get_user(people.people["丙"]).unit_id
    ]


def test_answers_are_written_in_one_place_only() -> None:
    marks = ("insert(ReviewRow)", "INSERT INTO study_review")
    writing = {p.name for p in APP.rglob("*.py") if any(m in p.read_text() for m in marks)}
    assert writing == {"writing.py", "simulated.py"}

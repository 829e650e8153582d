"""The pack holds all that is due within seven days, and new questions within the daily limit."""

from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import User
from app.bank.actions import add_own_question
from app.bank.kinds import TrueFalse
from app.bank.models import PublicationRow, QuestionRow
from app.bank.queries import list_question_ids
from app.base.clock import day_start, epoch, study_day
from app.base.db import transaction
from app.base.ids import new_id
from app.study import actions
from app.study.queries import get_pack, get_today, pack
from tests.conftest import Cast, Clock
from tests.study.test_actions import answer_anything, sent, single


@pytest.fixture
def member(bank: Flask, cast: Cast) -> int:
    """A member who has not studied yet."""
    return cast.make_member("甲")


def test_a_first_pack_holds_new_questions_for_seven_days(member: int, clock: Clock) -> None:
    actions.change_settings(member, 2, 100, None)
    made = get_pack(member, clock())
    assert [c.id for c in made.cards] == list(list_question_ids())[:14]
    assert (made.new_left, made.new_per_day, made.done) == (2, 2, 0)
    assert made.until == epoch(day_start(made.day + timedelta(days=7)))
    assert all(c.memory is None and c.due is None and c.version == 0 for c in made.cards)


def test_what_was_met_today_is_taken_off_the_new_ones(member: int, clock: Clock) -> None:
    actions.change_settings(member, 1, 100, None)
    answer_anything(member, list_question_ids()[0], clock)
    made = get_pack(member, clock())
    assert (made.new_left, made.done) == (0, 1)
    assert len([c for c in made.cards if c.memory is None]) == 6


def test_all_that_is_due_within_seven_days_is_there_and_nothing_later(
    member: int, clock: Clock
) -> None:
    actions.change_settings(member, 0, 100, None)
    question_id = single()
    actions.answer_card(member, sent(question_id), clock())
    clock.move(minutes=11)
    actions.answer_card(member, sent(question_id, version=1), clock())
    [card] = get_pack(member, clock()).cards
    assert (card.id, card.version) == (question_id, 2)
    assert card.due is not None
    assert card.due < get_pack(member, clock()).until
    assert card.memory is not None
    assert card.memory.state == 2
    for version in (2, 3):
        clock.moment = day_start(card.memory.due_day) + timedelta(days=version * 9)
        actions.answer_card(member, sent(question_id, version=version), clock())
    assert get_pack(member, clock()).cards == ()


def test_what_is_taken_out_of_study_is_not_taken_along(member: int, clock: Clock) -> None:
    actions.change_settings(member, 200, 100, None)
    first, second, third = list_question_ids()[:3]
    answer_anything(member, first, clock)
    actions.suspend_card(member, first, True)
    actions.suspend_card(member, second, True)
    actions.bury_card(member, third, study_day(clock()))
    ids = [c.id for c in get_pack(member, clock()).cards]
    assert not {first, second, third} & set(ids)


def test_a_buried_card_is_due_tomorrow(member: int, clock: Clock) -> None:
    answer_anything(member, list_question_ids()[0], clock)
    actions.bury_card(member, list_question_ids()[0], study_day(clock()))
    card = get_pack(member, clock()).cards[0]
    assert card.due == epoch(day_start(study_day(clock()) + timedelta(days=1)))


def test_every_kind_carries_what_marking_and_feedback_need(member: int, clock: Clock) -> None:
    actions.change_settings(member, 200, 200, None)
    cards = {c.kind: c for c in get_pack(member, clock()).cards}
    assert set(cards) == {"single", "multiple", "truefalse", "blank", "order"}
    assert all(c.stem and c.explanation and c.source.startswith("《") for c in cards.values())
    assert (len(cards["truefalse"].options), len(cards["truefalse"].key)) == (2, 1)
    assert cards["order"].key == tuple(range(len(cards["order"].options)))
    assert cards["blank"].answers
    assert all(cards[kind].options[n] for kind in ("single", "multiple") for n in cards[kind].key)


def test_due_cards_are_never_left_out_for_new_ones(
    member: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "MOST_CARDS", 3)
    actions.change_settings(member, 200, 200, None)
    for question_id in list_question_ids()[:5]:
        answer_anything(member, question_id, clock)
    cards = get_pack(member, clock()).cards
    assert len([c for c in cards if c.memory]) == 5
    assert len(cards) == 5


def test_notes_and_leeches_come_along(member: int, clock: Clock) -> None:
    question_id = list_question_ids()[0]
    actions.write_note(member, question_id, "记住")
    answer_anything(member, question_id, clock)
    card = get_pack(member, clock()).cards[0]
    assert (card.id, card.note, card.leech) == (question_id, "记住", False)


def set_status(question_id: str, status: str) -> None:
    """Let the bank stop asking a question."""
    with transaction() as session:
        session.get_one(QuestionRow, question_id).status = status
        session.get_one(PublicationRow, 1).token = new_id()


@pytest.fixture
def own(bank: Flask, cast: Cast, clock: Clock) -> Cast:
    """Somebody of unit B, which has a question of its own, and somebody of D beside it."""
    for code in ("B", "D"):
        cast.make_unit(code)
        cast.make_member(code, unit=code)
        actions.change_settings(cast.people[code], 200, 200, None)
    question = TrueFalse("u-one", "own", "know", "本支部周五学习", answer=True)
    with transaction() as session:
        add_own_question(session, cast.units["B"], "乙支部", question, 1, clock())
    return cast


def test_a_units_own_questions_are_in_its_peoples_packs_only(own: Cast, clock: Clock) -> None:
    mine = {c.id: c for c in get_pack(own.people["B"], clock()).cards}
    assert mine["u-one"].source == "《乙支部自编题》"
    assert "u-one" not in {c.id for c in get_pack(own.people["D"], clock()).cards}


def test_who_leaves_a_unit_is_not_asked_its_own_questions_any_more(own: Cast, clock: Clock) -> None:
    member = own.people["B"]
    answer_anything(member, "u-one", clock)
    clock.move(days=3)
    assert "u-one" in {c.id for c in get_pack(member, clock()).cards}
    due = get_today(member, clock()).due
    with transaction() as session:
        session.get_one(User, member).unit_id = own.units["D"]
    assert "u-one" not in {c.id for c in get_pack(member, clock()).cards}
    assert get_today(member, clock()).due == due - 1


@pytest.mark.parametrize("status", ["recheck", "retired"])
@pytest.mark.parametrize("met", [True, False])
def test_what_is_not_asked_now_is_not_taken_along(
    member: int, clock: Clock, status: str, met: bool
) -> None:
    actions.change_settings(member, 200, 200, None)
    question_id = list_question_ids()[0]
    if met:
        answer_anything(member, question_id, clock)
    assert question_id in {c.id for c in get_pack(member, clock()).cards}
    set_status(question_id, status)
    assert question_id not in {c.id for c in get_pack(member, clock()).cards}

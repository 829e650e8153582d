"""A member's record: the same figures as the parts it is made of, doubts, and who looked."""

from datetime import timedelta

import pytest
from flask import Flask

from app.assess import actions, queries
from app.assess.mastery import of_chapter
from app.base.audit import list_entries
from app.base.clock import study_day
from app.base.errors import Invalid, NotFound, Stale, TooMany
from app.study.actions import answer_card
from app.study.queries import list_knowledge
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room, viewer_of
from tests.study.test_actions import sent, single


@pytest.fixture
def room(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """A unit with a trainer and two members."""
    return Room(bank, cast, clock)


def test_chapters_are_known_as_the_cards_say(room: Room, clock: Clock) -> None:
    answer_card(room.member.id, sent(single(), True), clock())
    clock.move(days=3)
    day = study_day(clock())
    later = day + timedelta(days=30)
    found = queries.get_record(room.member.id, later, clock())
    lines = [line for _subject, lines in found.subjects for line in lines]
    met = [line for line in lines if line.recall is not None]
    assert len(met) == 1
    known = list_knowledge(room.member.id, day)
    assert met[0].today == of_chapter(met[0].chapter.question_ids, known)
    assert met[0].recall == pytest.approx(known[single()])
    assert met[0].recall_then is not None
    assert met[0].recall_then < known[single()]
    assert queries.get_record(room.member.id, day - timedelta(days=9), clock()).then == day


def test_marks_wait_until_they_may_be_told(room: Room, clock: Clock) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.submit(paper_id)
    [sat] = queries.get_record(room.member.id, None, clock()).papers
    assert (sat.score, sat.passed) == (None, None)
    page = room.cast.sign_in("甲").get("/my-record").text
    assert "还没有公布" in page
    clock.move(days=2)
    [sat] = queries.get_record(room.member.id, None, clock()).papers
    assert (sat.score, sat.full) == (2.0, room.attempt(paper_id).full)
    page = room.cast.sign_in("甲").get("/my-record").text
    assert f"/papers/{paper_id}/attempts/1" in page


def test_a_doubt_is_kept_once_and_answered_by_somebody_else(room: Room, clock: Clock) -> None:
    member = room.cast.sign_in("甲")
    address = "/my-record/question?about=chapter/dangzhang/ch1"
    assert "还没有学过" in member.get(address).text
    for _twice in range(2):
        assert member.post(address, data={"text": "我学过这一章"}).status_code == 302
    [one] = queries.list_own_appeals(room.member.id)
    assert (one.state, one.text) == ("open", "我学过这一章")
    assert "共" in one.shown
    trainer = room.cast.sign_in("书记")
    assert "我学过这一章" in trainer.get("/appeals").text
    path = f"/appeals/{room.member.id}/{one.id}"
    assert trainer.post(path, data={"text": ""}).status_code == 422
    assert trainer.post(path, data={"text": "已核对，离线作答刚刚同步"}).status_code == 302
    assert "已核对" in member.get("/my-record").text
    assert "答复了你的申诉" in member.get("/who-sees-my-data").text
    with pytest.raises(Stale):
        actions.answer_appeal(room.trainer, room.member.id, one.id, "另一个答复", clock())


def test_nobody_answers_their_own_doubt_nor_a_strangers(room: Room, clock: Clock) -> None:
    actions.question_figure(room.trainer.id, "other", "其他", "？", clock())
    [own] = queries.list_own_appeals(room.trainer.id)
    with pytest.raises(Invalid):
        actions.answer_appeal(room.trainer, room.trainer.id, own.id, "好", clock())
    assert queries.list_appeals(room.trainer, 10, 0) == ([], 0)
    room.cast.make_unit("Z")
    stranger = viewer_of(room.cast.make_member("外", role="trainer", unit="Z"))
    actions.question_figure(room.member.id, "other", "其他", "？", clock())
    [one] = queries.list_own_appeals(room.member.id)
    assert queries.list_appeals(stranger, 10, 0) == ([], 0)
    with pytest.raises(NotFound):
        actions.answer_appeal(stranger, room.member.id, one.id, "好", clock())


def test_doubts_have_limits_and_name_a_figure_that_is_there(room: Room, clock: Clock) -> None:
    for n in range(30):
        actions.question_figure(room.member.id, "other", "其他", f"第 {n} 条", clock())
    with pytest.raises(TooMany):
        actions.question_figure(room.member.id, "other", "其他", "再来一条", clock())
    with pytest.raises(Invalid):
        actions.question_figure(room.other.id, "other", "其他", "长" * 501, clock())
    for about in ("chapter/dangzhang/none", "paper/1/1", "minutes", "chapter"):
        with pytest.raises(NotFound):
            queries.describe_figure(room.member.id, about, clock())


def test_who_looked_at_a_record_is_on_record_once_a_day(room: Room, clock: Clock) -> None:
    trainer = room.cast.sign_in("书记")
    for _twice in range(2):
        assert trainer.get(f"/people/{room.member.id}/record").status_code == 200
    looks = [e for e in list_entries(room.member.id) if e.action == "assess.look_at_record"]
    assert [e.actor_id for e in looks] == [room.trainer.id]
    assert "看了你的学习档案" in room.cast.sign_in("甲").get("/who-sees-my-data").text
    clock.move(days=1)
    trainer.get(f"/people/{room.member.id}/record")
    looks = [e for e in list_entries(room.member.id) if e.action == "assess.look_at_record"]
    assert len(looks) == 2

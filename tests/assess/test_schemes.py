"""Published scores: frozen, rebuilt from the log bit by bit, corrected by new versions only."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.assess import actions, queries
from app.assess.actions import schemes
from app.assess.models import ScoreRow
from app.assess.queries import scoring
from app.assess.scheme import Plan
from app.assign.actions.hours import Told, correct_gathering, record_gathering, set_target
from app.assign.queries.hours import get_total
from app.bank.queries import get_question, list_question_ids
from app.base.clock import study_day
from app.base.db import db
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import new_id
from app.base.jobs import Task, run_next
from app.org.actions import Edited, edit_person
from app.org.queries import get_profile
from app.quiz.actions import remark_question
from app.quiz.press import wait_for_press
from app.study.actions import answer_card, catch_up, rate_answer, undo_answer
from app.study.queries import get_marks
from tests.assess.test_reports import exempt, fetch, words_of_pdf
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room, viewer_of
from tests.study.test_actions import sent, single

PLAN = Plan(weights={"recall": 60, "papers": 40}, person_bar=50, unit_share=60)


@pytest.fixture
def room(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """Unit A with B below it, a trainer and a member of A, a member of B."""
    return Room(bank, cast, clock)


def write(room: Room, clock: Clock, plan: Plan = PLAN, days: int = 10) -> int:
    """Write a scheme for unit A over the days from today."""
    today = study_day(clock())
    ends_on, unit = today + timedelta(days=days - 1), room.cast.units["A"]
    return actions.make_scheme(room.trainer, unit, "一季度考评", today, ends_on, plan, clock())


def live(room: Room, clock: Clock) -> int:
    """Let people answer, take a paper, undo and rate, for ten days; return the paper."""
    paper_id = room.make(title="季度测验")
    for who in (room.member, room.other):
        number = room.start(paper_id, who)
        for slot in (1, 2, 3):
            room.answer(paper_id, slot, True, number, who)
        room.submit(paper_id, number, who)
    for day in range(10):
        for member in (room.member.id, room.other.id):
            version = get_marks(member, single()).version
            one = sent(single(), day % 3 != 1, version)
            answer_card(member, one, clock())
            if day == 4:
                undo_answer(member, one.answer_id, clock())
            if day == 6:
                rate_answer(member, one.answer_id, 4, new_id(), clock())
        clock.move(days=1)
    return paper_id


def test_a_published_period_is_rebuilt_from_the_log_whatever_happens_later(
    room: Room, clock: Clock
) -> None:
    scheme_id = write(room, clock)
    paper_id = live(room, clock)
    room.cast.make_member("病", unit="A")
    exempt(room, "病", clock)
    clock.move(hours=1)
    assert actions.publish_scheme(room.trainer, scheme_id, clock()) == 4
    before = queries.verify_scheme(scheme_id)
    assert (before.scores, before.differing, before.same_code) == (4, (), True)
    slot = room.slots(paper_id)[4]
    clock.move(days=3)
    remark_question(room.trainer, paper_id, slot.question_id, True, "题有歧义", clock())
    one = sent(single(), False, get_marks(room.member.id, single()).version)
    answer_card(room.member.id, one, clock())
    answer_card(room.member.id, sent(singles()[1], True), clock())
    assert catch_up(room.member.id, clock()) > 0
    assert queries.verify_scheme(scheme_id).differing == ()
    scheme = queries.get_scheme(room.trainer, scheme_id)
    scores, total = queries.list_scores(scheme, 10, 0)
    assert total == 4
    told = {score.name: score for score in scores}
    assert told["病"].score is None
    assert told["甲"].score is not None
    assert [part.name for part in told["甲"].parts] == ["recall", "papers"]
    assert told["甲"].parts[1].basis["taken"] == 1


def test_the_rebuild_finds_a_score_that_was_tampered_with(room: Room, clock: Clock) -> None:
    scheme_id = write(room, clock)
    live(room, clock)
    actions.publish_scheme(room.trainer, scheme_id, clock())
    runner = room.app.test_cli_runner()
    sound = runner.invoke(args=["assess", "rebuild", "--verify", "--json"])
    assert (sound.exit_code, json.loads(sound.stdout)["equal"]) == (0, 3)
    row = db.session.get(ScoreRow, (room.member.id, scheme_id))
    assert row is not None
    assert row.score is not None
    row.score = row.score + 1e-12
    db.session.commit()
    found = runner.invoke(args=["assess", "rebuild", "--verify", "--json"])
    assert found.exit_code == 1
    assert json.loads(found.stdout)["differing"] == {str(scheme_id): [room.member.id]}
    assert runner.invoke(args=["assess", "rebuild"]).exit_code == 1


def test_hours_and_duties_count_as_they_were_recorded_by_then(room: Room, clock: Clock) -> None:
    unit, member, today = room.cast.units["A"], room.member.id, study_day(clock())
    plan = Plan(weights={"hours": 50, "duties": 50})
    ends_on = today + timedelta(days=364)
    scheme_id = actions.make_scheme(room.trainer, unit, "年度", today, ends_on, plan, clock())
    set_target(room.trainer, unit, "full", 10.0, "支部约定", clock())
    profile = get_profile(member, today)
    wanted = Edited("甲", None, "member", profile.unit_id, "full", "active", profile.seen)
    edit_person(member, wanted, room.trainer, clock())
    gathering, told = new_id(), Told(today, "学党章", 5.0, "签到表", (member,))
    record_gathering(room.trainer, gathering, unit, told, clock())
    clock.move(days=366)
    actions.publish_scheme(room.trainer, scheme_id, clock())
    [score] = queries.list_own_scores(member)
    assert [(part.name, part.value) for part in score.parts] == [("hours", 0.5), ("duties", None)]
    assert score.score == 50
    clock.move(minutes=5)
    fewer = replace(told, hours=2.0)
    correct_gathering(room.trainer, gathering, 1, fewer, "签到表更正", clock())
    assert get_total(member, today.year, today).hours == 2
    assert queries.verify_scheme(scheme_id).differing == ()


steps = st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 3)), max_size=12)


@pytest.mark.once
@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=steps, after=steps)
def test_no_order_of_later_acts_changes_a_published_score(
    room: Room, clock: Clock, before: Any, after: Any
) -> None:
    scheme_id = write(room, clock, Plan(weights={"recall": 100}), days=1)
    act(room, clock, before)
    clock.move(days=1)
    actions.publish_scheme(room.trainer, scheme_id, clock())
    act(room, clock, after)
    assert queries.verify_scheme(scheme_id).differing == ()
    clock.move(days=1)


def singles() -> list[str]:
    """Return the single-choice questions of the bank."""
    return [i for i in list_question_ids() if get_question(i).kind == "single"]


def act(room: Room, clock: Clock, drawn: list[tuple[int, bool, int]]) -> None:
    """Answer, rate and take back as drawn, minutes apart."""
    for place, right, more in drawn:
        question, member = singles()[place], room.member.id
        answer = sent(question, right, get_marks(member, question).version)
        answer_card(member, answer, clock())
        clock.move(minutes=2)
        if more == 1 and right:
            rate_answer(member, answer.answer_id, 2, new_id(), clock())
        if more == 2:
            undo_answer(member, answer.answer_id, clock())
        clock.move(minutes=2)


def test_nothing_is_published_before_the_period_is_over_nor_changed_after(
    room: Room, clock: Clock
) -> None:
    scheme_id = write(room, clock)
    with pytest.raises(Invalid):
        actions.publish_scheme(room.trainer, scheme_id, clock())
    clock.move(days=10)
    actions.publish_scheme(room.trainer, scheme_id, clock())
    today = study_day(clock())
    for again in (
        lambda: actions.publish_scheme(room.trainer, scheme_id, clock()),
        lambda: actions.discard_scheme(room.trainer, scheme_id, clock()),
        lambda: actions.change_scheme(room.trainer, scheme_id, "别的", today, today, PLAN, clock()),
    ):
        with pytest.raises((Stale, Invalid)):
            again()


def test_a_correction_is_a_new_version_and_the_old_one_stays(room: Room, clock: Clock) -> None:
    scheme_id = write(room, clock)
    live(room, clock)
    actions.publish_scheme(room.trainer, scheme_id, clock())
    first = queries.list_own_scores(room.member.id)[0]
    clock.move(days=1)
    newer = actions.correct_scheme(room.trainer, scheme_id, "权重写错了", clock())
    scheme = queries.get_scheme(room.trainer, newer)
    assert (scheme.version, scheme.replaces_id, scheme.reason) == (2, scheme_id, "权重写错了")
    period = scheme.starts_on, scheme.ends_on
    plan = Plan(weights={"recall": 100}, person_bar=1)
    actions.change_scheme(room.trainer, newer, scheme.title, *period, plan, clock())
    actions.publish_scheme(room.trainer, newer, clock())
    old = queries.get_scheme(room.trainer, scheme_id)
    assert old.replaced_by == newer
    kept = next(s for s in queries.list_own_scores(room.member.id) if s.scheme.id == scheme_id)
    assert kept.score == first.score
    with pytest.raises(Stale):
        actions.correct_scheme(room.trainer, scheme_id, "又错了", clock())
    assert queries.verify_scheme(scheme_id).differing == queries.verify_scheme(newer).differing


def test_a_trial_looks_at_the_period_before_and_keeps_nothing(room: Room, clock: Clock) -> None:
    live(room, clock)
    scheme_id = write(room, clock)
    trial = queries.try_scheme(queries.get_scheme(room.trainer, scheme_id))
    assert trial.ends_on == study_day(clock()) - timedelta(days=1)
    assert (trial.people, trial.exempt, trial.spread) == (3, 0, None)
    assert {name: n for name, _mean, n in trial.means}["recall"] == 3
    assert db.session.query(ScoreRow).count() == 0
    page = room.cast.sign_in("书记").get(f"/schemes/{scheme_id}?try=1").text
    assert "计分 3 人" in page


def certificates(room: Room, clock: Clock) -> Iterator[str]:
    """Publish a scheme that everybody who recalls something meets, and yield the codes."""
    plan = Plan(weights={"papers": 100}, person_bar=5, unit_share=10)
    scheme_id = write(room, clock, plan)
    for n in range(2):
        room.cast.make_member(f"员{n}", unit="A")
    live(room, clock)
    actions.publish_scheme(room.trainer, scheme_id, clock())
    for score in queries.list_own_scores(room.member.id):
        assert score.code
        yield score.code
    scheme = queries.get_scheme(room.trainer, scheme_id)
    yield from (code for _name, code, _met, _n in queries.list_unit_certificates(scheme))


@pytest.mark.once
def test_certificates_are_checked_by_anybody_and_tell_only_an_initial(
    room: Room, clock: Clock
) -> None:
    own, unit = certificates(room, clock)
    public = room.app.test_client()
    page = public.get(f"/certificates/{own}").text
    assert "这张证书有效" in page
    assert "甲＊" in page
    assert "一季度考评" in page
    assert "单位A" in public.get(f"/certificates/{unit}").text
    assert public.get(f"/certificates/{'x' * 22}").status_code == 404
    assert public.get(f"/certificates/{own}/print").status_code == 302
    holder = room.cast.sign_in("甲")
    made = fetch(holder, f"/certificates/{own}/print")
    assert made[:5] == b"%PDF-"
    assert {"甲", "证"} <= words_of_pdf(made)
    assert holder.get(f"/certificates/{unit}/print").status_code == 404
    assert room.cast.sign_in("书记").get(f"/certificates/{unit}/print").status_code == 302
    wait_for_press()
    [scheme] = queries.list_schemes(room.trainer)
    newer = actions.correct_scheme(room.trainer, scheme.id, "更正", clock())
    actions.publish_scheme(room.trainer, newer, clock())
    assert "不再有效" in public.get(f"/certificates/{own}").text
    assert holder.get(f"/certificates/{own}/print").status_code == 422


def test_from_the_page_and_within_reach_only(room: Room, clock: Clock) -> None:
    trainer, today = room.cast.sign_in("书记"), study_day(clock())
    data: dict[str, Any] = {
        "title": "年度考评",
        "unit": str(room.cast.units["A"]),
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=9)).isoformat(),
        "recall": "70",
        "papers": "40",
        "plans": "0",
        "hours": "0",
        "duties": "0",
        "person_bar": "60",
        "unit_share": "80",
    }
    refused = trainer.post("/schemes/new", data=data)
    assert refused.status_code == 422
    assert "合计 100" in refused.text
    assert "年度考评" in refused.text
    made = trainer.post("/schemes/new", data=data | {"papers": "30", "minutes": "50"})
    assert made.status_code == 302
    found = re.search(r"/schemes/(\d+)", made.location)
    assert found
    scheme = queries.get_scheme(room.trainer, int(found[1]))
    assert scheme.plan.weights == {"recall": 70, "papers": 30}
    below = viewer_of(room.cast.make_member("乙书记", role="trainer", unit="B"))
    with pytest.raises(NotFound):
        queries.get_scheme(below, scheme.id)
    with pytest.raises(NotFound):
        actions.make_scheme(
            below, room.cast.units["A"], "越级", date(2026, 1, 1), date(2026, 2, 1), PLAN, clock()
        )
    edited = trainer.post(f"/schemes/{scheme.id}/edit", data=data | {"papers": "30", "title": "改"})
    assert edited.status_code == 302
    clock.move(days=11)
    assert trainer.post(f"/schemes/{scheme.id}/publish").status_code == 302
    page = trainer.get(f"/schemes/{scheme.id}").text
    assert "不排名次" in page
    assert "公式版本" in page
    record = room.cast.sign_in("甲").get("/my-record").text
    assert "改" in record
    assert f"score/{scheme.id}" in record
    assert trainer.get(f"/schemes/{scheme.id}/correct").status_code == 200


def test_a_scheme_of_many_people_is_published_by_the_worker(
    room: Room, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schemes, "AT_ONCE", 2)
    scheme_id = write(room, clock)
    live(room, clock)
    client, page = room.cast.sign_in("书记"), f"/schemes/{scheme_id}"
    asked = client.post(f"{page}/publish")
    assert asked.location.startswith("/jobs/")
    assert client.post(f"{page}/publish").location == asked.location
    assert queries.get_scheme(room.trainer, scheme_id).state == "draft"
    assert "等着办" in client.get(asked.location).text
    assert run_next(room.app)
    done = client.get(asked.location).text
    assert "已公布 3 人的考评" in done
    assert f'href="{page}"' in done
    assert queries.list_scores(queries.get_scheme(room.trainer, scheme_id), 10, 0)[1] == 3
    assert queries.verify_scheme(scheme_id).differing == ()
    assert not run_next(room.app)


def test_a_worker_that_lost_its_turn_publishes_nothing(room: Room, clock: Clock) -> None:
    """The scores and the end of the job are kept together, or neither."""
    scheme_id = write(room, clock)
    live(room, clock)
    with pytest.raises(Stale):
        actions.publish_scheme(room.trainer, scheme_id, clock(), Task("gone", 1, {}, "nobody"))
    assert queries.get_scheme(room.trainer, scheme_id).state == "draft"
    assert db.session.query(ScoreRow).count() == 0
    task = Task("", room.trainer.id, {}, "")
    people = list(schemes._count(queries.get_scheme(room.trainer, scheme_id), 0, (), task))
    assert (len(people), task.done, task.total) == (3, 2, 3)


def test_of_many_people_some_are_tried_and_the_page_says_so(
    room: Room, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "MOST_TRIED", 2)
    scheme_id = write(room, clock)
    trial = queries.try_scheme(queries.get_scheme(room.trainer, scheme_id))
    assert (trial.whole, trial.people) == (3, 2)
    page = room.cast.sign_in("书记").get(f"/schemes/{scheme_id}?try=1").text
    assert "均匀抽了 2 人试算" in page

"""A paper's time can be changed while it runs; nobody who has begun loses what was promised."""

from collections.abc import Callable
from typing import Any

import pytest

from app.base.audit import list_entries
from app.base.db import db
from app.base.errors import Invalid, Stale, XuejiError
from app.quiz import actions, queries
from app.quiz.actions import Times
from app.quiz.models import AttemptRow
from app.quiz.paper import Paper, Plan
from app.quiz.queries.papers import find_paper
from app.quiz.window import GRACE, has_ended
from tests.quiz.conftest import HOUR, Room, viewer_of
from tests.quiz.test_attempts import together


def paper(paper_id: int) -> Paper:
    """Return a paper as it stands."""
    db.session.rollback()
    found = find_paper(paper_id)
    assert found is not None
    return found


def move(room: Room, paper_id: int, closes_at: int | None, opens_at: int | None = None) -> None:
    """Change the time of a paper, as a form that knows all earlier changes."""
    seen = len(paper(paper_id).moves)
    times = Times(opens_at, closes_at, "设备检修", seen)
    actions.change_window(room.trainer, paper_id, times, room.clock())


def test_a_closing_put_off_holds_for_everybody_under_way(room: Room) -> None:
    paper_id = room.make(closes_at=room.now() + 600)
    room.start(paper_id)
    move(room, paper_id, room.now() + 1800)
    assert room.attempt(paper_id).deadline == room.now() + 1800
    move(room, paper_id, room.now() + 9000)
    assert room.attempt(paper_id).deadline == room.now() + HOUR  # the hour is the limit now


def test_a_closing_brought_forward_cuts_nobody_short(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    promised = room.attempt(paper_id).deadline
    assert promised == room.now() + HOUR
    closes_at = room.now() + 600
    move(room, paper_id, closes_at)
    assert room.attempt(paper_id).deadline == promised
    room.clock.move(seconds=601)
    with pytest.raises(Invalid, match="截止"):
        room.start(paper_id, room.other)
    room.answer(paper_id, 2)
    room.submit(paper_id)
    found = paper(paper_id)
    early = queries.get_result(room.member.id, found, 1, room.clock())
    assert not early.key_open  # somebody else may still be answering
    assert found.window.ends_at == promised + GRACE
    room.clock.move(seconds=HOUR)
    assert queries.get_result(room.member.id, found, 1, room.clock()).key_open


def test_extra_time_comes_on_top_of_what_was_promised(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    promised = room.attempt(paper_id).deadline or 0
    extend = actions.extend_time
    extend(room.trainer, paper_id, room.member.id, 300, "视力", room.clock())
    move(room, paper_id, room.now() + 600)
    assert room.attempt(paper_id).deadline == promised + 300
    extend(room.trainer, paper_id, room.member.id, 900, "视力", room.clock())
    assert room.attempt(paper_id).deadline == promised + 900
    assert not has_ended(paper(paper_id).window, promised + 900 + GRACE)
    assert has_ended(paper(paper_id).window, promised + 900 + GRACE + 1)
    extend(room.trainer, paper_id, room.member.id, 0, "写错了", room.clock())
    assert room.attempt(paper_id).deadline == promised


def test_who_had_no_limit_gets_the_new_one_and_everybody_reads_of_it(room: Room) -> None:
    paper_id = room.make(mode="practice", duration_s=None, closes_at=None)
    room.start(paper_id)
    assert room.attempt(paper_id).deadline is None
    move(room, paper_id, room.now() + HOUR)
    assert room.attempt(paper_id).deadline == room.now() + HOUR
    client = room.cast.sign_in("甲")
    for path in ("/papers", f"/papers/{paper_id}", f"/papers/{paper_id}/attempts/1/1"):
        page = client.get(path).text
        assert "时间改过，原来是：" in page
        assert "设备检修" in page
    acts = [(e.action, e.member_id) for e in list_entries() if e.action == "quiz.change_window"]
    assert acts == [("quiz.change_window", room.member.id), ("quiz.change_window", None)]


def test_who_ran_out_by_the_old_closing_goes_on_while_the_key_is_shut(room: Room) -> None:
    paper_id = room.make(closes_at=room.now() + 600)
    room.start(paper_id)
    room.answer(paper_id, 1)
    extend = actions.extend_time
    extend(room.trainer, paper_id, room.other.id, HOUR, "视力", room.clock())
    room.clock.move(seconds=600 + GRACE + 1)
    actions.expire_attempts(room.clock(), paper_id=paper_id)
    assert room.attempt(paper_id).state == "expired"
    move(room, paper_id, room.now() + 900)
    assert (room.attempt(paper_id).state, room.attempt(paper_id).score) == ("open", None)
    room.answer(paper_id, 2)
    assert room.submit(paper_id).score == 4.0


def test_over_is_over(room: Room) -> None:
    paper_id = room.make(closes_at=room.now() + 600)
    room.clock.move(seconds=600 + GRACE + 1)
    with pytest.raises(Invalid, match="已经结束"):
        move(room, paper_id, room.now() + HOUR)
    closed = room.make()
    actions.close_paper(room.trainer, closed, "泄题", room.clock())
    with pytest.raises(Invalid, match="已经结束"):
        move(room, closed, room.now() + HOUR)
    draft = room.make(publish=False)
    with pytest.raises(Invalid, match="草稿"):
        move(room, draft, room.now() + HOUR)
    assert all(len(paper(i).moves) == n for i, n in ((paper_id, 0), (closed, 1), (draft, 0)))


@pytest.mark.parametrize(
    ("times", "error", "field"),
    [
        (lambda now: Times(None, now, "理由", 0), Invalid, "closes"),
        (lambda now: Times(None, None, "理由", 0), Invalid, "duration"),
        (lambda now: Times(now + 99, now + 90, "理由", 0), Invalid, "closes"),
        (lambda now: Times(None, now + HOUR, " ", 0), Invalid, "reason"),
        (lambda now: Times(None, now + HOUR, "长" * 201, 0), Invalid, "reason"),
        (lambda now: Times(None, now + HOUR, "理由", 1), Stale, None),
    ],
)
def test_what_makes_no_sense_or_comes_second_is_refused(
    room: Room, times: Callable[[int], Times], error: type[XuejiError], field: str | None
) -> None:
    paper_id = room.make(duration_s=None)
    before = paper(paper_id)
    with pytest.raises(error) as caught:
        actions.change_window(room.trainer, paper_id, times(room.now()), room.clock())
    assert field is None or field in caught.value.fields
    assert paper(paper_id) == before


def test_papers_moved_into_the_same_time_share_no_reserved_question(room: Room) -> None:
    room.make(title="甲卷", reserved=True)
    later = room.now() + 30 * HOUR
    other = room.make(title="乙卷", opens_at=later, closes_at=later + HOUR)
    with pytest.raises(Invalid, match="《甲卷》时间重叠"):
        move(room, other, room.now() + 20 * HOUR)
    assert paper(other).moves == ()
    move(room, other, later + 2 * HOUR, opens_at=later)


def test_a_change_starts_and_answers_at_once_leave_whole_attempts(room: Room) -> None:
    paper_id = room.make(closes_at=room.now() + 600)
    people = [viewer_of(room.cast.make_member(f"丙{n}", unit="A")) for n in range(6)]
    soon, late = room.now() + 300, room.now() + 1200

    def act(place: int) -> Any:
        if place >= 6:
            times = Times(None, (soon, late)[place - 6], "理由", 0)
            return actions.change_window(room.trainer, paper_id, times, room.clock())
        return room.start(paper_id, people[place])

    found = together(room, 8, act)
    assert sum(isinstance(one, Stale) for one in found) == 1
    now = paper(paper_id)
    assert len(now.moves) == 1
    rows = db.session.scalars(db.select(AttemptRow)).all()
    assert len(rows) == 6
    closes_at = now.terms.closes_at or 0
    for row in rows:  # never less than the closing at their start, never beyond the end
        assert row.deadline in {closes_at, room.now() + 600}
        assert row.deadline >= closes_at
        assert not has_ended(now.window, row.deadline + GRACE)


def test_a_week_that_is_over_stays_open_to_look_at(room: Room) -> None:
    from tests.quiz.conftest import rule

    plan = Plan(rules=(rule(2),))
    paper_id = room.make(plan, mode="weekly", per_person=True, duration_s=None, closes_at=None)
    number = room.start(paper_id)
    room.submit(paper_id, number)
    room.clock.move(days=8)
    second = room.start(paper_id)
    found = paper(paper_id)
    assert queries.get_result(room.member.id, found, number, room.clock()).key_open
    move(room, paper_id, room.now() + HOUR)
    found = paper(paper_id)
    assert queries.get_result(room.member.id, found, number, room.clock()).key_open
    assert (room.attempt(paper_id, second).deadline or 0) > room.now() + HOUR


def test_a_trainer_changes_and_ends_on_the_page_with_a_reason(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    client, path = room.cast.sign_in("书记"), f"/paper-desk/{paper_id}/window"
    assert f'href="{path}"' in client.get(f"/paper-desk/{paper_id}").text
    page = client.get(path).text
    assert "现在有 1 人正在作答" in page
    form = {"opens": "", "closes": "2026-11-25T10:00", "reason": "停电", "seen": "0"}
    assert client.post(path, data={**form, "reason": ""}).status_code == 422
    assert client.post(path, data={**form, "closes": "2026-11-20T10:00"}).status_code == 422
    assert client.post(path, data=form).status_code == 302
    assert client.post(path, data={**form, "closes": ""}).status_code == 409
    assert "停电" in client.get(f"/paper-desk/{paper_id}").text
    close = f"/paper-desk/{paper_id}/close"
    refused = client.post(close, data={"why": ""})
    assert refused.status_code == 422
    assert "请写明理由" in refused.text
    assert client.post(close, data={"why": "泄题"}).status_code == 302
    room.clock.move(minutes=1)
    result = room.cast.sign_in("甲").get(f"/papers/{paper_id}/attempts/1").text
    assert "结束了这份试卷" in result
    assert "泄题" in result
    room.cast.make_unit("Z")
    room.cast.make_member("别处", role="trainer", unit="Z")
    assert room.cast.sign_in("别处").get(path).status_code == 404

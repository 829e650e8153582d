"""What a phone answered in good faith is kept, though a paper reserves it or the unit was left."""

import re
from datetime import datetime
from typing import Any

import pytest

from app.bank.actions import add_own_question
from app.bank.kinds import TrueFalse
from app.base.clock import study_day
from app.base.db import db, transaction
from app.ops.queries import get_everything
from app.org.actions import Edited, edit_person
from app.org.queries import get_profile
from app.quiz.paper import Plan
from app.study import queries
from app.study.actions import Kept, absorb_answers, catch_up
from app.study.actions.writing import milliseconds
from app.study.models import ReviewRow, WaitingRow
from tests.quiz.conftest import HOUR, Room
from tests.study.test_absorbing import MINUTE, back, card, kept
from tests.study.test_actions import single


def deliver(room: Room, items: list[Kept]) -> list[str]:
    """Deliver from the member's phone; return what became of the items."""
    now = room.clock()
    results = absorb_answers(room.member.id, "d" * 22, milliseconds(now), items, now)
    return [result.outcome for result in results]


def reserve(room: Room) -> int:
    """Let a paper reserve the first single-choice question for a day."""
    return room.make(Plan(picked=(single(),), points={}), reserved=True)


def test_a_reserved_answer_waits_unmarked_and_counts_when_the_paper_is_over(room: Room) -> None:
    one = kept(room.clock(), right=False)
    room.clock.move(minutes=5)
    reserve(room)
    assert deliver(room, [one]) == ["ok"]
    assert deliver(room, [one]) == ["duplicate"]
    assert catch_up(room.member.id, room.clock()) == 0
    assert card(room.member.id, single()) is None
    assert db.session.scalars(db.select(ReviewRow)).all() == []
    room.clock.move(seconds=25 * HOUR)
    assert catch_up(room.member.id, room.clock()) == 1
    assert catch_up(room.member.id, room.clock()) == 0
    row = db.session.get(ReviewRow, (room.member.id, one.item.id))
    assert row is not None
    assert (row.at_ms, row.right, row.device) == (one.item.at, False, "d" * 22)
    assert card(room.member.id, single()).wrong_left > 0
    assert deliver(room, [one]) == ["duplicate"]
    assert db.session.scalars(db.select(WaitingRow)).all() == []


@pytest.mark.parametrize("undone_before", [True, False])
def test_what_waits_can_be_rated_and_taken_back(room: Room, undone_before: bool) -> None:
    one = kept(room.clock())
    easy = kept(room.clock(), 2, rating=4, voids=one.item.id)
    undo = back(easy, room.clock() + MINUTE)
    reserve(room)
    sent = [one, easy, undo] if undone_before else [one, easy]
    assert set(deliver(room, sent)) == {"ok"}
    room.clock.move(seconds=25 * HOUR)
    assert catch_up(room.member.id, room.clock()) == 2
    found = card(room.member.id, single())
    assert (found is None) == undone_before
    assert found is None or found.memory.state == 2


def test_nothing_that_can_be_seen_tells_right_from_wrong_while_it_waits(room: Room) -> None:
    """Guessing at a reserved question by way of the phone must teach nobody anything."""
    reserve(room)

    def seen(right: bool) -> list[Any]:
        with transaction() as session:
            session.query(WaitingRow).delete()
        one = kept(room.clock(), right=right, rating=0)
        outcome = deliver(room, [one])
        client = room.cast.sign_in("甲")
        pages = [client.get(p).data for p in ("/ways", "/statistics", "/set-aside")]
        page = client.get(f"/study/answers/{one.item.id}")
        return [outcome, page.status_code, *pages]

    assert seen(True) == seen(False)
    waiting = get_everything(room.member.id, room.clock())["tables"]["study_waiting"]
    assert len(waiting) == 1
    assert "right" not in waiting[0]


def test_an_answer_on_a_page_made_before_is_kept_too(room: Room) -> None:
    client = room.cast.sign_in("甲")
    page = client.get("/study", query_string={"way": "one", "question": single()}).text
    page = page[page.index('id="answer"') :].split("</form>")[0]
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    reserve(room)
    replies = [client.post("/study/answer", data={**form, "choice": c}) for c in ("0", "1")]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].data == replies[1].data
    assert "你的答案没有丢" in replies[0].text
    assert client.get(f"/study/answers/{form['answer_id']}").status_code == 404
    missing = client.post("/study/answer", data={**form, "question_id": "no-such"})
    assert missing.status_code == 404
    room.clock.move(seconds=25 * HOUR)
    assert catch_up(room.member.id, room.clock()) == 1
    assert card(room.member.id, single()).reps == 1


def test_nonsense_is_refused_at_once(room: Room) -> None:
    reserve(room)
    bad = [kept(room.clock(), response=r) for r in ([9], None, "A")]
    assert deliver(room, bad) == ["rejected"] * 3
    assert queries.list_waiting_members() == []


def own_question(room: Room, name: str, now: datetime) -> Kept:
    """Let unit A write a question of its own; return a phone's answer to it."""
    own = TrueFalse(name, "own", "know", f"本支部学习{name}", answer=True)
    with transaction() as session:
        add_own_question(session, room.cast.units["A"], "甲支部", own, 1, now)
    return kept(now, question=name, response=True)


def test_what_a_unit_asked_still_counts_after_leaving_it_and_only_that(room: Room) -> None:
    earlier = own_question(room, "u-earlier", room.clock())
    room.clock.move(days=1)
    room.cast.make_unit("D")
    move(room, room.cast.units["D"])
    room.clock.move(days=1)
    later = own_question(room, "u-later", room.clock())
    assert deliver(room, [earlier, later]) == ["ok", "rejected"]
    assert card(room.member.id, "u-earlier").reps == 1
    missing = kept(room.clock(), question="no-such", response=True)
    now = room.clock()
    refused, none = absorb_answers(
        room.member.id, "d" * 22, milliseconds(now), [later, missing], now
    )
    assert refused.reason == none.reason


def move(room: Room, unit_id: int) -> None:
    """Let an administrator move the member to another unit."""
    room.cast.make_member("总管", role="admin")
    profile = get_profile(room.member.id, study_day(room.clock()))
    wanted = Edited(
        profile.name,
        profile.phone or "",
        profile.role,
        unit_id,
        profile.status,
        profile.standing,
        profile.seen,
    )
    edit_person(room.member.id, wanted, room.cast.viewer("总管"), room.clock())

"""Attempts are begun, answered, handed in exactly once, whatever races, repeats and comes late."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.bank.queries import get_question
from app.base.db import db
from app.base.errors import Invalid, NotFound, Stale, XuejiError
from app.base.ids import new_id
from app.quiz import actions, queries
from app.quiz.actions import Sent
from app.quiz.models import AttemptRow
from app.quiz.paper import Plan
from app.quiz.window import GRACE
from tests.quiz.conftest import HOUR, Room, right_response, rule, viewer_of


def together(room: Room, number: int, act: Callable[[int], Any]) -> list[Any]:
    """Do something in several threads at once and return what came of it, refusals too."""
    gate, found = threading.Barrier(number), list[Any]()

    def run(place: int) -> None:
        with room.app.app_context():
            gate.wait()
            try:
                found.append(act(place))
            except XuejiError as error:
                found.append(error)

    db.session.rollback()
    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_starting_again_returns_the_attempt_under_way(room: Room) -> None:
    paper_id = room.make()
    assert room.start(paper_id) == 1
    first = [s.seed for s in room.slots(paper_id)]
    room.clock.move(minutes=5)
    assert room.start(paper_id) == 1
    assert [s.seed for s in room.slots(paper_id)] == first
    assert room.attempt(paper_id).deadline == room.now() - 5 * 60 + HOUR


def test_eight_threads_begin_one_attempt(room: Room) -> None:
    paper_id = room.make()
    found = together(room, 8, lambda _n: room.start(paper_id))
    assert found == [1] * 8
    assert len(room.slots(paper_id)) == 12


def test_a_race_for_the_last_attempt_is_won_once(room: Room) -> None:
    paper_id = room.make(attempts_allowed=2)
    room.start(paper_id)
    room.submit(paper_id)

    def start_and_submit(_n: int) -> int:
        number = room.start(paper_id)
        actions.submit_attempt(room.member.id, paper_id, number, room.clock())
        return number

    found = together(room, 6, start_and_submit)
    numbers = [n for n in found if n == 2]
    refusals = [e for e in found if isinstance(e, Invalid)]
    assert numbers
    assert len(numbers) + len(refusals) == 6
    db.session.rollback()
    count = db.select(db.func.count()).select_from(AttemptRow)
    assert db.session.scalar(count) == 2
    with pytest.raises(Invalid, match="只能答 2 次"):
        room.start(paper_id)


def test_answers_are_saved_one_by_one(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    for slot in (1, 5, 12):
        room.answer(paper_id, slot)
    assert [s.slot for s in room.slots(paper_id) if s.response is not None] == [1, 5, 12]
    room.answer(paper_id, 5, right=False)
    row = room.slots(paper_id)[4]
    assert (row.version, row.mark) == (2, None)
    assert room.submit(paper_id).score == 4.0


def test_the_second_delivery_changes_nothing(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    question = get_question(room.slots(paper_id)[0].question_id)
    first = Sent(1, new_id(), 0, right_response(question))
    answer = actions.answer_slot
    assert answer(room.member.id, paper_id, 1, first, room.clock())
    saved_at = room.slots(paper_id)[0].answered_at
    room.clock.move(minutes=1)
    assert answer(room.member.id, paper_id, 1, first, room.clock())
    row = room.slots(paper_id)[0]
    assert (row.version, row.answered_at) == (1, saved_at)
    room.answer(paper_id, 1, right=False)
    with pytest.raises(Stale, match="别的页面"):  # the first answer, delivered late
        answer(room.member.id, paper_id, 1, first, room.clock())
    assert room.slots(paper_id)[0].version == 2
    room.submit(paper_id)
    last = room.slots(paper_id)[0].answer_id
    again = Sent(1, last or "", 1, right_response(question))
    assert answer(room.member.id, paper_id, 1, again, room.clock()) is False
    with pytest.raises(Stale, match="已经交了"):
        answer(room.member.id, paper_id, 1, Sent(1, new_id(), 2, None), room.clock())


def test_of_eight_different_answers_at_once_one_is_saved(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    question = get_question(room.slots(paper_id)[0].question_id)
    sent = [Sent(1, new_id(), 0, right_response(question)) for _n in range(8)]
    found = together(
        room,
        8,
        lambda n: actions.answer_slot(room.member.id, paper_id, 1, sent[n], room.clock()),
    )
    assert found.count(True) == 1
    assert sum(isinstance(e, Stale) for e in found) == 7
    row = room.slots(paper_id)[0]
    assert row.version == 1
    assert row.answer_id in {s.answer_id for s in sent}


def test_answers_and_the_hand_in_race_without_losing_an_acknowledged_one(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    rows = room.slots(paper_id)
    right = [right_response(get_question(row.question_id)) for row in rows]

    def act(place: int) -> Any:
        if place == 6:
            return actions.submit_attempt(room.member.id, paper_id, 1, room.clock())
        sent = Sent(place + 1, new_id(), 0, right[place])
        return actions.answer_slot(room.member.id, paper_id, 1, sent, room.clock()) and place + 1

    saved = {slot for slot in together(room, 12, act) if isinstance(slot, int)}
    stored = {s.slot for s in room.slots(paper_id) if s.response is not None}
    assert stored == saved
    assert room.attempt(paper_id).score == 2.0 * len(stored)


def test_late_answers_are_refused_after_the_grace(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.clock.move(seconds=HOUR + GRACE)
    room.answer(paper_id, 2)
    room.clock.move(seconds=1)
    with pytest.raises(Stale, match="时间已到"):
        room.answer(paper_id, 3)
    assert queries.has_overdue(room.clock(), member_id=room.member.id)
    assert actions.expire_attempts(room.clock(), member_id=room.member.id) == 1
    attempt = room.attempt(paper_id)
    assert (attempt.state, attempt.score) == ("expired", 4.0)
    assert attempt.submitted_at == attempt.deadline == attempt.started_at + HOUR
    assert actions.expire_attempts(room.clock(), member_id=room.member.id) == 0
    assert not queries.has_overdue(room.clock())


def test_expiring_is_the_same_whenever_somebody_looks(room: Room) -> None:
    paper_id = room.make(attempts_allowed=2)
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.clock.move(days=0.5)
    assert room.start(paper_id) == 2
    first = room.attempt(paper_id, 1)
    assert (first.state, first.submitted_at, first.score) == (
        "expired",
        first.started_at + HOUR,
        2.0,
    )


def test_eight_threads_expire_an_attempt_once(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.clock.move(hours=2)
    found = together(room, 8, lambda _n: actions.expire_attempts(room.clock(), paper_id=paper_id))
    assert sum(found) == 1


def test_handing_in_twice_changes_nothing(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    first = room.submit(paper_id)
    at = first.submitted_at
    room.clock.move(minutes=3)
    assert room.submit(paper_id).submitted_at == at
    assert room.attempt(paper_id).state == "submitted"


def test_marks_are_what_the_stored_answers_earn(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    for slot in range(1, 13):
        room.answer(paper_id, slot, right=slot % 3 != 0)
    attempt = room.submit(paper_id)
    marks = [s.mark for s in room.slots(paper_id)]
    assert attempt.score == sum(m or 0 for m in marks)
    assert [s.right for s in room.slots(paper_id)] == [n % 3 != 0 for n in range(1, 13)]
    assert attempt.full == 24.0


def test_nobody_answers_for_somebody_else(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    sent = Sent(1, new_id(), 0, [0])
    with pytest.raises(NotFound):
        actions.answer_slot(room.other.id, paper_id, 1, sent, room.clock())
    with pytest.raises(NotFound):
        actions.submit_attempt(room.other.id, paper_id, 1, room.clock())
    with pytest.raises(NotFound):
        actions.answer_slot(room.member.id, paper_id, 1, Sent(13, new_id(), 0, [0]), room.clock())
    with pytest.raises(Invalid):
        actions.answer_slot(room.member.id, paper_id, 1, Sent(1, "short", 0, [0]), room.clock())


def test_before_opening_nothing_begins(room: Room) -> None:
    paper_id = room.make(opens_at=room.now() + 60)
    with pytest.raises(Invalid, match="还没有到"):
        room.start(paper_id)
    room.clock.move(minutes=1)
    assert room.start(paper_id) == 1


def test_closing_cuts_the_duration_short(room: Room) -> None:
    paper_id = room.make(closes_at=room.now() + 600)
    room.start(paper_id)
    assert room.attempt(paper_id).deadline == room.now() + 600


def test_each_person_draws_their_own_and_meets_new_questions_first(room: Room) -> None:
    plan = Plan(rules=(rule(4),))
    paper_id = room.make(plan, per_person=True, attempts_allowed=3, mode="practice")
    met: list[str] = []
    for number in (1, 2, 3):
        room.start(paper_id)
        met += [s.question_id for s in room.slots(paper_id, number)]
        room.submit(paper_id, number)
    assert len(set(met)) == 12
    room.start(paper_id, room.other)
    orders = [s.seed for s in room.slots(paper_id, who=room.other)]
    assert len({*orders, *[s.seed for s in room.slots(paper_id)]}) == 8


def test_a_challenge_ends_at_the_first_mistake(room: Room) -> None:
    plan = Plan(rules=(rule(6, 1),))
    paper_id = room.make(plan, mode="challenge", attempts_allowed=0, duration_s=None)
    room.start(paper_id)
    with pytest.raises(Stale, match="一题一题"):
        room.answer(paper_id, 2)
    assert room.answer(paper_id, 1)
    assert room.answer(paper_id, 2)
    with pytest.raises(Stale, match="答过的不能改"):
        room.answer(paper_id, 1)
    assert room.answer(paper_id, 3, right=False) is False
    attempt = room.attempt(paper_id)
    assert (attempt.state, attempt.score) == ("submitted", 2.0)
    assert room.start(paper_id) == 2
    for slot in range(1, 6):
        assert room.answer(paper_id, slot, number=2)
    assert room.answer(paper_id, 6, number=2) is False
    assert room.attempt(paper_id, 2).score == 6.0


def test_a_weekly_paper_is_taken_once_a_week(room: Room) -> None:
    plan = Plan(rules=(rule(2),))
    paper_id = room.make(plan, mode="weekly", duration_s=None, closes_at=None)
    assert room.start(paper_id) == 202648
    first = [s.question_id for s in room.slots(paper_id, 202648)]
    room.submit(paper_id, 202648)
    with pytest.raises(Invalid):
        room.start(paper_id)
    offer = queries.get_offer(room.member, paper_id, room.clock())
    assert offer.refusal
    room.clock.move(days=7)
    assert queries.get_offer(room.member, paper_id, room.clock()).refusal is None
    assert room.start(paper_id) == 202649
    assert not set(first) & {s.question_id for s in room.slots(paper_id, 202649)}
    room.clock.move(days=7)
    actions.expire_attempts(room.clock(), member_id=room.member.id)
    second = room.attempt(paper_id, 202649)
    assert second.state == "expired"
    assert queries.get_offer(room.member, paper_id, room.clock()).shown == {202648, 202649}


def test_many_overdue_attempts_are_marked_in_turns(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.quiz.actions import attempts

    monkeypatch.setattr(attempts, "AT_A_TIME", 2)
    paper_id = room.make()
    people = [viewer_of(room.cast.make_member(f"丙{n}", unit="A")) for n in range(5)]
    for person in people:
        room.start(paper_id, person)
    room.clock.move(hours=3)
    counts = [actions.expire_attempts(room.clock(), paper_id=paper_id) for _n in range(4)]
    assert counts == [2, 2, 1, 0]


def test_answers_feed_the_memory_once_the_window_is_over(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.answer(paper_id, 2, right=False)
    room.submit(paper_id)

    def released() -> list[queries.Taken]:
        return queries.list_released(queries.list_taken(room.member.id), room.clock())

    assert released() == []
    room.clock.move(days=2)
    assert [(t.paper_id, t.number, t.remarks) for t in released()] == [(paper_id, 1, 0)]
    found = queries.list_fed_answers(room.member.id, paper_id, 1)
    assert [(f.slot, f.right, f.turn) for f in found] == [(1, True, 0), (2, False, 0)]
    assert queries.list_taken(room.other.id) == []
    assert queries.list_takers() == [room.member.id]

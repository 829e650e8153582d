"""Whatever lines and clocks do, a phone's answers count once each, as if they had come in order."""

import os
import random
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest
from flask import Flask
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from app.bank.actions import add_own_question
from app.bank.kinds import TrueFalse
from app.bank.queries import list_question_ids
from app.base.clock import day_start, study_day
from app.base.db import db, transaction
from app.base.ids import new_id
from app.study import actions, queries
from app.study.actions import Kept, absorb_answers
from app.study.actions.writing import milliseconds
from app.study.card import replay
from app.study.delivery import Item
from app.study.log import card_of, read_log
from app.study.models import CardRow, ReviewRow, VoidRow
from tests.conftest import Cast, Clock
from tests.study.test_actions import key_of, sent, single
from tests.study.test_pack import set_status

EXAMPLES = int(os.environ.get("XUEJI_EXAMPLES", "60"))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def member(bank: Flask, cast: Cast) -> int:
    """A member who has not studied yet."""
    return cast.make_member("甲")


def kept(at: datetime, sequence: int = 1, right: bool = True, **changes: Any) -> Kept:
    """Return an answer to the first single-choice question; the phone's clock is right."""
    key = key_of(single())
    response = key if right else [(key[0] + 1) % 4]
    plain = {"question": single(), "response": response, "rating": 3 if right else 1}
    item = Item(new_id(), sequence, milliseconds(at), **{**plain, **changes})
    return Kept(item, milliseconds(at - timedelta(days=8)))


def back(target: Kept, at: datetime, sequence: int = 9) -> Kept:
    """Return the taking back of an answer."""
    item = Item(new_id(), sequence, milliseconds(at), voids=target.item.id)
    return Kept(item, target.handshake_ms)


def deliver(member: int, items: list[Kept], now: datetime) -> list[str]:
    """Deliver from a phone whose clock is right; return what became of the items."""
    results = absorb_answers(member, "d" * 22, milliseconds(now), items, now)
    assert [r.id for r in results] == [k.item.id for k in items]
    return [r.outcome for r in results]


def card(member: int, question_id: str) -> Any:
    """Return the stored card, which must be the replay of the log."""
    db.session.rollback()
    found = card_of(db.session.get(CardRow, (member, question_id)))
    assert found == replay(read_log(db.session(), member, question_id))
    return found


def test_an_answer_counts_once_however_often_it_comes(member: int, clock: Clock) -> None:
    one = kept(clock())
    assert deliver(member, [one], clock()) == ["ok"]
    clock.move(days=2)
    assert deliver(member, [one, one], clock()) == ["duplicate", "duplicate"]
    assert card(member, single()).reps == 1
    row = db.session.get(ReviewRow, (member, one.item.id))
    assert (row.at_ms, row.disputed, row.device) == (one.item.at, False, "d" * 22)


def test_the_page_and_the_phone_may_both_send_an_answer(member: int, clock: Clock) -> None:
    one = kept(clock())
    online = msgspec.structs.replace(sent(single()), answer_id=one.item.id)
    actions.answer_card(member, online, clock())
    assert deliver(member, [one], clock()) == ["duplicate"]
    assert actions.answer_card(member, online, clock()).right is True
    assert card(member, single()).reps == 1


def test_an_earlier_answer_is_put_where_it_belongs(member: int, clock: Clock) -> None:
    early = kept(clock(), right=False)
    clock.move(days=3)
    actions.answer_card(member, sent(single()), clock())
    before = [r.before for r in db.session.query(ReviewRow)]
    assert deliver(member, [early], clock()) == ["ok"]
    found = card(member, single())
    assert (found.reps, found.first_day) == (2, study_day(clock()) - timedelta(days=3))
    db.session.rollback()
    states = {r.answer_id: r.before for r in db.session.query(ReviewRow)}
    assert (before, sorted(states.values()), states[early.item.id]) == ([0], [0, 1], 0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_is_taken_back_does_not_count(
    member: int, clock: Clock, order: tuple[int, int]
) -> None:
    one = kept(clock())
    undo = back(one, clock() + MINUTE)
    clock.move(minutes=5)
    for n in order:
        assert deliver(member, [(one, undo)[n]], clock()) == ["ok"]
    assert deliver(member, [undo, one], clock()) == ["duplicate", "duplicate"]
    assert card(member, single()) is None
    assert queries.get_today(member, clock()).done == 0


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_a_rating_replaces_and_its_taking_back_takes_all(
    member: int, clock: Clock, order: tuple[int, ...]
) -> None:
    one = kept(clock())
    easy = kept(clock(), 2, rating=4, voids=one.item.id)
    undo = back(easy, clock() + MINUTE)
    clock.move(minutes=5)
    deliver(member, [one, easy], clock())
    assert card(member, single()).memory.state == 2
    other = member_like(member)
    for n in order:
        deliver(other, [(one, easy, undo)[n]], clock())
    assert card(other, single()) is None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_taking_back_an_answer_takes_its_rating_along(
    member: int, clock: Clock, order: tuple[int, ...]
) -> None:
    one = kept(clock())
    easy = kept(clock(), 2, rating=4, voids=one.item.id)
    undo = back(one, clock() + MINUTE)
    clock.move(minutes=5)
    for n in order:
        deliver(member, [(one, easy, undo)[n]], clock())
    assert card(member, single()) is None


def member_like(_member: int) -> int:
    """Return another member."""
    from app.accounts.actions import add_user

    return add_user(f"乙{new_id()}", "member", datetime(2026, 1, 1).astimezone())


def test_yesterdays_answer_is_not_taken_back(member: int, clock: Clock) -> None:
    one = kept(clock())
    deliver(member, [one], clock())
    clock.move(days=1)
    [result] = absorb_answers(
        member, "d" * 22, milliseconds(clock()), [back(one, clock())], clock()
    )
    assert (result.outcome, "今天" in result.reason) == ("rejected", True)
    assert card(member, single()).reps == 1


@pytest.mark.parametrize(
    "change",
    [
        {"question": "no-such"},
        {"revision": 7},
        {"response": [9]},
        {"response": None},
        {"response": "A"},
    ],
)
def test_what_cannot_be_marked_is_refused_and_leaves_the_others(
    member: int, clock: Clock, change: dict[str, Any]
) -> None:
    good = kept(clock())
    assert deliver(member, [kept(clock(), 2, **change), good], clock()) == ["rejected", "ok"]
    assert card(member, single()).reps == 1


@pytest.mark.parametrize("status", ["recheck", "retired"])
def test_an_answer_counts_though_the_question_is_no_longer_asked(
    member: int, clock: Clock, status: str
) -> None:
    one = kept(clock())
    set_status(single(), status)
    clock.move(days=1)
    assert deliver(member, [one], clock()) == ["ok"]
    assert card(member, one.item.question).reps == 1


def test_another_units_own_question_looks_missing(bank: Flask, cast: Cast, clock: Clock) -> None:
    for code in ("B", "D"):
        cast.make_unit(code)
        cast.make_member(code, unit=code)
    own = TrueFalse("u-one", "own", "know", "本支部周五学习", answer=True)
    with transaction() as session:
        add_own_question(session, cast.units["B"], "乙支部", own, 1, clock())
    one = kept(clock(), question="u-one", response=True)
    none = kept(clock(), question="no-such", response=True)
    results = absorb_answers(
        cast.people["D"], "d" * 22, milliseconds(clock()), [one, none], clock()
    )
    assert [r.outcome for r in results] == ["rejected", "rejected"]
    assert results[0].reason == results[1].reason
    assert deliver(cast.people["B"], [one], clock()) == ["ok"]


def test_a_wrong_answer_is_not_made_right_by_another(member: int, clock: Clock) -> None:
    wrong = kept(clock(), right=False)
    deliver(member, [wrong], clock())
    other = kept(clock(), 2, voids=wrong.item.id)
    assert deliver(member, [other], clock()) == ["rejected"]
    assert card(member, single()).wrong_left > 0


def test_answers_that_take_each_other_back_end(member: int, clock: Clock) -> None:
    one = kept(clock())
    two = kept(clock(), 2, voids=one.item.id)
    one = Kept(replace_item(one.item, voids=two.item.id), one.handshake_ms)
    deliver(member, [one, two], clock())
    deliver(member, [back(one, clock(), 3)], clock())
    assert card(member, single()) is None


def replace_item(item: Item, **changes: Any) -> Item:
    """Return an item with some fields changed."""
    import msgspec

    return msgspec.structs.replace(item, **changes)


def test_eight_deliveries_at_once_count_once(member: int, app: Flask, clock: Clock) -> None:
    items = [kept(clock() + timedelta(seconds=n), n) for n in range(3)]
    clock.move(minutes=1)
    outcomes: list[str] = []

    def run() -> None:
        with app.app_context():
            outcomes.extend(deliver(member, items, clock()))

    threads = [threading.Thread(target=run) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["duplicate"] * 21 + ["ok"] * 3
    assert card(member, single()).reps == 3


@dataclass
class Phone:
    """A phone with a wrong clock that keeps what its member does."""

    error: timedelta
    handshake: datetime
    items: list[Kept]
    last: Kept | None = None
    last_at: datetime | None = None

    def record(self, at: datetime, what: str, question_id: str) -> None:
        """Do one thing at the true time `at`, as the page lets a member do it."""
        same_day = self.last_at is not None and study_day(self.last_at) == study_day(at)
        if what in ("right", "wrong"):
            response = answer_of(question_id, what == "right")
            item = self._item(at, question=question_id, response=response)
            self.last, self.last_at = Kept(item, milliseconds(self.handshake)), at
            self.items.append(self.last)
        elif self.last is not None and self.last_at is not None and same_day:
            asked = self.last.item
            if what == "undo":
                item, self.last = self._item(at, voids=asked.id), None
            elif answer_of(asked.question or "", True) == asked.response and not asked.voids:
                item = replace_item(
                    self._item(self.last_at, voids=asked.id),
                    question=asked.question,
                    response=asked.response,
                    rating=4,
                )
                self.last = Kept(item, milliseconds(self.handshake))
            else:
                return
            self.items.append(Kept(item, milliseconds(self.handshake)))

    def _item(self, at: datetime, **fields: Any) -> Item:
        """Return an item that bears the phone's own time."""
        return Item(new_id(), len(self.items), milliseconds(at + self.error), **fields)


def answer_of(question_id: str, right: bool) -> list[int]:
    """Return a right or wrong response to a single-choice question."""
    key = key_of(question_id)
    return key if right else [(key[0] + 1) % 4]


def two_questions() -> list[str]:
    """Return two single-choice questions."""
    from app.bank.queries import get_question

    return [i for i in list_question_ids() if get_question(i).kind == "single"][:2]


steps = st.lists(
    st.tuples(
        st.integers(0, 1),  # which phone
        st.sampled_from(["right", "right", "wrong", "rate", "undo"]),
        st.integers(0, 1),  # which question
        st.sampled_from([1, 3, 11, 300, 1440, 4000]),  # minutes since the step before
    ),
    min_size=1,
    max_size=14,
)
errors = st.tuples(st.integers(-72, 72), st.integers(-72, 72))


def state(member: int, question_id: str) -> tuple[object, ...]:
    """Return what the member's memory of a question is, and the log it comes from."""
    found = card(member, question_id)
    voided = {v.answer_id for v in db.session.query(VoidRow).filter_by(member_id=member)}
    rows = db.session.query(ReviewRow).filter_by(member_id=member, question_id=question_id)
    log = sorted(
        (r.day, r.at_ms // 60_000, r.rating, r.before) for r in rows if r.answer_id not in voided
    )
    if found is None:
        return (None, log)
    return (found.memory, found.reps, found.lapses, found.first_day, found.wrong_left, log)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps, errors, st.integers(0, 2**32), st.integers(0, 3))
def test_faults_leave_the_same_memory_as_order_would(
    member: int,
    history: list[tuple[int, str, int, int]],
    hours: tuple[int, int],
    seed: int,
    latency: int,
) -> None:
    rng = random.Random(seed)
    questions = two_questions()
    at = day_start(datetime(2026, 11, 1).date()) + timedelta(hours=6, seconds=30)
    phones = [Phone(timedelta(hours=h), at - MINUTE, []) for h in hours]
    made: list[tuple[Phone, int]] = []
    ordered, faulty = member_like(member), member_like(member)
    for which, what, question, minutes in history:
        at += timedelta(minutes=minutes)
        phone, count = phones[which], len(phones[which].items)
        phone.record(at, what, questions[question])
        for n in range(count, len(phone.items)):  # in order: at once, nothing lost
            made.append((phone, n))
            absorb_answers(ordered, "d" * 22, milliseconds(at + phone.error), [phone.items[n]], at)
    outcomes: dict[str, list[str]] = {}
    for phone, batch in shuffled_batches(made, rng):
        at += timedelta(minutes=rng.choice([0, 1, 600]))
        sent_at = milliseconds(at - timedelta(seconds=latency) + phone.error)
        for result in absorb_answers(faulty, "e" * 22, sent_at, batch, at):
            outcomes.setdefault(result.id, []).append(result.outcome)
    for question_id in questions:
        assert state(faulty, question_id) == state(ordered, question_id)
    assert queries.list_missummed_members([ordered, faulty]) == []
    assert queries.list_missummed_units() == []
    assert sums_of(faulty) == sums_of(ordered)
    assert all(o.count("ok") == 1 and "rejected" not in o for o in outcomes.values())
    event(f"{len(made)} items, {len(set(hours))} clocks")


def sums_of(member: int) -> list[object]:
    """Return what the member's answers sum up to, without whose they are."""
    return [replace(one, member_id=0) for one in queries.list_member_chapters([member])]


def shuffled_batches(
    made: list[tuple[Phone, int]], rng: random.Random
) -> list[tuple[Phone, list[Kept]]]:
    """Return deliveries in any order: split anyhow, each item at least once, some repeated."""
    batches = []
    for phone in {id(p): p for p, _n in made}.values():
        mine = [phone.items[n] for p, n in made if p is phone]
        mine += rng.sample(mine, rng.randint(0, len(mine)))  # lost replies: sent again
        rng.shuffle(mine)
        while mine:
            size = rng.randint(1, len(mine))
            batches.append((phone, mine[:size]))
            mine = mine[size:]
    rng.shuffle(batches)
    return batches

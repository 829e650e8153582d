"""Plain answers delivered at once are what the same answers are one after another, only cheaper."""

import random
from datetime import timedelta

import msgspec
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.base.clock import study_day
from app.base.db import db
from app.base.ids import new_id
from app.base.lane import find_lanes
from app.study import queries
from app.study.actions import Kept, absorb_answers
from app.study.actions.writing import milliseconds
from app.study.delivery import Item
from app.study.log import MAX_ELAPSED_MS
from app.study.models import ReviewRow
from app.study.tally import COUNTED, FIRST
from tests.conftest import Cast, Clock
from tests.study.test_absorbing import (
    EXAMPLES,
    MINUTE,
    answer_of,
    card,
    deliver,
    kept,
    member,  # noqa: F401
    member_like,
    replace_item,
    state,
    sums_of,
    two_questions,
)

told = st.lists(
    st.tuples(
        st.sampled_from(["right", "right", "wrong", "unknown", "again"]),
        st.integers(0, 1),  # which question
        st.integers(0, 4),  # the rating that is said
        st.sampled_from([1, 3, 11, 300, 1440, 4000]),  # minutes since the one before
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=EXAMPLES // 3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(told, st.integers(0, 2**32))
def test_a_delivery_is_what_its_answers_are_one_by_one(
    member: int,  # noqa: F811
    clock: Clock,
    history: list[tuple[str, int, int, int]],
    seed: int,
) -> None:
    questions, items = two_questions(), list[Kept]()
    at = clock() + timedelta(seconds=30)  # what is settled to a moment earlier stays in its minute
    for what, which, rating, minutes in history:
        at += timedelta(minutes=minutes)
        asked = questions[which] if what != "unknown" else "nothing-of-ours"
        response = answer_of(questions[which], what != "wrong")
        item = Item(new_id(), len(items), milliseconds(at), question=asked, response=response)
        repeated = what == "again" and items
        items.append(items[-1] if repeated else Kept(replace_item(item, rating=rating), 1))
    at += MINUTE
    random.Random(seed).shuffle(items)  # what is sent late is late for both
    parts = [items[: len(items) // 2], items[len(items) // 2 :]]
    whole, single = member_like(member), member_like(member)
    outcomes: list[list[str]] = [[], []]
    for part in parts:
        outcomes[0] += deliver(whole, part, at)
        for one in sorted(part, key=lambda k: k.item.sequence):
            outcomes[1] += deliver(single, [one], at)
    assert sorted(outcomes[0]) == sorted(outcomes[1])
    for question_id in questions:
        card(whole, question_id)
        assert state(whole, question_id) == state(single, question_id)
    assert sums_of(whole) == sums_of(single)
    assert queries.list_missummed_members([whole, single]) == []
    assert queries.list_missummed_units() == []


def test_an_answer_that_was_taken_back_before_does_not_count(
    member: int,  # noqa: F811
    clock: Clock,
) -> None:
    gone, stays = kept(clock()), kept(clock() + MINUTE, 2)
    clock.move(minutes=5)
    absorb_answers(
        member,
        "d" * 22,
        milliseconds(clock()),
        [Kept(Item(new_id(), 3, milliseconds(clock()), voids=gone.item.id), None)],
        clock(),
    )
    assert deliver(member, [gone, stays], clock()) == ["ok", "ok"]
    assert card(member, gone.item.question or "").reps == 1


@pytest.mark.parametrize("others", [0, 1])  # alone, or beside a taking back
def test_the_log_has_each_thing_in_its_column(
    member: int,  # noqa: F811
    clock: Clock,
    others: int,
) -> None:
    at, days = milliseconds(clock()), 24 * 3600 * 1000
    answer = kept(clock(), elapsed=25 * 60 * 1000, way="wrong", rating=4)
    answer = Kept(replace_item(answer.item, at=at - 4 * days), at - 3 * days)
    backs = [Kept(Item(new_id(), 2, at, voids=new_id()), None)] * others
    assert deliver(member, [answer, *backs], clock()) == ["ok"] * (1 + others)
    row = db.session.get(ReviewRow, (member, answer.item.id))
    assert row is not None
    found = {column.name: getattr(row, column.name) for column in ReviewRow.__table__.columns}
    assert found == {
        "member_id": member,
        "answer_id": answer.item.id,
        "question_id": answer.item.question,
        "revision": 1,
        "at_ms": at - 3 * days,
        "day": study_day(clock() - timedelta(days=3)),
        "rating": 4,
        "right": True,
        "before": 0,
        "response": msgspec.json.encode(answer.item.response).decode(),
        "elapsed_ms": MAX_ELAPSED_MS,
        "way": "wrong",
        "device": "d" * 22,
        "arrived_ms": at,
        "claimed_ms": at - 4 * days,
        "disputed": True,
        "unit_id": 0,
        "tally": COUNTED | FIRST,
    }


@pytest.mark.once
def test_a_delivery_asks_the_same_whatever_its_size(
    bank: Flask,
    cast: Cast,
    clock: Clock,
) -> None:
    asked = []
    for number in (2, 40):
        one = cast.make_member(f"甲{number}")
        items = [kept(clock() + n * MINUTE, n) for n in range(number)]
        clock.move(hours=2)
        lanes, seen = find_lanes(), list[str]()
        assert lanes is not None
        lanes.writer().set_trace_callback(seen.append)
        assert set(deliver(one, items, clock())) == {"ok"}
        lanes.writer().set_trace_callback(None)
        asked.append(sum(line.startswith("SELECT") for line in seen))
    assert asked[0] == asked[1] > 0

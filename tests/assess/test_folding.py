"""What is folded at night for reports is what counting everything anew gives, however units lie."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.assess.actions import fold_reports
from app.assess.actions.folding import add_up
from app.assess.figures import HELP_SHARE, LEAST_ASKED, is_weak
from app.assess.models import UnitQuestionRow, WeakRow
from app.base.clock import study_day
from app.base.db import db
from app.org import queries as org
from app.org.actions import merge_units
from app.study.queries import UnitCount, list_member_recalls, list_unit_counts
from tests.assess.test_reports import exempt, figures, study
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room


@pytest.fixture
def room(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """Unit A with B below it, a trainer and a member of A, a member of B."""
    return Room(bank, cast, clock)


def kept() -> dict[tuple[int, str], tuple[int, int, int]]:
    """Return what is kept of units and questions."""
    row = UnitQuestionRow
    rows = db.session.execute(
        select(row.unit_id, row.question_id, row.asked, row.right, row.people)
    )
    return {(unit, question): (n, k, p) for unit, question, n, k, p in rows}


def test_a_unit_holds_what_is_below_and_what_was_merged_into_it(room: Room, clock: Clock) -> None:
    study(room, room.member.id, "1101", clock)
    study(room, room.other.id, "100", clock)
    since = study_day(clock()) - timedelta(days=90)
    own = {(one.unit_id, one.question_id): one for one in list_unit_counts(since)}
    a, b = room.cast.units["A"], room.cast.units["B"]
    assert fold_reports(clock()).rows == len(kept()) == 2
    [question] = {question for _unit, question in own}
    assert kept()[b, question] == own[b, question][2:] == (2, 0, 1)
    assert kept()[a, question] == (5, 2, 2)
    room.cast.make_unit("C", "A")
    merge_units(b, room.cast.units["C"], clock(), None)
    fold_reports(clock())
    assert kept()[room.cast.units["C"], question] == (2, 0, 1)
    assert kept()[a, question] == (5, 2, 2)


def test_the_weak_are_those_that_counting_anew_finds(room: Room, clock: Clock) -> None:
    study(room, room.member.id, "1" + "0" * 12, clock)
    study(room, room.other.id, "1" * 13, clock)
    fold_reports(clock())
    everybody = org.select_scope_ids(org.Scope(None))
    live = list_member_recalls(everybody, LEAST_ASKED, HELP_SHARE)
    wanted = {member: (right, n) for member, n, right in live if is_weak(right, n)}
    rows = db.session.scalars(select(WeakRow))
    assert {row.member_id: (row.recalled, row.delayed) for row in rows} == wanted
    assert set(wanted) == {room.member.id}
    assert [one.name for one in figures(room, clock).helped] == ["甲"]
    exempt(room, "甲", clock)  # takes effect at once, not only after the next night
    assert figures(room, clock).helped == ()


@pytest.mark.pure
@given(
    st.lists(st.tuples(st.integers(1, 5), st.sampled_from("pq"), st.integers(1, 9)), max_size=12)
)
def test_every_count_reaches_each_unit_above_once(drawn: list[tuple[int, str, int]]) -> None:
    chains = {1: (1,), 2: (1, 2), 3: (1, 2, 3), 4: (1, 2)}  # 4 was merged into 2; 5 is gone
    counts = [UnitCount(unit, question, n, n // 2, 1) for unit, question, n in drawn]
    found = {(r["unit_id"], r["question_id"]): r["asked"] for r in add_up(counts, chains)}
    wanted: Counter[tuple[int, str]] = Counter()
    for unit, question, n in drawn:
        wanted.update({(above, question): n for above in chains.get(unit, (unit,))})
    assert found == dict(wanted)


def test_people_are_counted_by_unit_and_standing_without_the_disabled(
    room: Room, clock: Clock
) -> None:
    from app.accounts.actions import disable_user

    a, b = room.cast.units["A"], room.cast.units["B"]
    room.cast.make_member("走", unit="A")
    disable_user(room.cast.make_member("停", unit="A"), clock())
    exempt(room, "走", clock)
    assert org.count_standings([a, b]) == {a: {"active": 2, "exempt": 1}, b: {"active": 1}}
    assert (org.count_obliged(a), org.count_obliged(b)) == (3, 1)
    disable_user(room.cast.people["走"], clock())
    assert org.count_standings([a]) == {a: {"active": 2}}

"""Reviews made elsewhere count once, in whatever parts and order, and stand apart."""

import random
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from app.base.clock import study_day
from app.base.db import db, transaction
from app.base.errors import Invalid, NotFound
from app.study.actions import answer_card, merge_reviews, merging, undo_answer
from app.study.models import CardRow, MemberChapterRow, ReviewRow, UnitChapterRow, VoidRow
from app.study.queries import (
    count_firsts,
    find_last_answer,
    get_feedback,
    get_marks,
    list_drifted,
    list_histories,
    list_member_chapters,
    list_missummed_members,
    list_missummed_units,
    tally_question,
)
from app.study.tally import SELF_RATED
from app.study.union import Outside
from tests.conftest import Cast, Clock
from tests.study.test_actions import sent, single

HOUR = 3_600_000


@pytest.fixture
def member(bank: Flask, cast: Cast) -> int:
    """A member who has not studied yet."""
    return cast.make_member("甲")


def outside(clock: Clock, hours: float, rating: int = 3, question: str = "") -> Outside:
    """Return a review made elsewhere so many hours ago."""
    at_ms = int(clock().timestamp() * 1000 - hours * HOUR)
    return Outside(question or single(), at_ms, rating, 5000)


def test_reviews_are_marked_as_rated_by_oneself(member: int, clock: Clock) -> None:
    assert merge_reviews(member, [outside(clock, 30), outside(clock, 2, 1)], clock()) == 2
    rows = list(db.session.scalars(select(ReviewRow).order_by(ReviewRow.at_ms)))
    assert [(row.way, row.rating, row.right) for row in rows] == [
        (SELF_RATED, 3, True),
        (SELF_RATED, 1, False),
    ]
    assert [row.before for row in rows] == [0, 1]
    assert {(row.response, row.elapsed_ms, row.arrived_ms) for row in rows} == {
        ("null", 5000, int(clock().timestamp() * 1000))
    }
    assert get_marks(member, single()).in_wrong_book


def test_what_people_judged_themselves_says_nothing_of_right_first_answers(
    member: int, clock: Clock
) -> None:
    merge_reviews(member, [outside(clock, 30)], clock())
    assert count_firsts(member) == (0, 0)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(1, 4)), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_parts_and_order_do_not_matter(
    member: int, clock: Clock, made: list[tuple[int, int]], rng: random.Random
) -> None:
    with transaction() as session:
        for table in (CardRow, ReviewRow, VoidRow, MemberChapterRow, UnitChapterRow):
            session.execute(delete(table))
    reviews = [outside(clock, hours, rating) for hours, rating in made]
    distinct = {review.at_ms: review for review in reversed(reviews)}
    parts = [*reviews, *rng.sample(reviews, len(reviews))]
    new, start = 0, 0
    while start < len(parts):
        size = rng.randint(1, 5)
        new += merge_reviews(member, parts[start : start + size], clock())
        start += size
    assert new == len(distinct)
    db.session.rollback()
    (_card, log) = list_histories(member)[single()]
    assert [r.at_ms for r in log] == sorted(distinct)
    assert list_drifted(member) == []
    assert list_missummed_members([member]) == []
    assert list_missummed_units() == []


def test_what_the_site_has_comes_back_as_nothing(member: int, clock: Clock) -> None:
    answer_card(member, sent(single()), clock())
    back = outside(clock, 0)
    clock.move(days=1)
    assert merge_reviews(member, [back], clock()) == 0
    assert merge_reviews(member, [back, outside(clock, 3)], clock()) == 1


def test_what_was_taken_back_stays_taken_back(member: int, clock: Clock) -> None:
    answer = sent(single())
    answer_card(member, answer, clock())
    undo_answer(member, answer.answer_id, clock())
    assert merge_reviews(member, [outside(clock, 0)], clock()) == 0
    merge_reviews(member, [outside(clock, 1)], clock())
    (stored,) = list_histories(member)[single()][1]
    undo_answer(member, stored.answer_id, clock())
    assert merge_reviews(member, [outside(clock, 1)], clock()) == 0
    assert list_histories(member) == {}


def test_earlier_reviews_go_before_what_was_answered_here(member: int, clock: Clock) -> None:
    answer_card(member, sent(single()), clock())
    merge_reviews(member, [outside(clock, 24 * 9, 4)], clock())
    card, log = list_histories(member)[single()]
    assert [review.rating for review in log] == [4, 3]
    assert list_missummed_members([member]) == []
    assert card.first_day == study_day(clock() - timedelta(days=9))
    assert list_drifted(member) == []


def test_unknown_questions_are_passed_over(member: int, clock: Clock) -> None:
    assert merge_reviews(member, [outside(clock, 1, question="nothing")], clock()) == 0


def test_more_than_anybody_can_have_done_is_refused(
    member: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MOST_OF_ONE", 3)
    with pytest.raises(Invalid, match="太多"):
        merge_reviews(member, [outside(clock, n) for n in range(1, 5)], clock())
    assert db.session.scalar(select(func.count()).select_from(ReviewRow)) == 0
    monkeypatch.setattr(merging, "MOST_SELF_RATED", 2)
    with pytest.raises(Invalid, match="太多"):
        merge_reviews(member, [outside(clock, n) for n in range(1, 4)], clock())


def test_they_have_no_page_and_are_not_the_last_answer(member: int, clock: Clock) -> None:
    merge_reviews(member, [outside(clock, 0)], clock())
    (stored,) = list_histories(member)[single()][1]
    with pytest.raises(NotFound):
        get_feedback(member, stored.answer_id)
    assert find_last_answer(member, study_day(clock())) is None


def test_they_stand_apart_in_the_figures_of_a_question(member: int, clock: Clock) -> None:
    answer_card(member, sent(single(), right=False), clock())
    clock.move(days=2)
    merge_reviews(member, [outside(clock, n, 4) for n in (1, 20)], clock())
    tally = tally_question(single())
    assert (tally.answers, tally.right, tally.self_rated) == (1, 0, 2)


def test_they_stand_apart_in_the_summaries_of_the_unit_one_was_in(
    bank: Flask, cast: Cast, clock: Clock
) -> None:
    cast.make_unit("A")
    member = cast.make_member("乙", unit="A")
    clock.move(days=40)
    merge_reviews(member, [outside(clock, 24 * n, 4) for n in (1, 5)], clock())
    (row,) = list_member_chapters([member])
    assert (row.counts.reviews, row.counts.self_rated, row.counts.self_recalled) == (0, 2, 1)
    units = db.session.execute(select(UnitChapterRow.unit_id, UnitChapterRow.self_rated))
    assert {(row.unit_id, row.self_rated) for row in units} == {(cast.units["A"], 1)}  # two months
    assert list_missummed_units() == []

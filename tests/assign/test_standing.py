"""Where affairs of merged and closed units lie, whatever order they were merged in."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assign.standing import Place, Seat, Standing

pytestmark = pytest.mark.pure
DAY = date(2026, 11, 23)
LATER = DAY + timedelta(days=30)


def test_an_open_unit_sees_to_its_own() -> None:
    standing = Standing([Place(1, None), Place(2, 1)])
    assert standing.seats(2) == (Seat(2, date.min, None),)
    assert standing.now(2) == 2


def test_a_merged_unit_goes_to_what_took_over_and_a_closed_one_to_the_unit_above() -> None:
    standing = Standing(
        [Place(1, None), Place(2, 1, DAY, merged_into_id=3), Place(3, 1, LATER), Place(4, 3, DAY)]
    )
    assert standing.seats(2) == (
        Seat(2, date.min, DAY),
        Seat(3, DAY, LATER),
        Seat(1, LATER, None),
    )
    assert [standing.now(one) for one in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert standing.taken_over(1) == {1, 2, 3, 4}
    assert standing.seen_to_within(1) == {1, 2, 3, 4}


def test_a_closed_unit_with_nothing_above_is_seen_to_by_nobody() -> None:
    standing = Standing([Place(1, None, DAY), Place(2, None)])
    assert standing.now(1) is None
    assert standing.now(99) is None
    assert standing.seen_to_within(2) == {2}
    assert standing.seen_to_within(None) == {1, 2}


def test_what_was_merged_and_closed_on_one_day_was_nowhere_in_between() -> None:
    standing = Standing([Place(1, None), Place(2, 1, DAY, 3), Place(3, 1, DAY)])
    assert standing.seats(2) == (Seat(2, date.min, DAY), Seat(1, DAY, None))


def test_a_circle_in_a_damaged_table_ends() -> None:
    standing = Standing([Place(1, 2, DAY, 2), Place(2, 1, DAY, 1), Place(3, 3)])
    assert standing.now(1) is None
    assert standing.chain(3) == (3,)
    assert not standing.is_within(1, 3)


@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.one_of(st.none(), st.integers(0, 40)), st.integers(0, 8)),
        min_size=8,
        max_size=8,
    )
)
def test_seats_never_overlap_and_leave_no_gap(drawn: list[tuple[int, int | None, int]]) -> None:
    places = [
        Place(
            number,
            parent if parent != number else None,
            None if closed is None else DAY + timedelta(days=closed),
            into or None,
        )
        for number, (parent, closed, into) in enumerate(drawn, 1)
    ]
    standing = Standing(places)
    for place in places:
        seats = standing.seats(place.id)
        assert len({seat.unit_id for seat in seats}) == len(seats)
        for one, after in pairwise(seats):
            assert one.until == after.since
        home = standing.now(place.id)
        if home is not None:
            assert seats[-1].until is None
            assert next(p for p in places if p.id == home).closed_on is None
            assert place.id in standing.taken_over(home)

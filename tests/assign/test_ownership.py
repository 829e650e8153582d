"""Who is answerable, day by day: the spans told equal what each day says."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assign.ownership import Ground, Holding, Span, Term, owner_on, spans
from app.assign.standing import Seat

pytestmark = pytest.mark.pure
DAY = date(2026, 1, 1)


def day(number: int) -> date:
    """Return a day of the story."""
    return DAY + timedelta(days=number)


HERE = (Seat(1, date.min, None),)


def test_a_post_changes_hands_and_the_duty_goes_along() -> None:
    held = (
        Holding(7, 1, "secretary", day(-100), day(10)),
        Holding(8, 1, "secretary", day(12), None),
        Holding(9, 1, "deputy", day(-100), None),
        Holding(9, 2, "secretary", day(-100), None),
    )
    ground = Ground((Term(day(0), None, post="secretary"),), HERE, held)
    assert spans(ground, day(20)) == (
        Span(day(0), day(10), 7, "secretary"),
        Span(day(10), day(12), None, "secretary"),
        Span(day(12), None, 8, "secretary"),
    )
    assert owner_on(ground, day(11)) is None


def test_of_several_holders_the_longest_serving_is_the_named_person() -> None:
    held = (Holding(8, 1, "deputy", day(5), None), Holding(7, 1, "deputy", day(1), day(9)))
    ground = Ground((Term(day(0), None, post="deputy"),), HERE, held)
    assert [owner_on(ground, day(n)) for n in (0, 1, 6, 9)] == [None, 7, 7, 8]
    assert owner_on(ground, day(6), absent=[7]) == 8


def test_a_merger_moves_the_duty_to_the_holder_over_there() -> None:
    seats = (Seat(1, date.min, day(10)), Seat(2, day(10), None))
    held = (
        Holding(7, 1, "secretary", day(-9), day(10)),
        Holding(7, 2, "secretary", day(10), None),
        Holding(8, 2, "secretary", day(-50), None),
    )
    ground = Ground((Term(day(0), None, post="secretary"),), seats, held)
    assert spans(ground, day(11)) == (
        Span(day(0), day(10), 7, "secretary"),
        Span(day(10), None, 8, "secretary"),
    )


def test_without_terms_nothing_is_told() -> None:
    assert spans(Ground((), HERE, ()), day(9)) == ()


def test_of_an_erased_person_a_gap_is_left() -> None:
    ground = Ground((Term(day(0), day(3), member_id=7), Term(day(5), None, member_id=8)), HERE, ())
    told = [(span.since, span.member_id) for span in spans(ground, day(9))]
    assert told == [(day(0), 7), (day(3), None), (day(5), 8)]


days = st.integers(0, 30).map(day)
ends = st.one_of(st.none(), days)
terms = st.lists(st.integers(0, 30), min_size=1, max_size=4, unique=True).flatmap(
    lambda starts: st.tuples(
        st.just(sorted(starts)),
        st.lists(
            st.one_of(st.integers(1, 4), st.sampled_from(["secretary", "deputy"])),
            min_size=len(starts),
            max_size=len(starts),
        ),
    )
)
holdings = st.lists(
    st.builds(
        Holding, st.integers(1, 4), st.just(1), st.sampled_from(["secretary", "deputy"]), days, ends
    ),
    max_size=6,
)


@given(terms, holdings)
def test_spans_are_what_each_day_says(
    drawn: tuple[list[int], list[int | str]], held: list[Holding]
) -> None:
    starts, whom = drawn
    laid = tuple(
        Term(
            day(start),
            day(starts[n + 1]) if n + 1 < len(starts) else None,
            member_id=one if isinstance(one, int) else None,
            post=one if isinstance(one, str) else None,
        )
        for n, (start, one) in enumerate(zip(starts, whom, strict=True))
    )
    ground = Ground(laid, HERE, tuple(held))
    told = spans(ground, day(40))
    assert told[0].since == day(starts[0])
    assert told[-1].until is None
    for one, after in pairwise(told):
        assert one.until == after.since
        assert (one.member_id, one.post) != (after.member_id, after.post)
    for number in range(starts[0], 40):
        [span] = [
            s for s in told if s.since <= day(number) and (s.until is None or day(number) < s.until)
        ]
        assert span.member_id == owner_on(ground, day(number)), number

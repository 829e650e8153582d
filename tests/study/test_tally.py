"""What an answer adds to summaries follows from the answers to its card before it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.study.card import Review
from app.study.tally import (
    COUNTED,
    DELAYED,
    FIRST,
    NOTHING,
    SELF_RATED,
    Counts,
    counts_of,
    month_of,
    tally_after,
    tally_log,
)

pytestmark = pytest.mark.pure
DAY = date(2026, 11, 23)


def review(name: str, days: int, ms: int = 0) -> Review:
    """Return a right answer so many days after the first day."""
    return Review(name, days * 86_400_000 + ms, DAY + timedelta(days=days), 3, True)


def test_only_the_first_answer_of_a_later_day_is_delayed() -> None:
    log = [review("a", 0), review("b", 0, 5), review("c", 1), review("d", 1, 5), review("e", 9)]
    told = {"a": COUNTED | FIRST, "b": COUNTED, "d": COUNTED}
    later = COUNTED | DELAYED
    assert tally_log(log) == {**told, "c": later, "e": later}


@given(st.lists(st.integers(0, 5), max_size=12), st.randoms())
def test_the_order_of_arrival_does_not_matter(days: list[int], rng: object) -> None:
    log = [review(f"{n:02d}", day, n) for n, day in enumerate(days)]
    mixed = list(log)
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert tally_log(mixed) == tally_log(log)
    total = sum((counts_of(t, True, "due") for t in tally_log(log).values()), NOTHING)
    assert (total.met, total.reviews) == (int(bool(days)), len(days))
    assert total.delayed == total.recalled == max(0, len(set(days)) - 1)


def test_what_people_judged_themselves_stands_apart() -> None:
    flags = tally_after(DAY, DAY + timedelta(days=1))
    assert counts_of(flags, False, SELF_RATED) == Counts(self_rated=1, self_delayed=1)
    assert counts_of(flags, True, "due") == Counts(reviews=1, delayed=1, recalled=1)
    assert counts_of(0, True, "due") == NOTHING


def test_sums_and_differences() -> None:
    one = Counts(1, 2, 3, 2, 1, 1, 0)
    assert one + one == one.times(2)
    assert one - one == NOTHING
    assert month_of(DAY) == date(2026, 11, 1)

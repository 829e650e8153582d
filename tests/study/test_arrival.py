"""However wrong a phone's clock is, its answers get times that can have been, in their order."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.clock import study_day
from app.study.arrival import (
    LONGEST_MS,
    TOLERANCE_MS,
    Arrival,
    make_stamp,
    read_stamp,
    settle_times,
)

pytestmark = pytest.mark.pure
HOUR = 3600 * 1000
RECEIPT = int(datetime(2026, 11, 23, 2, tzinfo=UTC).timestamp() * 1000)
KEY = b"a key of the site"

wrong = st.integers(-72 * HOUR, 72 * HOUR)
days = st.lists(st.integers(0, 7 * 24 * HOUR), min_size=1, max_size=12, unique=True)


@given(wrong, days)
def test_a_clock_that_is_wrong_all_the_time_does_no_harm(error: int, ago: list[int]) -> None:
    true_times = sorted(RECEIPT - a for a in ago)
    handshake = RECEIPT - 8 * 24 * HOUR
    claims = [(t + error, handshake) for t in true_times]
    settled = settle_times(claims, RECEIPT + error, RECEIPT)
    assert settled == [Arrival(t, False) for t in true_times]


@given(days, st.lists(wrong, min_size=12, max_size=12), wrong, st.integers(0, 7 * 24 * HOUR))
def test_a_clock_moved_between_answers_keeps_order_and_bounds(
    ago: list[int], errors: list[int], now_error: int, since: int
) -> None:
    handshake = RECEIPT - since
    times = sorted(RECEIPT - a % (since + 1) for a in ago)
    claims = [(t + e, handshake) for t, e in zip(times, errors, strict=False)]
    settled = settle_times(claims, RECEIPT + now_error, RECEIPT)
    at = [s.at_ms for s in settled]
    assert at == sorted(at)
    assert all(handshake <= t <= RECEIPT for t in at)
    assert all(b > a or b == RECEIPT for a, b in pairwise(at))


@given(st.integers(-100 * HOUR, 100 * HOUR))
def test_a_time_that_had_to_be_moved_is_disputed(error: int) -> None:
    handshake = RECEIPT - 10 * HOUR
    [one] = settle_times([(RECEIPT + error, handshake)], RECEIPT, RECEIPT)
    assert one.at_ms == max(handshake, min(RECEIPT, RECEIPT + error))
    assert one.disputed == (abs(one.at_ms - RECEIPT - error) > TOLERANCE_MS)


def test_without_a_handshake_a_time_is_disputed_and_at_most_sixty_days_old() -> None:
    near, far = settle_times([(0, None), (RECEIPT - HOUR, None)], RECEIPT, RECEIPT)
    assert (near.at_ms, near.disputed) == (RECEIPT - LONGEST_MS, True)
    assert (far.at_ms, far.disputed) == (RECEIPT - HOUR, True)


def test_a_handshake_later_than_the_receipt_does_not_push_answers_into_the_future() -> None:
    [one] = settle_times([(RECEIPT, RECEIPT + HOUR)], RECEIPT, RECEIPT)
    assert one.at_ms == RECEIPT


def test_the_day_is_the_study_day() -> None:
    assert Arrival(RECEIPT, False).day == study_day(datetime(2026, 11, 23, 2, tzinfo=UTC))


def test_a_stamp_is_read_back_by_the_member_it_was_made_for_only() -> None:
    stamp = make_stamp(7, RECEIPT, KEY)
    assert read_stamp(7, stamp, KEY) == RECEIPT
    assert read_stamp(8, stamp, KEY) is None
    assert read_stamp(7, stamp, b"another key") is None


@pytest.mark.parametrize(
    "stamp", ["", ".", "12", "12.", "-1.x", "x.y", "１２.a", "9" * 40 + ".a", f"{RECEIPT}.00"]
)
def test_a_made_up_stamp_is_no_handshake(stamp: str) -> None:
    assert read_stamp(7, stamp, KEY) is None

"""Opening, closing, duration and extra time agree with each other at every second."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quiz.window import (
    GRACE,
    Window,
    deadline_of,
    has_ended,
    is_key_open,
    may_answer,
    may_start,
    must_close,
    overlap,
    released_at,
    time_left,
    week_number,
    week_window,
    why_not_start,
)

pytestmark = pytest.mark.pure

maybe = st.none() | st.integers(0, 10_000)
windows = st.builds(Window, maybe, maybe, maybe, st.integers(0, 500))


@given(windows, st.integers(0, 10_000), st.none() | st.integers(60, 5000), st.integers(0, 500))
def test_nobody_can_answer_once_a_window_has_ended(
    window: Window, start: int, duration: int | None, extra: int
) -> None:
    if extra > window.longest_extra_s:
        return
    deadline = deadline_of(start, duration, window, extra)
    for now in range(0, 25_000, 97):
        if has_ended(window, now):
            assert must_close(deadline, now)
        assert may_answer(deadline, now) is not must_close(deadline, now)


@given(windows, st.integers(0, 10_000), st.none() | st.integers(60, 5000), st.integers(0, 500))
def test_extra_time_is_exactly_extra(
    window: Window, start: int, duration: int | None, extra: int
) -> None:
    plain, longer = (deadline_of(start, duration, window, e) for e in (0, extra))
    if window.closed_at is None:
        assert longer == (None if plain is None else plain + extra)
    elif longer is not None:
        assert plain is not None
        assert plain <= longer <= window.closed_at


def test_time_left_and_the_grace() -> None:
    assert time_left(100, 40) == 60
    assert time_left(100, 140) == 0
    assert time_left(None, 140) is None
    assert may_answer(100, 100 + GRACE)
    assert must_close(100, 101 + GRACE)
    assert may_answer(None, 10**12)


def test_starting() -> None:
    window = Window(10, 20)
    assert [may_start("published", window, now, 0, 1) for now in (9, 10, 19, 20)] == [
        False,
        True,
        True,
        False,
    ]
    assert not may_start("draft", Window(), 15, 0, 1)
    assert not may_start("closed", Window(), 15, 0, 1)
    assert "2 次" in (why_not_start("published", window, 15, 2, 2) or "")
    assert may_start("published", window, 15, 200, 0)


def test_the_longest_extra_time_keeps_the_key_shut() -> None:
    window = Window(closes_at=100, longest_extra_s=50)
    assert not is_key_open("closing", True, window, 150)
    assert not is_key_open("closing", True, window, 150 + GRACE)
    assert is_key_open("closing", True, window, 151 + GRACE)
    assert is_key_open("submission", True, window, 0)
    assert not is_key_open("submission", False, window, 10**9)
    assert not is_key_open("closing", True, Window(), 10**12)


def test_answers_are_released_once_the_window_is_over() -> None:
    window = Window(closes_at=100, longest_extra_s=50)
    assert released_at("submission", 40, window) == 151 + GRACE
    assert released_at("closing", 40, Window()) is None
    assert released_at("submission", 40, Window()) == 40
    assert released_at("closing", 40, Window(closed_at=60)) == 61 + GRACE


@given(windows, st.integers(0, 5000))
def test_released_is_never_before_the_key_may_be_open(window: Window, submitted: int) -> None:
    moment = released_at("closing", submitted, window)
    if moment is not None:
        assert is_key_open("closing", True, window, moment)


@given(windows, windows)
def test_overlap_is_mutual_and_means_a_common_moment(one: Window, other: Window) -> None:
    assert overlap(one, other) is overlap(other, one)
    moments = [
        t
        for t in range(0, 12_000, 50)
        if all((w.opens_at or 0) <= t and not has_ended(w, t) for w in (one, other))
    ]
    assert overlap(one, other) or not moments


def test_weeks_begin_on_monday_at_four() -> None:
    def number(day: int, hour: int) -> int:
        return week_number(datetime(2026, 11, day, hour, tzinfo=UTC))

    assert number(23, 2) == 202648  # Monday 10:00 in Shanghai
    assert number(22, 19) == 202647  # Monday 03:00
    assert number(22, 20) == 202648  # Monday 04:00
    window = week_window(202648, Window(closes_at=2**40, longest_extra_s=7))
    assert window.opens_at == datetime(2026, 11, 22, 20, tzinfo=UTC).timestamp()
    assert window.closes_at == datetime(2026, 11, 29, 20, tzinfo=UTC).timestamp()
    assert window.longest_extra_s == 7
    assert week_window(202648, Window(closes_at=5)).closes_at == 5
    assert week_window(202653, Window()).closes_at is not None  # 2026 has 53 weeks

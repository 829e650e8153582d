"""A job that fails waits longer each time, and is given up in the end."""

import pytest

from app.base.jobs.lease import BEAT, LEASE, LONGEST_WAIT, after_failure, wait_after

pytestmark = pytest.mark.pure


def test_waits_grow_and_are_bounded() -> None:
    waits = [wait_after(tries) for tries in range(1, 100)]
    assert waits[:4] == [30, 120, 480, 1920]
    assert waits == sorted(waits)
    assert max(waits) == LONGEST_WAIT


def test_the_last_try_ends_it() -> None:
    assert after_failure(1, 3, 1000) == ("waiting", 1030)
    assert after_failure(2, 3, 1000) == ("waiting", 1120)
    assert after_failure(3, 3, 1000) == ("failed", 1000)
    assert after_failure(1, 1, 1000) == ("failed", 1000)


def test_a_missed_sign_of_life_or_two_cost_no_lease() -> None:
    assert LEASE >= 3 * BEAT

"""Whom failures are counted against."""

import pytest

from app.accounts.limits import WINDOW, minutes_left, network

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "2001:0db8:0000:0000"),
        ("2001:db8::ffff:1", "2001:0db8:0000:0000"),
        ("", "unknown"),
        ("somewhere", "unknown"),
    ],
)
def test_what_one_household_shares(address: str, shared: str) -> None:
    assert network(address) == shared


@pytest.mark.parametrize(("passed", "minutes"), [(0, 15), (1, 15), (61, 14), (WINDOW - 1, 1)])
def test_the_wait_is_rounded_up(passed: int, minutes: int) -> None:
    assert minutes_left(1000, 1000 + passed) == minutes

"""Time tells nobody whether a name exists; and the measurement would notice if it did."""

import random

import pytest
from flask import Flask

from app.accounts import passwords
from app.accounts.actions import sessions
from tests.bench.timing import add_known, chance, compare, distance

pytestmark = pytest.mark.once  # what takes long is the password, not the database
SURE = 0.001  # one false alarm in a thousand runs


def test_unknown_and_wrong_take_the_same_time(app: Flask) -> None:
    found = compare(app.test_client(), add_known(app), 200)
    assert found["p"] > SURE, found


def test_they_do_at_the_real_cost_too(app: Flask) -> None:
    names = add_known(app)
    app.config["PASSWORD_COST"] = passwords.STRONG
    passwords.is_right(None, "", passwords.STRONG)
    for name in names[:20]:
        rehash(app, name)
    found = compare(app.test_client(), names[:20], 40)
    assert found["p"] > SURE, found


def rehash(app: Flask, name: str) -> None:
    """Let a person sign in once, which keeps their password at the cost of the day."""
    data = {"login": name, "password": "measured by the clock"}
    assert app.test_client().post("/sign-in", data=data).status_code == 302


def test_a_missing_dummy_hash_would_be_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def hasty(kept: str | None, password: str, cost: passwords.Cost) -> bool:
        return kept is not None and passwords.is_right(kept, password, cost)

    class Hasty:
        is_right = staticmethod(hasty)
        is_outdated = staticmethod(passwords.is_outdated)
        hash_password = staticmethod(passwords.hash_password)
        Cost = passwords.Cost

    names = add_known(app)
    app.config["PASSWORD_COST"] = passwords.STRONG
    for name in names[:10]:
        rehash(app, name)
    monkeypatch.setattr(sessions, "passwords", Hasty)
    found = compare(app.test_client(), names[:10], 40)
    assert found["p"] < SURE, found


def test_equal_samples_are_not_told_apart_and_shifted_ones_are() -> None:
    rng = random.Random(1)
    same = [[rng.gauss(10, 1) for _n in range(500)] for _sample in range(2)]
    assert chance(distance(*same), 500) > 0.01
    shifted = [x + 0.5 for x in same[1]]
    assert chance(distance(same[0], shifted), 500) < SURE
    assert distance([1, 2], [3, 4]) == 1
    assert chance(0, 500) == 1

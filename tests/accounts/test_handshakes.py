"""What is kept while a browser fetches a proof elsewhere serves once, and for its purpose."""

from flask import Flask

from app.accounts import actions
from tests.conftest import Clock


def begin(clock: Clock) -> str:
    """Keep something for a minute; return the key."""
    return actions.begin_handshake("trial", {"nonce": "n"}, "127.0.0.1", 60, clock())


def test_it_serves_once(app: Flask, clock: Clock) -> None:
    key = begin(clock)
    assert actions.take_handshake(key, "trial", clock()) == {"nonce": "n"}
    assert actions.take_handshake(key, "trial", clock()) is None


def test_another_purpose_gets_nothing_and_uses_it_up(app: Flask, clock: Clock) -> None:
    key = begin(clock)
    assert actions.take_handshake(key, "another", clock()) is None
    assert actions.take_handshake(key, "trial", clock()) is None


def test_its_time_ends(app: Flask, clock: Clock) -> None:
    early, late = begin(clock), begin(clock)
    clock.move(seconds=59)
    assert actions.take_handshake(early, "trial", clock()) is not None
    clock.move(seconds=1)
    assert actions.take_handshake(late, "trial", clock()) is None
    assert actions.take_handshake("made up", "trial", clock()) is None

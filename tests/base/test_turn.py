"""One thread at a time holds the turn, and whoever waits for something else lets go of it."""

import threading

import pytest

from app.base.turn import let_go, take, taking_turns

pytestmark = pytest.mark.pure


def other(act: threading.Event) -> threading.Thread:
    """Return a thread that sets `act` as soon as it gets the turn."""

    def run() -> None:
        with taking_turns():
            act.set()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_others_wait_until_it_is_over() -> None:
    came = threading.Event()
    with taking_turns():
        thread = other(came)
        assert not came.wait(0.05)
    assert came.wait(5)
    thread.join()


def test_whoever_lets_go_takes_it_again() -> None:
    came = threading.Event()
    with taking_turns(), taking_turns():
        held = let_go()
        assert held
        thread = other(came)
        assert came.wait(5)
        take(held)
        thread.join()
        again = threading.Event()
        thread = other(again)
        assert not again.wait(0.05)
    thread.join()
    assert again.is_set()


def test_who_does_not_hold_it_neither_lets_go_nor_takes() -> None:
    assert not let_go()
    take(False)
    with taking_turns():
        pass


def test_an_error_does_not_keep_it() -> None:
    with pytest.raises(ZeroDivisionError), taking_turns():
        raise ZeroDivisionError
    came = threading.Event()
    other(came).join(5)
    assert came.is_set()

"""Turns: quick requests of one process run one after another instead of in each other's way.

Python runs one thread at a time anyhow, and every small read of SQLite offers the others to go on:
three threads at it spend more on changing places than on their pages. Who holds the turn lets go of
it wherever it would wait (for the other writer, for the disk), and never waits for the right to
write while holding it, so two cannot wait for each other.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = threading.Lock()


class _Here(threading.local):
    """Whether this thread holds the turn."""

    holds = False


_here = _Here()


@contextmanager
def taking_turns() -> Iterator[None]:
    """Hold the turn; inside of itself it changes nothing."""
    if _here.holds:
        yield
        return
    take(True)
    try:
        yield
    finally:
        let_go()


def let_go() -> bool:
    """Let others go on; say whether there was something to let go of."""
    held, _here.holds = _here.holds, False
    if held:
        _LOCK.release()
    return held


def take(held: bool) -> None:
    """Take the turn again if it was held before."""
    if held:
        _LOCK.acquire()
        _here.holds = True

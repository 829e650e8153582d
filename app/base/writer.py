"""The connection of a process that its short writes go through, several kept with one sync.

Threads write one after another. Who has written while others wait does not commit, but hands the
transaction on and waits; whoever comes last keeps it for all, so that the disk is waited for once.
Nobody is told of success before that. What fails is taken back alone; only when the transaction
itself is lost (a full disk, say), everybody who wrote in it is told so.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

LOOK_AGAIN = 0.5  # seconds after which who waits looks whether there is still somebody to wait for


class Sitting:
    """One transaction and those who have written in it."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw, self.size = raw, 0
        self.done: threading.Event | None = None  # there once somebody waits for the end
        self.error: Exception | None = None

    def end(self, words: str = "COMMIT") -> None:
        """Keep what all have written, or take it back, and tell those who wait."""
        try:
            say(self.raw, words)
        except DBAPIError as error:
            self.error = error
            if self.raw.in_transaction:
                self.raw.rollback()
        if self.done is not None:
            self.done.set()

    def lose(self, error: Exception) -> None:
        """Tell those who wait that SQLite has taken everything back by itself."""
        self.error = error
        if self.done is not None:
            self.done.set()


class Turn:
    """Whose turn it is to write in this process, and what is still to be kept by whoever comes.

    SQLite has one writer anyhow, and would let those who wait sleep for longer and longer.
    """

    def __init__(self) -> None:
        self.lock, self.count = threading.RLock(), threading.Lock()
        self.waiting = 0
        self.open: Sitting | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn alone: what others have handed on is kept first."""
        with self._held():
            self.close()
            yield

    @contextmanager
    def shared(self, connect: Callable[[], sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a transaction of one or more; return once it is kept.

        Raises what the block raises, and DBAPIError when the transaction could not be kept. What
        the block met may have been written by others in the same transaction, so even then it is
        waited for: whoever looks again sees what is stored.
        """
        failed: BaseException | None = None
        with self._held():
            raw = connect()
            sitting = self._join(raw)
            try:
                yield raw
            except BaseException as error:
                failed = error
                self._take_back(sitting, error)
            else:
                self._leave(sitting)
        self._wait(sitting)
        told = failed or sitting.error
        if told is not None:
            raise told

    def close(self) -> None:
        """Keep what has been handed on; the turn is held."""
        if self.open is not None:
            self.open.end()
            self.open = None

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Wait for the turn, counted among those who wait, and hold it."""
        with self.count:
            self.waiting += 1
        try:
            self.lock.acquire()
        finally:
            with self.count:
                self.waiting -= 1
        try:
            yield
        finally:
            self.lock.release()

    def _join(self, raw: sqlite3.Connection) -> Sitting:
        """Return the transaction to write in: the one handed on, or a new one."""
        if self.open is not None and self.open.raw is raw:
            say(raw, "SAVEPOINT mine")
            return self.open
        self.close()
        say(raw, "BEGIN IMMEDIATE")
        self.open = Sitting(raw)
        return self.open

    def _leave(self, sitting: Sitting) -> None:
        """Hand the transaction on if somebody waits, else keep it."""
        if sitting.size:
            say(sitting.raw, "RELEASE mine")
        sitting.size += 1
        if not self.waiting:
            self.close()
        elif sitting.done is None:
            sitting.done = threading.Event()

    def _take_back(self, sitting: Sitting, error: BaseException) -> None:
        """Take back what failed, and see to the rest as if nothing had been written now."""
        if not sitting.raw.in_transaction:
            told = error if isinstance(error, Exception) else RuntimeError("a write was cut short")
            sitting.lose(told)
            self.open = None
        elif not sitting.size:
            sitting.end("ROLLBACK")
            self.open = None
        else:
            say(sitting.raw, "ROLLBACK TO mine")
            self._leave(sitting)

    def _wait(self, sitting: Sitting) -> None:
        """Wait until the transaction has ended, if it was handed on."""
        if sitting.done is not None:
            while not sitting.done.wait(LOOK_AGAIN):
                with self.lock:  # whoever it was handed on to is gone
                    if self.open is sitting:
                        self.close()


TURN = Turn()


@contextmanager
def part_of(raw: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Yield the connection for a part of its transaction, taken back alone when it fails."""
    say(raw, "SAVEPOINT part")
    try:
        yield raw
    except BaseException:
        if raw.in_transaction:  # else SQLite has taken back everything by itself
            say(raw, "ROLLBACK TO part")
            say(raw, "RELEASE part")
        raise
    say(raw, "RELEASE part")


def say(raw: sqlite3.Connection, words: str) -> None:
    """Begin, mark or end a transaction; raise what SQLAlchemy would."""
    try:
        raw.execute(words)
    except sqlite3.Error as error:
        raise DBAPIError.instance(words, (), error, sqlite3.Error, True) from error

"""SQLite's log carried over into the database beside the requests, not by whoever answers next.

Every thousand pages or so somebody has to write what the log holds into the file and wait for the
disk. A thread of the server does it every second, without keeping anybody from reading or writing;
should it ever fall behind, writers do it themselves again (`AUTOMATIC` pages).
"""

import logging
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from flask import Flask

from app.base.lane import KEY, Lanes
from app.base.writer import TURN

AUTOMATIC = 16_000  # pages of 4 KiB in the log from which on whoever commits carries it over
LEAST = 512 * 1024  # bytes of log that are worth a turn
LONG = 1_000  # pages in the log from which on it is worth a pause to begin it again
PAUSE = 1.0  # seconds
logger = logging.getLogger("app")


def start_checkpoints(app: Flask, stop: threading.Event | None = None) -> threading.Thread | None:
    """Begin to carry the log of `app` over until `stop` is set; None when there is none."""
    lanes: Lanes | None = app.extensions.get(KEY)
    if lanes is None:
        return None
    path = Path(str(lanes.engine.url.database))
    told = (path, stop or threading.Event())
    thread = threading.Thread(target=_carry_on, args=told, name="checkpoints", daemon=True)
    thread.start()
    return thread


def _carry_on(path: Path, stop: threading.Event) -> None:
    """Carry over every second what has gathered."""
    log = path.with_name(path.name + "-wal")
    while not stop.wait(PAUSE):
        try:
            if log.exists() and log.stat().st_size > LEAST:
                pages, _done = carry_over(path)
                if pages > LONG:
                    begin_again(path)
        except (OSError, sqlite3.Error) as error:  # a full disk, say: whoever writes hears of it
            logger.warning("the log was not carried over", exc_info=error)


def begin_again(path: Path) -> tuple[int, int]:
    """Carry over what has come meanwhile, too, while this process writes nothing.

    Only a log that is carried over whole is written from its beginning again. Where people answer
    all the time that would never be, and the log would grow and grow; and adding to a file costs
    the disk more than writing over it.
    """
    with TURN.taken():
        return carry_over(path)


def carry_over(path: Path) -> tuple[int, int]:
    """Write what the log holds into the database as far as nobody reads what was before.

    Return how many pages the log has, and how many of them are carried over.
    """
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        _busy, pages, done = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return int(pages), int(done)

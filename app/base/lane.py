"""A thread's own connection to SQLite, for the statements written out (`base.sql`).

A session takes a connection, wraps it and gives it back for every transaction, which costs more
than the ten small reads of a page together. A lane keeps its connection for as long as its thread
lives; what is read on it within one request is one snapshot, and so may be kept that long.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app, has_app_context
from sqlalchemy import Engine, event

KEY = "xueji.lanes"


class Lane(threading.local):
    """The connection of a thread, made when it is first needed, and what was read on it.

    `kept` is empty again as soon as the snapshot it was read from has ended.
    """

    raw: sqlite3.Connection | None = None

    def __init__(self) -> None:
        self.kept: dict[Any, Any] = {}
        self.writing = False

    @contextmanager
    def led_by(self, writer: sqlite3.Connection) -> Iterator[None]:
        """Read on the connection that writes as long as it does; nothing read before is kept."""
        own, self.raw, self.writing, self.kept = self.raw, writer, True, {}
        try:
            yield
        finally:
            self.raw, self.writing, self.kept = own, False, {}


class Lanes:
    """The lanes of one engine, one a thread; all are left when the engine is disposed of."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.lane, self.process = engine, Lane(), os.getpid()
        self._left: list[Any] = []
        self._writer: sqlite3.Connection | None = None
        event.listen(engine, "engine_disposed", self._leave)

    def open(self) -> sqlite3.Connection:
        """Return this thread's connection, new if need be, with the settings of all others."""
        lane = self.lane
        if lane.raw is None:
            lane.raw = self._connect()
        return lane.raw

    def writer(self) -> sqlite3.Connection:
        """Return the one connection that all threads write through, in turns (`base.writer`)."""
        if self._writer is None:
            self._writer = self._connect()
        return self._writer

    def _connect(self) -> sqlite3.Connection:
        """Return a connection of our own, with the settings of all others."""
        taken = self.engine.raw_connection()
        raw = taken.driver_connection
        taken.detach()  # the pool is for those that give theirs back
        assert isinstance(raw, sqlite3.Connection)
        return raw

    def _leave(self, _engine: Engine) -> None:
        """Let the connections go; those a parent process has opened are never closed by a child."""
        if os.getpid() != self.process:
            self._left += [self.lane, self._writer]
            self.process = os.getpid()
        self.lane, self._writer = Lane(), None


def init_lanes(app: Flask, engine: Engine) -> None:
    """Give `app` lanes when its database is a file of SQLite's."""
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and path != ":memory:":
        app.extensions[KEY] = Lanes(engine)


def find_lanes() -> Lanes | None:
    """Return the lanes of the running application, None when its sessions are to be used."""
    found: Lanes | None = current_app.extensions.get(KEY)
    return found


def end_reading() -> None:
    """Give up this thread's snapshot: whatever is read next sees what is written by then."""
    if has_app_context():
        end_reading_of(current_app._get_current_object())  # type: ignore[attr-defined]


def end_reading_of(app: Flask) -> None:
    """Give up this thread's snapshot of the database of `app`."""
    lanes: Lanes | None = app.extensions.get(KEY)
    if lanes is not None:
        lane = lanes.lane
        if lane.raw is not None and lane.raw.in_transaction and not lane.writing:
            lane.raw.rollback()
        lane.kept = {}

"""Statements written out once, for the few paths that every answer takes.

They run on the session's own connection while it is in a transaction, else on the thread's lane
(`base.lane`), but nothing is built, compiled or wrapped in between: what costs SQLAlchemy 300 µs to
ask costs 5 µs here. Everything else is asked in SQLAlchemy's language, which is easier to read and
to change.
"""

import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.base.db import Place, db, in_session
from app.base.lane import Lanes, find_lanes

Row = tuple[Any, ...]
OWNER, DRIVER = "sql_transaction", "sql_driver"
DRIVER_ERRORS = (sqlite3.Error, psycopg.Error)


class Statement:
    """One SQL statement that SQLite and PostgreSQL both understand, with values as :names.

    Days go in as dates and come out as SQLite keeps them: read them with `as_day`; true and false
    may come out as numbers.
    """

    def __init__(self, sql: str, locking: bool = False) -> None:
        """Take the text; `locking` holds the rows in PostgreSQL, SQLite has one writer anyhow."""
        self.sql = " ".join(sql.split())
        psycopg_sql = re.sub(r":([a-z_]+)", r"%(\1)s", self.sql.replace("%", "%%"))
        self.for_psycopg = psycopg_sql + (" FOR UPDATE" if locking else "")

    def run(self, place: Place, **values: Any) -> Any:
        """Run within the transaction of a session or of `writing`; return the driver's cursor.

        Raises what SQLAlchemy would raise, without the values.
        """
        if isinstance(place, sqlite3.Connection):
            return self._run_on(place, values)
        return self._run_in(place, values)

    def _run_in(self, session: Session, values: dict[str, Any]) -> Any:
        """Run in a session's transaction."""
        session.flush()
        raw = _driver_of(session)
        try:
            if isinstance(raw, sqlite3.Connection):
                return raw.execute(self.sql, _plain(values))
            return raw.execute(self.for_psycopg, values)
        except DRIVER_ERRORS as error:
            raise self._dressed(session, error, raw) from error

    def _run_on(self, raw: sqlite3.Connection, values: dict[str, Any]) -> sqlite3.Cursor:
        """Run on a lane."""
        try:
            return raw.execute(self.sql, _plain(values))
        except sqlite3.Error as error:
            told = DBAPIError.instance(self.sql, (), error, sqlite3.Error, hide_parameters=True)
            raise told if isinstance(told, Exception) else error from error

    def _dressed(self, session: Session, error: Exception, raw: Any) -> Exception:
        """Return an error of the driver as SQLAlchemy's; a connection that is gone is given up."""
        connection = session.connection()
        if connection.dialect.is_disconnect(error, raw, None):  # type: ignore[arg-type]
            connection.invalidate(error)
        base = connection.dialect.loaded_dbapi.Error
        told = DBAPIError.instance(self.sql, (), error, base, hide_parameters=True)
        return told if isinstance(told, Exception) else error

    def _read(self, values: dict[str, Any]) -> Any:
        """Run where this thread reads just now: its lane, or its session when that is at work."""
        lanes = find_lanes()
        if lanes is None or (in_session() and not lanes.lane.writing):
            return self._run_in(db.session(), values)
        return self._run_on(_reading(lanes), values)

    def one(self, **values: Any) -> Row | None:
        """Return the first row, or None."""
        row: Row | None = self._read(values).fetchone()
        return row

    def all(self, **values: Any) -> list[Row]:
        """Return all rows."""
        rows: list[Row] = self._read(values).fetchall()
        return rows

    def each(self, **values: Any) -> Iterator[Row]:
        """Return the rows one after another; those not taken are not read from SQLite."""
        rows: Iterator[Row] = iter(self._read(values))
        return rows

    def value(self, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.one(**values)
        return row[0] if row else None


def _reading(lanes: Lanes) -> sqlite3.Connection:
    """Return this thread's lane, in the transaction of a snapshot at least."""
    raw = lanes.open()
    if not raw.in_transaction:
        raw.execute("BEGIN")
    return raw


def kept_here() -> dict[Any, Any] | None:
    """Return what this thread has kept of its snapshot, to be added to; empty once that has ended.

    None while a session is at work: it may write, and then what was kept would not hold.
    """
    lanes = find_lanes()
    if lanes is None or (in_session() and not lanes.lane.writing):
        return None
    _reading(lanes)
    return lanes.lane.kept


def _driver_of(session: Session) -> Any:
    """Return the driver's connection of the session's transaction, looked for once each."""
    transaction = session.get_transaction()
    if transaction is None or session.info.get(OWNER) is not transaction:
        session.info[DRIVER] = session.connection().connection.driver_connection
        session.info[OWNER] = session.get_transaction()
    return session.info[DRIVER]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as SQLite keeps them."""
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def as_day(value: str | date) -> date:
    """Return a day as read by a `Statement`."""
    return date.fromisoformat(value) if isinstance(value, str) else value

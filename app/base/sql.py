"""Statements written out once, for the few paths that every answer takes.

They run on the session's own connection, in its transaction, but nothing is built, compiled or
wrapped in between: what costs SQLAlchemy 300 µs to ask costs 5 µs here. Everything else is asked
in SQLAlchemy's language, which is easier to read and to change.
"""

import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.base.db import db

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

    def run(self, session: Session, **values: Any) -> Any:
        """Run within the session's transaction and return the driver's cursor.

        Raises what SQLAlchemy would raise, without the values.
        """
        session.flush()
        raw = _driver_of(session)
        try:
            if isinstance(raw, sqlite3.Connection):
                return raw.execute(self.sql, {k: _plain(v) for k, v in values.items()})
            return raw.execute(self.for_psycopg, values)
        except DRIVER_ERRORS as error:
            raise self._dressed(session, error, raw) from error

    def _dressed(self, session: Session, error: Exception, raw: Any) -> Exception:
        """Return an error of the driver as SQLAlchemy's; a connection that is gone is given up."""
        connection = session.connection()
        if connection.dialect.is_disconnect(error, raw, None):  # type: ignore[arg-type]
            connection.invalidate(error)
        base = connection.dialect.loaded_dbapi.Error
        told = DBAPIError.instance(self.sql, (), error, base, hide_parameters=True)
        return told if isinstance(told, Exception) else error

    def one(self, **values: Any) -> Row | None:
        """Return the first row, or None."""
        row: Row | None = self.run(db.session(), **values).fetchone()
        return row

    def all(self, **values: Any) -> list[Row]:
        """Return all rows."""
        rows: list[Row] = self.run(db.session(), **values).fetchall()
        return rows

    def each(self, **values: Any) -> Iterator[Row]:
        """Return the rows one after another; those not taken are not read from SQLite."""
        rows: Iterator[Row] = iter(self.run(db.session(), **values))
        return rows

    def value(self, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.one(**values)
        return row[0] if row else None


def _driver_of(session: Session) -> Any:
    """Return the driver's connection of the session's transaction, looked for once each."""
    transaction = session.get_transaction()
    if transaction is None or session.info.get(OWNER) is not transaction:
        session.info[DRIVER] = session.connection().connection.driver_connection
        session.info[OWNER] = session.get_transaction()
    return session.info[DRIVER]


def _plain(value: Any) -> Any:
    """Return a value as SQLite keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def as_day(value: str | date) -> date:
    """Return a day as read by a `Statement`."""
    return date.fromisoformat(value) if isinstance(value, str) else value

"""Statements written out once, for the few paths that every answer takes.

They run on the session's own connection while it is in a transaction, else on the thread's lane
(`base.lane`), but nothing is built, compiled or wrapped in between: what costs SQLAlchemy 300 µs to
ask costs 5 µs here. Everything else is asked in SQLAlchemy's language, which is easier to read and
to change.
"""

import functools
import re
import sqlite3
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

from flask import current_app
from flask.globals import app_ctx
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.base.clock import DAYS
from app.base.db import Place, db
from app.base.lane import KEY as LANES
from app.base.lane import Lane, Lanes
from app.base.postgres import is_write, kept_in, mark_written

Row = tuple[Any, ...]
T = TypeVar("T")
as_text = functools.lru_cache(DAYS)(date.isoformat)  # a day is kept as SQLAlchemy keeps it
sqlite3.register_adapter(date, as_text)
OWNER, DRIVER = "sql_transaction", "sql_driver"
NAMED = re.compile(r":([a-z_]+)")
INSERT = re.compile(r"(?P<head>INSERT INTO .* VALUES )(?P<values>\([^()]*\))(?P<tail>.*)")
LOT = 50  # rows: to run a statement costs SQLite's driver as much as to take several values


class Statement:
    """One SQL statement that SQLite and PostgreSQL both understand, with values as :names.

    Days go in as dates and come out as SQLite keeps them: read them with `as_day`; true and false
    may come out as numbers.
    """

    def __init__(
        self, sql: str, locking: bool = False, for_postgresql: tuple[str, str] = ("", "")
    ) -> None:
        """Take the text; `locking` holds the rows in PostgreSQL, SQLite has one writer anyhow.

        `for_postgresql` is (the word of SQLite, what PostgreSQL calls the same).
        """
        self.sql = " ".join(sql.split())
        theirs = self.sql.replace(*for_postgresql) if for_postgresql[0] else self.sql
        psycopg_sql = NAMED.sub(r"%(\1)s", theirs.replace("%", "%%"))
        self.for_psycopg = psycopg_sql + (" FOR UPDATE" if locking else "")
        self.writes = is_write(self.sql)
        # SQLite's driver looks each name up anew whenever a statement runs; numbers it does not.
        self.names = tuple(dict.fromkeys(NAMED.findall(self.sql)))
        place = {name: number for number, name in enumerate(self.names, 1)}
        self.numbered = NAMED.sub(lambda found: f"?{place[found[1]]}", self.sql)
        self._in_order = _taking(self.names)
        self.lot = _for_a_lot(self.sql, self.names)

    def run(self, place: Place, **values: Any) -> Any:
        """Run within the transaction of a session or of `writing`; return the driver's cursor.

        Raises what SQLAlchemy would raise, without the values.
        """
        if isinstance(place, sqlite3.Connection):
            return self._run_on(place, values)
        return self._run_in(place, values)

    def run_many(self, place: Place, rows: Sequence[Row]) -> None:
        """Run once for each of the rows, as `run` does; nothing when there are none.

        A row holds its values in the order of `names`, in which the text first has them. Where
        there are many, days are better given as SQLite keeps them: its driver is slow with others.
        """
        if not rows:
            return
        if not isinstance(place, sqlite3.Connection):
            self._run_in(place, [dict(zip(self.names, row, strict=True)) for row in rows])
            return
        whole = len(rows) - len(rows) % LOT if self.lot else 0
        try:
            for first in range(0, whole, LOT):
                lot = chain.from_iterable(rows[first : first + LOT])
                place.execute(self.lot, tuple(lot))
            place.executemany(self.numbered, rows[whole:])
        except sqlite3.Error as error:
            raise self._told(error) from error

    def _run_in(self, session: Session, values: dict[str, Any] | list[dict[str, Any]]) -> Any:
        """Run in a session's transaction, once for each where there are many."""
        session.flush()
        raw = _driver_of(session)
        sqlite = isinstance(raw, sqlite3.Connection)
        if self.writes and not sqlite:
            mark_written(session)
        text = self.sql if sqlite else self.for_psycopg
        try:
            many = not isinstance(values, dict)
            return raw.cursor().executemany(text, values) if many else raw.execute(text, values)
        except Exception as error:
            if not isinstance(error, session.connection().dialect.loaded_dbapi.Error):
                raise
            raise self._dressed(session, error, raw) from error

    def _run_on(self, raw: Any, values: dict[str, Any]) -> Any:
        """Run on a lane."""
        try:
            return raw.execute(self.numbered, self._in_order(values))
        except sqlite3.Error as error:
            raise self._told(error) from error

    def _told(self, error: sqlite3.Error) -> Exception:
        """Return an error of SQLite as SQLAlchemy's."""
        told = DBAPIError.instance(self.sql, (), error, sqlite3.Error, hide_parameters=True)
        return told if isinstance(told, Exception) else error

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
        lane = _lane()
        return (
            self._run_in(db.session(), values) if lane is None else self._run_on(lane.raw, values)
        )

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

    def alone(self, **values: Any) -> Row | None:
        """Return the one row there may be, as the only thing a page reads.

        One statement is a snapshot by itself, so no transaction is begun and ended around it.
        """
        context = app_ctx._get_current_object()  # type: ignore[attr-defined]
        lanes: Lanes | None = context.app.extensions.get(LANES)
        if lanes is None:
            return self.one(**values)
        row: Row | None = self._run_on(lanes.lane.raw or lanes.open(), values).fetchone()
        return row

    def value(self, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.one(**values)
        return row[0] if row else None


class Together:
    """Several writes that belong together; none of them reads what another one writes.

    PostgreSQL gets them in one call, as common table expressions; to SQLite a call is as cheap as
    its statement. Values are those of all of them, so a name must mean the same in each.
    """

    def __init__(self, *writes: Statement, moving: Statement | None = None) -> None:
        """Take the statements; `moving` is one more that must find a row to change."""
        self.writes, self.moving = writes, moving
        parts = [f"w{n} AS ({write.sql} RETURNING 1)" for n, write in enumerate(writes)]
        parts += [f"moved AS ({moving.sql} RETURNING 1)"] if moving else []
        told = "SELECT count(*) FROM moved" if moving else "SELECT 1"
        self.common = Statement(f"WITH {', '.join(parts)} {told}")

    def run(self, place: Place, **values: Any) -> bool:
        """Run all within a transaction; say whether there was a row to move.

        When there was none, what was written is to be taken back. Raises what SQLAlchemy would
        raise, without the values.
        """
        raw = place if isinstance(place, sqlite3.Connection) else _driver_of(place)
        if not isinstance(raw, sqlite3.Connection):
            return bool(self.common.run(place, **values).fetchone()[0])
        if self.moving and self.moving.run(place, **values).rowcount != 1:
            return False
        for write in self.writes:
            write.run(place, **values)
        return True


def _for_a_lot(sql: str, names: Sequence[str]) -> str:
    """Return the statement that inserts `LOT` rows at once; empty where that cannot be said.

    It can where values are inserted, and each name stands among them, and nowhere else.
    """
    found = INSERT.fullmatch(sql)
    if found is None or NAMED.findall(sql) != list(names) or NAMED.search(found["tail"]):
        return ""
    values = NAMED.sub("?", found["values"])
    return f"{found['head']}{', '.join([values] * LOT)}{found['tail']}"


def _taking(names: Sequence[str]) -> Callable[[dict[str, Any]], Row]:
    """Return what takes the values of these names out of what holds them, in this order."""
    if len(names) > 1:
        taken: Callable[[dict[str, Any]], Row] = itemgetter(*names)
        return taken
    return lambda values: tuple([values[name] for name in names])


def _lane() -> Lane | None:
    """Return this thread's lane, in a transaction; None where its session is to be used."""
    context = app_ctx._get_current_object()  # type: ignore[attr-defined]
    lanes: Lanes | None = context.app.extensions.get(LANES)
    if lanes is None:
        return None
    lane = lanes.lane
    if not lane.writing:
        session = db.session.registry.registry.get(id(context))  # type: ignore[attr-defined]
        if session is not None and session.in_transaction():
            return None
    raw = lane.raw or lanes.open()
    if not raw.in_transaction:
        raw.execute("BEGIN")
    return lane


def kept_here() -> dict[Any, Any] | None:
    """Return what this thread has kept of its snapshot, to be added to; empty once that has ended.

    None while a session is at work that may write, and then what was kept would not hold.
    """
    lane = _lane()
    if lane is not None:
        return lane.kept
    return None if current_app.extensions.get(LANES) else kept_in(db.session())


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """Return what `ask` returns, asked once a snapshot; each time where writing may go on."""
    kept = kept_here()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    found: T = kept[key]
    return found


def _driver_of(session: Session) -> Any:
    """Return the driver's connection of the session's transaction, looked for once each."""
    transaction = session.get_transaction()
    if transaction is None or session.info.get(OWNER) is not transaction:
        session.info[DRIVER] = session.connection().connection.driver_connection
        session.info[OWNER] = session.get_transaction()
    return session.info[DRIVER]


@functools.lru_cache(DAYS)
def as_day(value: str | date) -> date:
    """Return a day as read by a `Statement`."""
    return date.fromisoformat(value) if isinstance(value, str) else value

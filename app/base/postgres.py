"""What connections to PostgreSQL are told, so that what is asked again and again stays prepared.

psycopg prepares a statement that a connection has run five times, and forgets all of them at every
ROLLBACK. Requests that only read end in one, so nothing was ever prepared and each statement was
parsed and planned anew. What has only read may as well be committed. A connection is asked whether
it is still there only when it has not been used for a while. Should a server be gone and back
sooner than that, one request meets the dead connection: the short way goes on by the full one with
a new connection, anything else is answered with the page that asks to try again.
"""

import re
import time
from contextlib import suppress
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session

WROTE, USED = "xueji_wrote", "xueji_used"
WRITING, KEEPER, KEPT = "xueji_writing", "xueji_keeper", "xueji_kept"
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|LOCK|CREATE|ALTER|DROP)\b", re.IGNORECASE)
STALE = 1.0  # seconds; a server that restarts is nearly always away for longer


def tune_postgresql(engine: Engine) -> None:
    """Commit what has only read, and look after connections that lay idle."""

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.info[WROTE] = False

    @event.listens_for(engine, "before_cursor_execute")
    def executed(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("SELECT"):
            connection.info[WROTE] = True

    @event.listens_for(engine, "rollback")
    def undone(connection: Connection) -> None:
        with suppress(Exception):  # whatever is wrong with it, the rollback itself will tell
            raw: Any = connection.connection.driver_connection
            reading = raw.info.transaction_status == TransactionStatus.INTRANS
            if reading and not connection.info.get(WROTE, True):
                raw.commit()

    @event.listens_for(engine, "checkin")
    def returned(_raw: Any, record: Any) -> None:
        record.info[USED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(raw: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(USED, time.monotonic()) < STALE:
            return
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def is_write(sql: str) -> bool:
    """Say whether a statement may change anything; holding rows (FOR UPDATE) does not."""
    return WRITES.search(sql.replace("FOR UPDATE", "")) is not None


def mark_written(session: Session) -> None:
    """Note that the session's transaction has written something past SQLAlchemy."""
    session.connection().info[WROTE] = True


def kept_in(session: Session) -> dict[Any, Any] | None:
    """Return what was kept of the session's transaction, to be added to, as long as it only reads.

    None on other databases, and within a write transaction: what it reads before it holds a row
    may have changed when it does.
    """
    connection = session.connection()
    writes = session.info.get(WRITING) or connection.info.get(WROTE, True)
    if connection.dialect.name != "postgresql" or writes:
        return None
    transaction = session.get_transaction()
    if session.info.get(KEEPER) is not transaction:
        session.info[KEEPER], session.info[KEPT] = transaction, {}
    kept: dict[Any, Any] = session.info[KEPT]
    return kept

"""The database: one SQLAlchemy object, engine settings per dialect, and the write transaction."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from flask import Flask, current_app
from flask.globals import app_ctx
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session

from app.base.checkpoint import AUTOMATIC
from app.base.lane import end_reading, end_reading_of, find_lanes, init_lanes
from app.base.postgres import WRITING, tune_postgresql
from app.base.writer import TURN, part_of, say

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables; constraints get names so that migrations can change them."""

    metadata = MetaData(naming_convention=NAMING)


class HouseSession(FlaskSession):
    """A session whose every end is the end of what the thread's lane has read as well."""

    def commit(self) -> None:
        """Keep what was written."""
        super().commit()
        end_reading()

    def rollback(self) -> None:
        """Take back what was written, and let the next read see what others have written."""
        super().rollback()
        end_reading()


class HouseSessions(scoped_session[FlaskSession]):
    """The sessions of all contexts."""

    def remove(self) -> None:
        """Close the session of this context, if there is one.

        A server that has died meanwhile spoils no page that is made: there is nothing left to end.
        """
        context = app_ctx._get_current_object()  # type: ignore[attr-defined]
        if id(context) in self.registry.registry:  # type: ignore[attr-defined]  # most never had one
            try:
                super().remove()
            except DBAPIError as error:
                current_app.logger.warning("connection lost", exc_info=error)
                self.registry().invalidate()
                self.registry.clear()
        end_reading_of(context.app)


class House(SQLAlchemy):
    """Flask-SQLAlchemy with these sessions."""

    def _make_scoped_session(self, options: dict[str, Any]) -> scoped_session[FlaskSession]:
        return HouseSessions(self._make_session_factory(options), _context)


def _context() -> int:
    """Return what a session belongs to: the application context it is asked for in (see sql)."""
    return id(app_ctx._get_current_object())  # type: ignore[attr-defined]


db = House(model_class=Base, session_options={"class_": HouseSession})
Place = Session | sqlite3.Connection  # where a write transaction runs


def init_db(app: Flask) -> None:
    """Bind the database to `app` and set each new connection up for durable, short writes."""
    app.config.setdefault(
        "SQLALCHEMY_ENGINE_OPTIONS", _options(app.config["SQLALCHEMY_DATABASE_URI"])
    )
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _make_private(db.engine.url.database)
            _tune_sqlite(db.engine)
            init_lanes(app, db.engine)
            app.teardown_request(lambda _error: end_reading())
        else:
            tune_postgresql(db.engine)


def _options(url: str) -> dict[str, Any]:
    """Return engine settings: no values in error messages; a server may restart or be away."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True}
    return {
        "hide_parameters": True,
        "pool_use_lifo": True,  # the one that has prepared most is used first
        "connect_args": {"connect_timeout": 5},
    }


def _make_private(path: str | None) -> None:
    """Make a missing file so that only its owner may read it; SQLite gives its journals the same.

    Where nothing can be written the first use says so.
    """
    if path and path != ":memory:":
        with suppress(OSError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def _tune_sqlite(engine: Engine) -> None:
    """WAL with FULL sync (NORMAL loses acknowledged answers at a power cut); explicit BEGIN."""

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # the driver must not open transactions of its own
        sync = os.environ.get("XUEJI_SQLITE_SYNC", "FULL")
        if sync not in ("FULL", "NORMAL"):
            raise ValueError("XUEJI_SQLITE_SYNC must be FULL or NORMAL")
        for pragma in (
            "busy_timeout=10000",
            "journal_mode=WAL",
            f"synchronous={sync}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "secure_delete=ON",  # what is deleted is overwritten
            f"wal_autocheckpoint={AUTOMATIC}",  # the server does it beside (base.checkpoint)
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        raw: Any = connection.connection.driver_connection
        # straight to the driver: this is said several times a request
        say(raw, "BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def transaction() -> Iterator[Session]:
    """Yield the session inside one write transaction: committed at the end, undone on any error.

    Any read snapshot is given up first, because SQLite refuses to turn one into a writer once
    somebody else has written in between.
    """
    session = db.session()
    session.rollback()
    with _turn(session):
        session.connection(execution_options={"immediate": True})
        session.info[WRITING] = True
        try:
            yield session
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info[WRITING] = False
        session.commit()


@contextmanager
def writing() -> Iterator[Place]:
    """Yield where written-out statements of one write transaction run; nothing else may be there.

    As `transaction`, without a session wherever the thread has a lane. It is for the few writes
    that everybody makes all the time: those that wait for each other are kept together. Within
    itself, or `reading_to_write`, it is a part that is taken back alone when it fails.
    """
    lanes = find_lanes()
    if lanes is None:
        with transaction() as session:
            yield session
        return
    if lanes.lane.writing:
        assert lanes.lane.raw is not None
        with part_of(lanes.lane.raw) as raw:
            yield raw
        return
    if db.session.registry.has():
        db.session.rollback()
    end_reading()
    with TURN.shared(lanes.writer) as raw, lanes.lane.led_by(raw):
        yield raw


def reading_to_write() -> AbstractContextManager[Any]:
    """Have all that is read and written within the block in one write transaction, on SQLite.

    There the connection that writes knows what lies where, while every other one has to read it
    anew after each write. PostgreSQL is better asked first and written to shortly.
    """
    return nullcontext() if find_lanes() is None else writing()


def _turn(session: Session) -> AbstractContextManager[Any]:
    """Let the threads of this process write one after another where there is one writer anyhow."""
    return TURN.taken() if session.get_bind().dialect.name == "sqlite" else nullcontext()

"""Write transactions: durable, all or nothing, and never waiting on a stale reader."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Setup
from app.base.db import db, transaction
from tests.conftest import Cast


def test_sqlite_keeps_every_acknowledged_write(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        assert db.session.scalar(text("SHOW synchronous_commit")) == "on"
        return
    with db.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_error_takes_everything_back(app: Flask) -> None:
    def fail() -> None:
        with transaction() as session:
            session.add(Setup(token_hash="x", created_at=1))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert db.session.scalars(select(Setup)).all() == []


def test_a_reader_may_write_after_somebody_else_has_written(app: Flask) -> None:
    db.session.scalars(select(Setup)).all()  # a read snapshot is open from here on
    with db.engine.begin() as other:
        other.execute(text("INSERT INTO accounts_setup (token_hash, created_at) VALUES ('a', 1)"))
    with transaction() as session:
        session.add(Setup(token_hash="b", created_at=2))
    assert len(db.session.scalars(select(Setup)).all()) == 2


def test_an_unknown_sync_setting_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name == "sqlite":
        monkeypatch.setenv("XUEJI_SQLITE_SYNC", "OFF")
        db.engine.dispose()
        with pytest.raises(ValueError, match="FULL or NORMAL"):
            db.engine.connect()


def test_messages_of_the_database_hold_no_values(app: Flask) -> None:
    query = text("INSERT INTO accounts_setup (token_hash) VALUES (:value)")
    with pytest.raises(IntegrityError) as refused, db.engine.begin() as connection:
        connection.execute(query, {"value": "13912345678"})
    assert "13912345678" not in str(refused.value).split("DETAIL")[0]
    assert "hidden" in str(refused.value)


def test_a_server_that_dies_after_the_page_is_made_spoils_no_page(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Giving the connection back ends its transaction, for which there is nobody any more."""
    cast.make_member("甲")
    client = cast.sign_in("甲")
    db.session.remove()
    dialect = db.engine.dialect
    assert dialect.loaded_dbapi is not None
    lost = dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

    def die(_connection: object) -> None:
        raise lost

    # In a thread of its own, for which nobody has opened a context that would outlive the request.
    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as thread:
        patch.setattr(dialect, "do_rollback", die)
        reply = thread.submit(client.get, "/account").result()
    assert (reply.status_code, "甲" in reply.text) == (200, True)
    assert client.get("/account").status_code == 200

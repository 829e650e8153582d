"""On PostgreSQL: what is asked again stays prepared, and only what was read is ever committed."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from app.base import postgres
from app.base.db import db, transaction
from app.base.postgres import is_write
from app.base.sql import Statement, once
from app.org.models import Unit

COUNT = Statement("SELECT count(*) FROM org_unit WHERE code = :code")
ADD = Statement(
    "INSERT INTO org_unit (id, code, name, kind, path) VALUES (77, :code, 'x', 'y', '/77/')"
)
CHANGE = Statement("WITH one AS (SELECT 77 AS id) UPDATE org_unit SET code = 'b' WHERE id = 77")


@pytest.fixture
def site(app: Flask) -> Flask:
    """The application, where it has PostgreSQL beneath."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL forgets what it has prepared")
    return app


def test_what_is_asked_by_request_after_request_is_prepared(site: Flask) -> None:
    for _request in range(7):
        db.session.rollback()
        assert COUNT.value(code="a") == 0
    query = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :asked"
    assert db.session.scalar(text(query), {"asked": COUNT.sql.split(":")[0] + "%"}) == 1


WAYS: dict[str, Callable[[], object]] = {
    "written out": lambda: ADD.run(db.session(), code="a"),
    "through SQLAlchemy": lambda: db.session.execute(
        text("INSERT INTO org_unit (code, name, kind, path) VALUES ('a', 'x', 'y', '/1/')")
    ),
    "as an object": lambda: (
        db.session.add(Unit(code="a", name="x", kind="y", path="/1/")),
        db.session.flush(),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_written_and_not_kept_is_undone(site: Flask, way: str) -> None:
    db.session.rollback()
    assert COUNT.value(code="a") == 0
    WAYS[way]()
    assert COUNT.value(code="a") == 1
    db.session.rollback()
    assert COUNT.value(code="a") == 0
    WAYS[way]()
    db.session.remove()
    assert COUNT.value(code="a") == 0


def test_a_connection_that_died_while_idle_is_replaced(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = db.session.scalar(text("SELECT pg_backend_pid()"))
    monkeypatch.setattr(postgres, "STALE", 0.0)
    with db.engine.connect() as other:  # held, so that the pool has but the dead one to give
        db.session.remove()
        other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
        assert COUNT.value(code="a") == 0
        assert db.session.scalar(text("SELECT pg_backend_pid()")) != own
        db.session.remove()


def test_what_is_asked_once_is_asked_once_while_nothing_is_written(site: Flask) -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return int(COUNT.value(code="a"))

    def twice() -> int:
        asked.clear()
        once("codes", ask)
        once("codes", ask)
        return len(asked)

    db.session.rollback()
    assert twice() == 1
    assert twice() == 0  # it is still the same transaction
    db.session.rollback()
    assert twice() == 1
    with transaction():
        assert twice() == 2
    db.session.rollback()
    ADD.run(db.session(), code="a")
    assert twice() == 2
    db.session.rollback()
    assert once("codes", ask) == 0


@pytest.mark.pure
def test_whatever_changes_rows_is_a_write() -> None:
    assert is_write(ADD.sql)
    assert is_write(CHANGE.sql)
    assert not is_write(COUNT.for_psycopg + " FOR UPDATE")

"""Fixtures for every test: an application on a fresh database, a settable clock, a small cast."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import inspect, text

from app.accounts.queries import Viewer
from app.base.db import db
from app.factory import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A busy machine draws slowly; that says nothing about what is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
FIXTURE_BANK = Path(__file__).parent / "bank_fixture"
PASSWORD = "correct horse 一二三"


@dataclass
class Clock:
    """A clock that stands still until told to move."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **parts: float) -> None:
        """Move forward by the parts of a timedelta (days=1, hours=2 …)."""
        self.moment += timedelta(**parts)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The browser of every test that looks at pages or cards."""
    from tests.chromium import launch

    with launch() as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    """The clock the application under test looks at: 2026-11-23 10:00 in Shanghai."""
    return Clock()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with compiled languages, packed assets and, on SQLite, databases to copy.

    `empty.sqlite3` has every table, `bank.sqlite3` the small test bank as well: to copy a file
    takes a fiftieth of the time that it takes to make one.
    """
    folder = tmp_path_factory.mktemp("prepared")
    with make_app(folder, Clock(), f"sqlite:///{folder / 'new.sqlite3'}").app_context():
        for name in ("empty", "bank"):
            db.create_all() if name == "empty" else publish_fixture_bank(Clock())
            with db.engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            db.engine.dispose()
            shutil.copy(folder / "new.sqlite3", folder / f"{name}.sqlite3")
    return folder


@pytest.fixture
def app(
    tmp_path: Path, clock: Clock, prepared: Path, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application on a database without rows (SQLite, or XUEJI_TEST_DATABASE_URL)."""
    for name in ("assets", "translations"):
        (tmp_path / name).symlink_to(prepared / name)
    server = os.environ.get("XUEJI_TEST_DATABASE_URL")
    if not server:
        content = "bank" if "bank" in request.fixturenames else "empty"
        shutil.copy(prepared / f"{content}.sqlite3", tmp_path / "t.sqlite3")
    url = _own_url(server) if server else f"sqlite:///{tmp_path / 't.sqlite3'}"
    app = make_app(tmp_path, clock, url)
    with app.app_context():
        if server:
            empty_database()
        yield app
        db.session.remove()
        db.engine.dispose()


def make_app(data: Path, clock: Clock, url: str) -> Flask:
    """Return an application on the test bank that writes to `data` and keeps the clock's time."""
    overrides = {
        "TESTING": True,
        "SECRET_KEY": "test",
        "DATA": data,
        "QUESTION_BANK": FIXTURE_BANK,
        "SQLALCHEMY_DATABASE_URI": url,
        "WTF_CSRF_ENABLED": False,
        "CLOCK": clock,
    }
    return create_app(overrides)


def publish_fixture_bank(clock: Clock) -> None:
    """Publish the small test bank; nothing changes where that was done before."""
    from app.bank.actions import publish_bank

    publish_bank(FIXTURE_BANK, clock())


def empty_database() -> None:
    """Take away every row; where the tables are not those of the models, make them anew."""
    found = set(inspect(db.engine).get_table_names())
    if found == set(db.metadata.tables):
        with db.engine.begin() as connection:
            connection.execute(text(_emptying(sorted(found))))
        return
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}".format(
                    connection.scalar(text("SELECT quote_ident(current_schema())"))
                )
            )
        )
    db.create_all()


def _emptying(tables: list[str]) -> str:
    """Return PostgreSQL's words to empty those tables that hold rows, and to count from 1 again."""
    tests = " ".join(
        f"IF EXISTS (SELECT FROM {name}) THEN found := found || ', {name}'; END IF;"
        for name in tables
    )
    return f"""DO $$ DECLARE found text := ''; BEGIN {tests}
        IF found <> '' THEN
            EXECUTE 'TRUNCATE ' || substr(found, 3) || ' RESTART IDENTITY CASCADE';
        END IF; END $$"""


@cache
def _own_url(url: str) -> str:
    """Give each worker of a parallel run its own schema, made when missing."""
    import psycopg

    schema = os.environ.get("PYTEST_XDIST_WORKER", "main")
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    mark = "&" if "?" in plain else "?"
    driver = plain.replace("postgresql://", "postgresql+psycopg://")
    return f"{driver}{mark}options=-csearch_path%3D{schema}"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that has not signed in."""
    return app.test_client()


@pytest.fixture
def bank(app: Flask, clock: Clock) -> Flask:
    """Publish the small test bank."""
    if os.environ.get("XUEJI_TEST_DATABASE_URL"):
        publish_fixture_bank(clock)
    return app


@dataclass
class Cast:
    """Builders for the people and units of a test."""

    app: Flask
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def make_unit(self, code: str, parent: str | None = None) -> int:
        """Add a unit below `parent` and return its id."""
        from app.base.clock import now
        from app.org.actions import add_unit

        parent_id = self.units[parent] if parent else None
        self.units[code] = add_unit(code, f"单位{code}", parent_id=parent_id, now=now())
        return self.units[code]

    def make_member(self, name: str, role: str = "member", unit: str | None = None) -> int:
        """Add a person with the usual password and return the id."""
        from app.accounts.actions import add_user
        from app.base.clock import now

        unit_id = self.units[unit] if unit else None
        self.people[name] = add_user(name, role, now(), password=PASSWORD, unit_id=unit_id)
        return self.people[name]

    def viewer(self, name: str) -> Viewer:
        """Return somebody as the person who acts, without a browser."""
        from app.accounts.queries import get_user

        one = get_user(self.people[name])
        return Viewer(one.id, one.name, one.role, one.unit_id, "zh", "auto", 18, True)

    def sign_in(self, name: str) -> FlaskClient:
        """Return a browser in which `name` has signed in."""
        client = self.app.test_client()
        reply = client.post("/sign-in", data={"login": name, "password": PASSWORD})
        assert reply.status_code == 302, reply.text
        return client


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Builders bound to the application under test."""
    return Cast(app)


SignIn = Callable[[str], FlaskClient]

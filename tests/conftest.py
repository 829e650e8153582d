"""Fixtures for every test: an application on a fresh database, a settable clock, a small cast."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import text

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


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """The application on an empty database (SQLite, or XUEJI_TEST_DATABASE_URL)."""
    url = os.environ.get("XUEJI_TEST_DATABASE_URL")
    overrides = {
        "TESTING": True,
        "SECRET_KEY": "test",
        "DATA": tmp_path,
        "QUESTION_BANK": FIXTURE_BANK,
        "SQLALCHEMY_DATABASE_URI": _own_url(url) if url else f"sqlite:///{tmp_path / 't.sqlite3'}",
        "WTF_CSRF_ENABLED": False,
        "CLOCK": clock,
    }
    app = create_app(overrides)
    with app.app_context():
        empty_database()
        db.create_all()
        yield app
        db.session.remove()
        empty_database()
        db.engine.dispose()


def empty_database() -> None:
    """Take away every table, also the one that remembers the revision."""
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


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
    from app.bank.actions import publish_bank

    publish_bank(FIXTURE_BANK, clock())
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

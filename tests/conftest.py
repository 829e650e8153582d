"""Fixtures for every test: an application on a fresh database, a settable clock, a small cast."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, inspect, text
from werkzeug.routing import Rule

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
KEPT_STATEMENTS = 20_000  # compiled in a run, far more than there are


class CompiledOnce(BytecodeCache):
    """Templates compiled by one application of a run, for all that come after it."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of the same words under the same name, when there is any."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = CompiledOnce()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no test in a browser be in a file that the run of these would not find by its words."""
    marked = {item.path for item in items if item.get_closest_marker("browser")}
    if missed := [str(path) for path in marked if "mark.browser" not in path.read_text()]:
        raise pytest.UsageError(f"these do not say mark.browser: {', '.join(missed)}")


def pytest_collection_finish() -> None:
    """Look for rubbish among what the tests make, not among all that was imported for them.

    An eighth of the time went into looking through modules that stay to the end.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


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


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """Make once a run what every application would make anew, and a site makes once anyhow."""
    engines: dict[str, Engine] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", _compiling_once(Rule._compile_builder))
        patch.setattr(sqlalchemy, "engine_from_config", _connecting_once(engines))
        yield
    for engine in engines.values():
        engine.dispose()


def _compiling_once(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """Return what compiles the words that make an address, each rule's once.

    What is compiled depends on the rule's text and defaults alone, and takes nine tenths of the
    time of making an application.
    """
    compiled: dict[tuple[str, str, bool], Any] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    return compile_once


def _connecting_once(made: dict[str, Engine]) -> Callable[..., Engine]:
    """Return what makes an engine, each address's of PostgreSQL once, and keeps it in `made`.

    A new connection to PostgreSQL reads about every table again when it first touches it. SQLite's
    files are new in each test, but what statements are compiled to is the same for all of them.
    """
    make = sqlalchemy.engine_from_config
    pattern = sqlalchemy.create_engine("sqlite://", query_cache_size=KEPT_STATEMENTS)
    with pattern.connect():
        made["sqlite://"] = pattern  # its dialect knows now what SQLite it speaks to

    def engine_from_config(options: dict[str, Any], prefix: str = "") -> Engine:
        url = sqlalchemy.make_url(options["url"])
        if url.get_backend_name() == "sqlite":
            own = make(options, prefix=prefix)
            own.dialect = own.pool._dialect = pattern.dialect
            own._compiled_cache = pattern._compiled_cache
            return own
        key = url.render_as_string(hide_password=False) + repr(
            sorted((k, str(v)) for k, v in options.items() if k != "url")
        )
        if key not in made:
            made[key] = make(options, prefix=prefix)
        return made[key]

    return engine_from_config


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
        if not server:
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
    app = create_app(overrides)
    app.jinja_env.bytecode_cache = COMPILED
    return app


def publish_fixture_bank(clock: Clock) -> None:
    """Publish the small test bank; nothing changes where that was done before."""
    from app.bank.actions import publish_bank

    publish_bank(FIXTURE_BANK, clock())


def empty_database() -> None:
    """Take away every row; where the tables are not those of the models, make them anew."""
    if set(inspect(db.engine).get_table_names()) == set(db.metadata.tables):
        with db.engine.begin() as connection:
            connection.execute(text(_emptying()))
        return
    with db.engine.begin() as connection:
        schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
        connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}"))
    db.engine.dispose()  # what is prepared there speaks of the tables of before
    db.create_all()


@cache
def _emptying() -> str:
    """Return PostgreSQL's words to delete every row and to count from 1 again.

    Deleting the few rows of a test takes a seventh of the time of TRUNCATE.
    """
    tables = reversed(db.metadata.sorted_tables)
    deleting = " ".join(f"DELETE FROM {table.name};" for table in tables)
    return f"""{deleting}
        SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
        FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"""


def copy_fixture_bank(clock: Clock) -> None:
    """Put the small test bank into PostgreSQL: published by the first test, then copied."""
    with db.engine.begin() as connection:
        own = connection.scalar(text("SELECT current_schema()"))
        kept = inspect(connection).get_table_names(schema=f"{own}_bank")
        tables = [table.name for table in db.metadata.sorted_tables if table.name in kept]
        copying = "".join(f'INSERT INTO {t} SELECT * FROM "{own}_bank".{t};' for t in tables)
        if tables:
            connection.execute(
                text(f'{copying} SELECT setval(name, last) FROM "{own}_bank".counts')
            )
            return
    publish_fixture_bank(clock)
    db.session.remove()
    with db.engine.begin() as connection:
        keeping = f'CREATE SCHEMA "{own}_bank";'
        for table in db.metadata.sorted_tables:
            if connection.scalar(text(f"SELECT EXISTS (SELECT FROM {table.name})")):
                keeping += f'CREATE TABLE "{own}_bank".{table.name} AS TABLE {table.name};'
        counts = f"""CREATE TABLE "{own}_bank".counts AS
            SELECT format('%I.%I', schemaname, sequencename)::regclass AS name, last_value AS last
            FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"""
        connection.execute(text(keeping + counts))


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
        copy_fixture_bank(clock)
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

"""Migrations lead to exactly the tables of the models, up and down."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app.base.db import db


@pytest.fixture
def empty(app: Flask) -> Flask:
    """The application on a database without tables."""
    db.drop_all()
    return app


def differences() -> list[object]:
    """Return what autogenerate would still change."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def tables() -> set[str]:
    """Return the tables that exist, without the one that remembers the revision."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_head_equals_the_models(empty: Flask) -> None:
    upgrade()
    assert differences() == []


def test_the_check_finds_a_missing_column(empty: Flask) -> None:
    upgrade()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE study_setting DROP COLUMN subject")
    assert differences() != []


def test_up_down_up(empty: Flask) -> None:
    upgrade()
    made = tables()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert tables() == made
    downgrade(revision="base")


def test_tables_that_grow_with_members_begin_their_key_with_the_member(app: Flask) -> None:
    fixed = ("bank_", "org_")
    small = {"accounts_throttle", "accounts_setup"}
    for name, table in db.metadata.tables.items():
        if (name.startswith(fixed) and name != "bank_report") or name in small:
            continue
        first = next(iter(table.primary_key.columns)).name
        assert first in ("member_id", "user_id") or (name, first) == ("accounts_user", "id"), name

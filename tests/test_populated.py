"""Databases full of rows go through every migration, up and down: no table loses what it held."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    func,
    insert,
    inspect,
    select,
    text,
)

from app.base.db import db
from app.base.schema import FOLDER, current_revision, downgrade_schema, upgrade_schema

REVISIONS = sorted(path.name[:4] for path in (FOLDER / "versions").glob("0*.py"))
COUNTED = {"assess_unit_question"}  # counted anew every night, so a migration may empty it
CITED = '{"edition": "{}", "item": {"provision": "{}"}}'  # what a later revision reads of questions


@pytest.fixture
def empty(app: Flask) -> Flask:
    """The application on a database without tables."""
    db.drop_all()
    return app


def names() -> set[str]:
    """Return the tables that exist."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def value(column: Column[Any]) -> Any:
    """Return something that fits into a column; a key of another table's row by its own value."""
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Date):
        return date(2026, 11, 25)
    if isinstance(column.type, Integer | Float):
        return 1
    if isinstance(column.type, LargeBinary):
        return b"1"
    return CITED if (column.table.name, column.name) == ("bank_revision", "content") else "{}"


def fill(new: set[str]) -> None:
    """Put one row into every new table; columns that may be missing and point back are missing."""
    found = MetaData()
    found.reflect(db.engine, only=sorted(new))
    with db.engine.begin() as connection:
        for table in found.sorted_tables:  # those that others point to come first
            if table.name not in new or connection.scalar(select(func.count()).select_from(table)):
                continue
            own = {key.parent.name for key in table.foreign_keys if key.column.table is table}
            columns = [c for c in table.columns if not (c.name in own and c.nullable)]
            connection.execute(insert(table).values({c.name: value(c) for c in columns}))


def count() -> dict[str, int]:
    """Return how many rows each table has."""
    asked = " UNION ALL ".join(f"SELECT '{one}', count(*) FROM {one}" for one in sorted(names()))
    with db.engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(asked))}


def lost(before: dict[str, int], after: dict[str, int], names: set[str]) -> list[str]:
    """Return those of the tables that hold fewer rows than before."""
    return sorted(n for n in names - COUNTED if after.get(n, 0) < before[n])


def test_every_revision_with_rows_in_every_table(empty: Flask) -> None:
    before: dict[str, int] = {}
    for revision in REVISIONS:
        upgrade_schema(revision)
        after = count()
        assert lost(before, after, set(before)) == [], f"up to {revision}"
        fill(set(after) - set(before) | COUNTED & set(after))
        before = count()
    assert 0 not in before.values()
    for revision in reversed(REVISIONS[:-1]):
        downgrade_schema(revision)
        after = count()
        assert lost(before, after, set(after)) == [], f"down to {revision}"
        before = after
    upgrade_schema()
    assert current_revision() == REVISIONS[-1]
    assert lost(before, count(), set(before)) == []

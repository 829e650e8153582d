"""Migrations lead to exactly the tables of the models, up and down."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

from app.base.db import db
from app.base.schema import (
    FOLDER,
    current_revision,
    downgrade_schema,
    newest_revision,
    upgrade_schema,
)
from app.org.queries import get_unit, list_stays


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
    upgrade_schema()
    assert differences() == []


def test_the_check_finds_a_missing_column(empty: Flask) -> None:
    upgrade_schema()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE study_setting DROP COLUMN subject")
    assert differences() != []


def test_the_newest_file_is_the_head(app: Flask) -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(FOLDER)).get_heads() == [newest_revision()]


def test_a_database_at_the_head_is_left_alone(empty: Flask) -> None:
    assert current_revision() is None
    upgrade_schema()
    assert current_revision() == newest_revision()
    upgrade_schema()
    downgrade_schema("base")
    assert current_revision() is None


def test_up_down_up(empty: Flask) -> None:
    upgrade_schema()
    made = tables()
    downgrade_schema("base")
    assert tables() == set()
    upgrade_schema()
    assert tables() == made
    downgrade_schema("base")


ROWS = """
INSERT INTO org_unit (id, code, name, kind, path) VALUES (1, 'A', '甲支部', '党支部', '/1/');
INSERT INTO accounts_user (id, name, role, unit_id, created_at, language, theme, text_size,
  shortcuts) VALUES (1, '张三', 'member', 1, 0, 'zh', 'auto', 18, true);
INSERT INTO bank_document VALUES ('d', '文件', '文件', 'd', 0);
INSERT INTO bank_edition VALUES ('e', 'd', '版本', '版', '2022-10-22', '2022-10-22', 0);
INSERT INTO bank_chapter VALUES ('e', 'c', '章', 0);
INSERT INTO bank_provision VALUES ('e', 'a1', 'c', '第一条', 0);
INSERT INTO bank_question (id, kind, edition_id, chapter_id, provision_id, difficulty, position,
  status, revision, updated_at)
  VALUES ('q', 'truefalse', 'e', 'c', 'a1', 'know', 0, 'active', 1, 0);
INSERT INTO bank_revision VALUES ('q', 1, '{}', 'x', 0);
INSERT INTO bank_report (member_id, id, question_id, revision, text, created_at, state)
  VALUES (1, 'r', 'q', 1, '错字', 0, 'open');
INSERT INTO study_card (member_id, question_id, version, state, reps, lapses, wrong_left, starred,
  suspended) VALUES (1, 'q', 1, 2, 1, 0, 0, false, false);
INSERT INTO study_review (member_id, answer_id, question_id, revision, at_ms, day, rating, "right",
  before, response, elapsed_ms, way)
  VALUES (1, 'a', 'q', 1, 0, '2026-11-25', 3, true, 0, 'true', 9, 'due');
"""
HELD = (
    "org_unit",
    "accounts_user",
    "bank_question",
    "bank_revision",
    "bank_report",
    "study_card",
    "study_review",
)


def held() -> dict[str, int]:
    """Return how many rows each table of the old data has."""
    with db.engine.connect() as connection:
        return {t: connection.execute(text(f"SELECT count(*) FROM {t}")).scalar_one() for t in HELD}


def test_data_of_the_first_release_survives_every_step_up_and_down(empty: Flask) -> None:
    upgrade_schema("0001")
    with db.engine.begin() as connection:
        for statement in ROWS.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
    before = held()
    assert set(before.values()) == {1}
    steps = sorted(path.name[:4] for path in (FOLDER / "versions").glob("0*.py"))
    for revision in steps[1:]:
        upgrade_schema(revision)
        assert held() == before, revision
    for revision in reversed(steps[:-1]):
        downgrade_schema(revision)
        assert held() == before, revision


def test_units_and_people_live_through_the_way_up_and_down(empty: Flask) -> None:
    upgrade_schema("0005")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO org_unit (id, code, name, kind, path)"
            " VALUES (1, 'A', '甲', '党支部', '/1/')"
        )
        connection.exec_driver_sql(
            "INSERT INTO accounts_user (id, name, role, unit_id, created_at, language, theme,"
            " text_size, shortcuts) VALUES (7, '张三', 'member', 1, 5, 'zh', 'auto', 18, true)"
        )
    upgrade_schema("0006")
    assert get_unit(1).closed is False
    [stay] = list_stays(7)
    assert (stay.unit_id, stay.since, stay.until) == (1, 5, None)
    db.session.remove()
    downgrade_schema("0005")
    with db.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT unit_id FROM accounts_user").scalar()
    assert kept == 1
    downgrade_schema("base")


ANSWERS = """
UPDATE bank_revision SET content = '{"edition": "e", "item": {"provision": "a1"}}';
INSERT INTO org_unit (id, code, name, kind, path) VALUES (2, 'B', '乙支部', '党支部', '/2/');
INSERT INTO org_membership (member_id, since, unit_id) VALUES (1, 100, 1), (1, 200000, 2);
INSERT INTO study_void (member_id, answer_id, at_ms) VALUES (1, 'c', 0);
INSERT INTO study_review (member_id, answer_id, question_id, revision, at_ms, day, rating, "right",
  before, response, elapsed_ms, way) VALUES
  (1, 'b', 'q', 1, 300000000, '2026-12-02', 3, true, 2, 'true', 9, 'due'),
  (1, 'c', 'q', 1, 400000000, '2026-12-05', 3, true, 2, 'true', 9, 'due'),
  (1, 'd', 'q', 1, 500000000, '2026-12-05', 1, false, 2, 'true', 9, 'due');
"""


def test_answers_given_before_there_were_summaries_are_summed_up(empty: Flask) -> None:
    upgrade_schema("0008")
    with db.engine.begin() as connection:
        for statement in (ROWS + ANSWERS).split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
    upgrade_schema()
    with db.engine.connect() as connection:
        query = "SELECT answer_id, unit_id, tally FROM study_review ORDER BY answer_id"
        kept = [tuple(row) for row in connection.execute(text(query))]
        query = "SELECT met, reviews, delayed, recalled, last_day FROM study_member_chapter"
        own = [tuple(map(str, row)) for row in connection.execute(text(query))]
        query = "SELECT unit_id, month, reviews, recalled FROM study_unit_chapter ORDER BY unit_id"
        units = [tuple(map(str, row)) for row in connection.execute(text(query))]
    assert kept == [("a", 1, 3), ("b", 2, 5), ("c", 2, 0), ("d", 2, 5)]
    assert own == [("1", "3", "2", "1", "2026-12-05")]
    assert units == [("1", "2026-11-01", "1", "0"), ("2", "2026-12-01", "2", "1")]
    downgrade_schema("base")


def test_tables_that_grow_with_members_begin_their_key_with_the_member(app: Flask) -> None:
    fixed = ("bank_", "base_", "authoring_draft")
    small = {
        "accounts_handshake",
        "accounts_throttle",
        "accounts_setup",
        "accounts_tombstone",
        "study_erased",
        "assess_item",
        "assess_item_offset",
        "assess_fit",
        "assess_scheme",
        "assess_unit_certificate",
        "assess_unit_question",
        "study_unit_chapter",
        "study_unit_recall",
        "study_fit",
        "quiz_paper",
        "assign_robot",
        "assign_delivery",
        "org_unit",
        "assign_assignment",
        "assign_duty",
        "assign_duty_note",
        "assign_gathering",
        "assign_gathering_version",
        "assign_plan",
        "assign_post_term",
        "assign_target",
    }
    for name, table in db.metadata.tables.items():
        if (name.startswith(fixed) and name != "bank_report") or name in small:
            continue
        first = next(iter(table.primary_key.columns)).name
        assert first in ("member_id", "user_id") or (name, first) == ("accounts_user", "id"), name

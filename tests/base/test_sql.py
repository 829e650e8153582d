"""Statements written out run in the session's transaction and fail as SQLAlchemy's do."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from app.bank.queries import list_question_ids
from app.base.db import db, transaction, writing
from app.base.sql import LOT, Statement, Together, as_day
from app.study.models import NoteRow, SettingRow
from tests.conftest import Cast

ADD = Statement(
    "INSERT INTO study_setting (member_id, new_per_day, answers_per_day, subject)"
    " VALUES (:member, :new, 5, :subject)"
)
REMOVE = Statement("DELETE FROM study_setting WHERE member_id = :member")
WRITE = Statement(
    "INSERT INTO study_void (member_id, answer_id, at_ms, replaced_by)"
    " VALUES (:member, :answer, :at + 0, :by)"
)
WRITE_OVER = Statement(
    WRITE.sql + " ON CONFLICT (member_id, answer_id) DO UPDATE SET at_ms = excluded.at_ms"
)
WRITTEN = Statement(
    "SELECT member_id, answer_id, at_ms, replaced_by FROM study_void WHERE member_id = :member"
    " ORDER BY answer_id"
)
CLEAR = Statement("DELETE FROM study_void WHERE member_id = :member")
READ = Statement("SELECT new_per_day, subject FROM study_setting WHERE member_id = :member")


def test_values_go_in_and_rows_come_out(app: Flask, cast: Cast) -> None:
    member = cast.make_member("甲")
    assert READ.one(member=member) is None
    assert READ.value(member=member) is None
    with transaction() as session:
        assert ADD.run(session, member=member, new=7, subject="a%b:c").rowcount == 1
    assert READ.one(member=member) == (7, "a%b:c")
    assert READ.all(member=member) == list(READ.each(member=member)) == [(7, "a%b:c")]


def test_what_was_written_in_a_transaction_is_undone_with_it(app: Flask, cast: Cast) -> None:
    member = cast.make_member("甲")

    def write() -> None:
        with transaction() as session:
            ADD.run(session, member=member, new=7, subject=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert READ.one(member=member) is None


def test_what_the_session_holds_is_written_before(app: Flask, cast: Cast) -> None:
    member = cast.make_member("甲")
    with transaction() as session:
        session.add(SettingRow(member_id=member, new_per_day=3))
        assert READ.value(member=member) == 3


def test_each_transaction_uses_its_own_connection(app: Flask, cast: Cast) -> None:
    member = cast.make_member("甲")
    READ.one(member=member)
    db.session.remove()
    db.engine.dispose()
    assert READ.one(member=member) is None


def test_errors_are_sqlalchemys_and_tell_no_values(app: Flask, cast: Cast) -> None:
    member = cast.make_member("甲")
    with transaction() as session:
        ADD.run(session, member=member, new=7, subject=None)

    def again() -> None:
        with transaction() as session:
            ADD.run(session, member=member, new=7, subject="secret")

    with pytest.raises(IntegrityError) as caught:
        again()
    assert "secret" not in str(caught.value)
    with pytest.raises((OperationalError, ProgrammingError)):
        Statement("SELECT nothing FROM nowhere").one()
    db.session.rollback()


def test_days_are_read_alike_from_both_databases(app: Flask, cast: Cast) -> None:
    day = date(2026, 11, 25)
    assert as_day("2026-11-25") == as_day(day) == day
    found = Statement("SELECT count(*) FROM study_card WHERE first_day = :day").value(day=day)
    assert found == 0


def replace_first(place: Any, rows: list[tuple[Any, ...]]) -> None:
    """Write many rows of which the second is there already."""
    with place() as where:
        REMOVE.run(where, member=rows[0][0])
        ADD.run_many(where, rows)


@pytest.mark.parametrize("number", [1, LOT - 1, LOT, LOT + 1, 3 * LOT])
def test_any_number_of_rows_is_written_in_order(app: Flask, cast: Cast, number: int) -> None:
    member = cast.make_member("甲")
    rows = [(member, f"a{n:03d}", n, None if n % 2 else "b") for n in range(number)]
    for place in (transaction, writing):
        with place() as where:
            WRITE.run_many(where, rows)
        assert WRITTEN.all(member=member) == rows
        later = [(member, answer, at + 1000, by) for _member, answer, at, by in rows[1:]]
        with place() as where:
            WRITE_OVER.run_many(where, later)
        assert WRITTEN.all(member=member) == [rows[0], *later]
        with pytest.raises(IntegrityError), place() as where:
            WRITE.run_many(where, [(member, "new", 0, None), *rows])
        assert WRITTEN.all(member=member) == [rows[0], *later]
        with place() as where:
            CLEAR.run(where, member=member)


@pytest.mark.pure
@pytest.mark.parametrize(
    "sql",
    [
        READ.sql,
        "UPDATE study_void SET at_ms = :at WHERE member_id = :member",
        "INSERT INTO study_void (member_id, at_ms) SELECT :member, :at",
        WRITE.sql.replace(":at + 0", ":member"),  # a value that is needed twice
        WRITE.sql + " ON CONFLICT (member_id, answer_id) DO UPDATE SET at_ms = :later",
    ],
)
def test_what_cannot_be_written_in_lots_is_not(sql: str) -> None:
    assert not Statement(sql).lot
    assert WRITE.lot.count("(?, ?, ? + 0, ?)") == LOT


def test_many_rows_are_written_at_once_or_not_at_all(app: Flask, cast: Cast) -> None:
    assert ADD.names == ("member", "new", "subject")
    rows = [(cast.make_member(name), n, None) for n, name in enumerate(("甲", "乙"))]
    for place in (transaction, writing):
        with place() as where:
            ADD.run_many(where, rows)
            ADD.run_many(where, [])
        assert [READ.value(member=row[0]) for row in rows] == [0, 1]
        with pytest.raises(IntegrityError):
            replace_first(place, rows)
        assert [READ.value(member=row[0]) for row in rows] == [0, 1]
        with place() as where:
            for row in rows:
                REMOVE.run(where, member=row[0])


MOVE = Statement("UPDATE study_setting SET new_per_day = :new WHERE member_id = :member")
NOTE = Statement(
    "INSERT INTO study_note (member_id, question_id, text) VALUES (:member, :question, :text)"
)
MOVED = Together(NOTE, moving=MOVE)


def test_what_belongs_together_is_written_when_there_is_a_row_to_move(
    bank: Flask, cast: Cast
) -> None:
    member, other = cast.make_member("甲"), cast.make_member("乙")
    one, two = list_question_ids()[:2]
    with writing() as place:
        row = {"new": 7, "subject": None, "question": one, "text": "一"}
        assert Together(ADD, NOTE).run(place, member=member, **row)
        row = {"new": 9, "question": two, "text": "二"}
        assert MOVED.run(place, member=member, **row)
    assert READ.value(member=member) == 9
    assert sorted(db.session.scalars(db.select(NoteRow.text))) == ["一", "二"]
    db.session.rollback()
    with transaction() as session:
        assert not MOVED.run(session, member=other, **row)
        session.rollback()
    assert len(db.session.scalars(db.select(NoteRow)).all()) == 2


def test_what_fails_of_it_takes_all_of_it_back(bank: Flask, cast: Cast) -> None:
    member = cast.make_member("甲")
    row = {"new": 7, "subject": None, "question": "none", "text": "一"}

    def write() -> None:
        with writing() as place:
            Together(ADD, NOTE).run(place, member=member, **row)

    with pytest.raises(IntegrityError):
        write()
    assert READ.one(member=member) is None

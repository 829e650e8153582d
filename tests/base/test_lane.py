"""A thread's own connection: one snapshot a request, writes kept whole or not at all."""

import threading

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.base.db import db, transaction, writing
from app.base.lane import find_lanes
from app.base.sql import Statement, kept_here, once
from tests.conftest import Cast

ADD = Statement(
    "INSERT INTO study_setting (member_id, new_per_day, answers_per_day) VALUES (:member, :new, 5)"
)
READ = Statement("SELECT new_per_day FROM study_setting WHERE member_id = :member")


@pytest.fixture
def member(app: Flask, cast: Cast) -> int:
    """A member without settings."""
    made = cast.make_member("甲")
    db.session.remove()
    return made


def as_another(change: str) -> None:
    """Change something as another process would."""
    with db.engine.begin() as connection:
        connection.execute(text(change))


def test_what_is_written_is_kept_and_seen_by_all(member: int) -> None:
    assert READ.value(member=member) is None
    with writing() as place:
        ADD.run(place, member=member, new=7)
        assert READ.value(member=member) == 7
    assert READ.value(member=member) == 7
    with db.engine.connect() as other:
        assert other.scalar(text("SELECT new_per_day FROM study_setting")) == 7


def test_an_error_takes_everything_back_and_is_sqlalchemys(member: int) -> None:
    def twice() -> None:
        with writing() as place:
            ADD.run(place, member=member, new=7)
            ADD.run(place, member=member, new=8)

    with pytest.raises(IntegrityError) as caught:
        twice()
    assert "7" not in str(caught.value)
    db.session.rollback()
    assert READ.value(member=member) is None
    with writing() as place:
        ADD.run(place, member=member, new=9)
    assert READ.value(member=member) == 9


def test_a_writer_gives_up_what_it_read_before(member: int) -> None:
    assert READ.value(member=member) is None
    db.session.execute(text("SELECT 1"))  # a session's snapshot, too
    as_another(f"INSERT INTO study_setting VALUES ({member}, 3, 5, NULL)")
    with writing():
        assert READ.value(member=member) == 3


def test_what_was_asked_is_kept_as_long_as_its_snapshot(member: int) -> None:
    asked = list[int]()

    def ask() -> int:
        asked.append(1)
        return len(asked)

    assert (once("key", ask), once("key", ask)) == (1, 1)
    for end in (db.session.rollback, db.session.remove, db.session.commit):
        before = once("key", ask)
        end()
        assert once("key", ask) == before + 1
    with transaction():
        assert kept_here() is None
        assert once("key", ask) != once("key", ask)


def test_each_thread_reads_for_itself(app: Flask, member: int) -> None:
    assert READ.value(member=member) is None
    found = list[object]()

    def read() -> None:
        with app.app_context():
            as_another(f"INSERT INTO study_setting VALUES ({member}, 3, 5, NULL)")
            found.append(READ.value(member=member))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert found == [3]
    db.session.rollback()
    assert READ.value(member=member) == 3


@pytest.mark.once
def test_lanes_leave_with_the_engine(member: int) -> None:
    lanes = find_lanes()
    assert lanes is not None
    first = lanes.open()
    assert lanes.open() is first
    db.engine.dispose()
    assert lanes.open() is not first
    assert READ.value(member=member) is None

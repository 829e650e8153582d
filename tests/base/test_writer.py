"""Who writes while others wait is kept together with them: all told after it, failures alone."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.base import writer
from app.base.db import db, reading_to_write, transaction, writing
from app.base.lane import find_lanes
from app.base.sql import Statement
from app.base.writer import TURN
from tests.conftest import Cast

pytestmark = pytest.mark.once  # PostgreSQL lets everybody write at once
ADD = Statement(
    "INSERT INTO study_setting (member_id, new_per_day, answers_per_day) VALUES (:member, :new, 5)"
)
READ = Statement("SELECT new_per_day FROM study_setting WHERE member_id = :member")
Told = dict[int, Any]


@pytest.fixture
def members(app: Flask, cast: Cast) -> list[int]:
    """Six members without settings."""
    made = [cast.make_member(f"甲{n}") for n in range(6)]
    db.session.remove()
    return made


@pytest.fixture
def said(members: list[int]) -> Iterator[list[str]]:
    """What is said to the connection that writes."""
    lanes, heard = find_lanes(), list[str]()
    assert lanes is not None
    raw = lanes.writer()
    raw.set_trace_callback(heard.append)
    yield heard
    raw.set_trace_callback(None)


def stored() -> dict[int, int]:
    """Return what is in the file, as another process sees it."""
    path = db.engine.url.database
    with closing(sqlite3.connect(str(path))) as other:
        return dict(other.execute("SELECT member_id, new_per_day FROM study_setting").fetchall())


def together(app: Flask, members: list[int], write: Callable[[Any, int], None]) -> Told:
    """Let one write until all others wait; return by member what they saw stored, or the error."""
    told: Told = {}
    begun = threading.Event()

    def work(member: int) -> None:
        with app.app_context():
            try:
                with writing() as place:
                    if member == members[0]:
                        begun.set()
                        wait_for(len(members) - 1)
                    write(place, member)
                told[member] = stored().get(member)
            except Exception as error:
                told[member] = error

    threads = [threading.Thread(target=work, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
        assert begun.wait(20)  # the first has its turn first
    for thread in threads:
        thread.join()
    return told


def wait_for(number: int) -> None:
    """Wait until so many wait for their turn."""
    end = time.monotonic() + 20
    while TURN.waiting < number:
        assert time.monotonic() < end
        time.sleep(0.001)


def plain(place: Any, member: int) -> None:
    """Write one row."""
    ADD.run(place, member=member, new=member)


def test_those_who_wait_are_kept_with_one_sync(
    app: Flask, members: list[int], said: list[str]
) -> None:
    told = together(app, members, plain)
    assert told == {member: member for member in members}  # each saw it stored when told
    assert [words for words in said if words in ("BEGIN IMMEDIATE", "COMMIT")] == [
        "BEGIN IMMEDIATE",
        "COMMIT",
    ]


@pytest.mark.parametrize("failing", [0, 2, 5])
def test_one_that_fails_takes_only_its_own_back(
    app: Flask, members: list[int], said: list[str], failing: int
) -> None:
    def write(place: Any, member: int) -> None:
        plain(place, member)
        if member == members[failing]:
            plain(place, member)

    told = together(app, members, write)
    assert isinstance(told.pop(members[failing]), IntegrityError)
    assert told == stored() == {m: m for m in members if m != members[failing]}


def test_what_cannot_be_kept_is_told_to_all(app: Flask, members: list[int]) -> None:
    def write(place: Any, member: int) -> None:
        plain(place, member)
        if member == members[3]:  # found out only at the end
            place.execute("PRAGMA defer_foreign_keys = ON")
            plain(place, 10**6)

    told = together(app, members, write)
    assert [type(told[member]) for member in members] == [IntegrityError] * 6
    assert stored() == {}
    assert together(app, members, plain) == {member: member for member in members}


def test_a_transaction_that_is_lost_is_told_to_all(app: Flask, members: list[int]) -> None:
    def write(place: Any, member: int) -> None:
        plain(place, member)
        if member == members[3]:  # as SQLite itself does on a full disk
            place.rollback()
            raise sqlite3.OperationalError("database or disk is full")

    told = together(app, members, write)
    lost = {member: told[member] for member in members if isinstance(told[member], Exception)}
    kept = {member: told[member] for member in members if member not in lost}
    assert members[0] in lost
    assert members[3] in lost
    assert stored() == kept  # those whose turn came after it


def test_an_ordinary_transaction_keeps_what_was_handed_on_first(
    app: Flask, members: list[int]
) -> None:
    first, second = members[:2]
    seen = list[object]()

    def other() -> None:
        with app.app_context(), transaction() as session:
            seen.append(session.scalar(text("SELECT new_per_day FROM study_setting")))
            session.execute(text(f"INSERT INTO study_setting VALUES ({second}, 3, 5, NULL)"))

    thread = threading.Thread(target=other)
    with writing() as place:
        thread.start()
        wait_for(1)
        plain(place, first)
    assert stored()[first] == first
    thread.join()
    assert seen == [first]
    assert stored() == {first: first, second: 3}


def test_nobody_waits_for_somebody_who_is_gone(
    app: Flask, members: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr(TURN, "waiting", 1)  # one who has waited and never came
    with writing() as place:
        plain(place, members[0])
    assert stored() == {members[0]: members[0]}


def test_what_was_written_is_read_before_it_is_kept(app: Flask, members: list[int]) -> None:
    with writing() as place:
        plain(place, members[0])
        assert READ.value(member=members[0]) == members[0]
        assert stored() == {}
    assert READ.value(member=members[0]) == members[0]


def test_a_part_that_fails_is_taken_back_alone(
    app: Flask, members: list[int], said: list[str]
) -> None:
    first, second, third = members[:3]
    with reading_to_write():
        assert READ.value(member=first) is None
        with writing() as place:
            plain(place, first)
        with suppress(IntegrityError), writing() as place:
            plain(place, second)
            plain(place, second)
        with writing() as place:
            plain(place, third)
        assert READ.value(member=third) == third
        assert stored() == {}
    assert stored() == {first: first, third: third}
    assert said.count("BEGIN IMMEDIATE") == said.count("COMMIT") == 1


def test_all_parts_are_lost_with_their_transaction(app: Flask, members: list[int]) -> None:
    def lose() -> None:
        with reading_to_write():
            with writing() as place:
                plain(place, members[0])
            with writing() as place:
                plain(place, members[1])
                place.rollback()  # as SQLite itself does on a full disk
                raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(sqlite3.OperationalError):
        lose()
    assert stored() == {}
    with writing() as place:
        plain(place, members[0])
    assert stored() == {members[0]: members[0]}


def test_errors_at_the_beginning_leave_the_turn_to_others(
    app: Flask, members: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_raw: sqlite3.Connection, words: str) -> None:
        raise DBAPIError(words, (), sqlite3.OperationalError("locked"))

    def write() -> None:
        with writing() as place:
            plain(place, members[0])

    with monkeypatch.context() as patch:
        patch.setattr(writer, "say", refuse)
        with pytest.raises(DBAPIError):
            write()
    write()
    assert stored() == {members[0]: members[0]}

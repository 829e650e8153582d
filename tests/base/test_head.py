"""The head of the chain outlives the table, and torn or foreign lines do not confuse it."""

import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.base import audit
from app.base.db import db, transaction
from app.base.head import FILE, Head, append_head, read_head
from tests.conftest import Clock

MAC = "0123456789abcdef" * 4


def test_the_highest_line_counts(tmp_path: Path) -> None:
    path = tmp_path / FILE
    assert read_head(path) is None
    for number in (1, 3, 2):
        append_head(path, Head(number, MAC))
    assert read_head(path) == Head(3, MAC)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_torn_line_hides_nothing(tmp_path: Path) -> None:
    path = tmp_path / FILE
    append_head(path, Head(1, MAC))
    with path.open("ab") as file:
        file.write(f"\n2 {MAC[:30]}".encode())
    append_head(path, Head(2, MAC))
    assert read_head(path) == Head(2, MAC)


def act(clock: Clock, times: int = 1) -> None:
    """Record acts, one transaction each."""
    for number in range(times):
        with transaction() as session:
            audit.record(session, clock(), 1, "org.add_unit", f"unit:{number}")


def test_every_committed_act_is_written_down(app: Flask, clock: Clock) -> None:
    act(clock, 3)
    assert read_head(app.config["DATA"] / FILE) == audit.find_last()
    assert audit.find_missing() is None


def test_of_several_acts_the_last_is_written_down(app: Flask, clock: Clock) -> None:
    acts = [audit.Act("org.add_unit", f"unit:{number}") for number in range(3)]
    with transaction() as session:
        audit.record_all(session, clock(), 1, acts)
        audit.record_all(session, clock(), 1, [])
    head = read_head(app.config["DATA"] / FILE)
    assert head is not None
    assert (head.number, head) == (3, audit.find_last())


def test_an_act_taken_back_is_not(app: Flask, clock: Clock) -> None:
    act(clock)

    def fail() -> None:
        with transaction() as session:
            audit.record(session, clock(), 1, "org.add_unit", "unit:2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with transaction():
        pass
    assert read_head(app.config["DATA"] / FILE) == audit.find_last()


@pytest.mark.parametrize("kept", [0, 1, 4])
def test_a_table_cut_off_at_the_end_is_found(app: Flask, clock: Clock, kept: int) -> None:
    act(clock, 5)
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM base_audit WHERE number > :kept"), {"kept": kept})
    db.session.rollback()
    assert audit.find_break() is None
    assert audit.find_missing() == 5


def test_a_chain_grown_again_after_a_cut_is_found(app: Flask, clock: Clock) -> None:
    act(clock, 3)
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM base_audit WHERE number > 1"))
    db.session.rollback()
    clock.move(seconds=9)
    head = (app.config["DATA"] / FILE).read_bytes()
    act(clock, 2)
    assert audit.find_break() is None
    (app.config["DATA"] / FILE).write_bytes(head)  # as an append-only file would still hold it
    assert audit.find_missing() == 3


def test_a_file_that_cannot_be_written_does_not_undo_the_act(app: Flask, clock: Clock) -> None:
    (app.config["DATA"] / FILE).mkdir()
    act(clock)
    assert len(audit.list_entries()) == 1


def test_acts_are_filtered_and_counted(app: Flask, clock: Clock) -> None:
    for actor, action, member in ((1, "a.b", 7), (2, "a.b", None), (1, "c.d", 7)):
        with transaction() as session:
            audit.record(session, clock(), actor, action, "x:1", member)
    wanted = audit.Filter(action="a.b", actors=(1,))
    assert [e.number for e in audit.list_entries(wanted=wanted)] == [1]
    assert audit.count_entries(audit.Filter(members=(7,))) == 2
    assert audit.count_entries(audit.Filter()) == 3
    assert audit.list_actions() == ["a.b", "c.d"]

"""The record of acts: written with the act, chained, and unable to hide a change."""

import random
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from app.base import audit
from app.base.audit import START, Entry, chain, first_break
from app.base.db import db, transaction
from tests.conftest import Clock

KEY = b"key"


def entries(count: int) -> list[Entry]:
    """Return a sound chain."""
    made: list[Entry] = []
    for number in range(1, count + 1):
        blank = Entry(number, number * 1000, 1, "org.invite_person", f"user:{number}", 7, "{}", "")
        mac = chain(made[-1].mac if made else START, blank, KEY)
        made.append(replace(blank, mac=mac))
    return made


def test_acts_are_read_back_newest_first(app: Flask, clock: Clock) -> None:
    for name in ("甲", "乙"):
        with transaction() as session:
            audit.record(session, clock(), 1, "org.add_unit", f"unit:{name}", 7, {"name": name})
    assert [e.subject for e in audit.list_entries()] == ["unit:乙", "unit:甲"]
    assert audit.list_entries(7)[0].details == '{"name":"乙"}'
    assert audit.list_entries(8) == []
    assert audit.find_break() is None


def test_an_act_that_fails_leaves_no_entry(app: Flask, clock: Clock) -> None:
    def fail() -> None:
        with transaction() as session:
            audit.record(session, clock(), 1, "org.add_unit", "unit:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert audit.list_entries() == []


def test_several_acts_are_chained_like_single_ones(app: Flask, clock: Clock) -> None:
    told = [audit.Act("org.merge_person", f"user:{n}", n, {"n": n}) for n in range(5)]
    with transaction() as session:
        audit.record(session, clock(), 1, "org.add_unit", "unit:1")
        audit.record_all(session, clock(), 2, told)
        audit.record_all(session, clock(), 2, [])
        audit.record(session, clock(), 3, "org.close_unit", "unit:1")
    assert [e.number for e in audit.list_entries()] == [7, 6, 5, 4, 3, 2, 1]
    assert [e.actor_id for e in audit.list_entries()] == [3, 2, 2, 2, 2, 2, 1]
    assert audit.list_entries(4)[0].details == '{"n":4}'
    assert audit.find_break() is None


def test_a_change_in_the_database_is_found(app: Flask, clock: Clock) -> None:
    for number in range(5):
        with transaction() as session:
            audit.record(session, clock(), 1, "quiz.change_mark", f"attempt:{number}", 7)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE base_audit SET actor_id = 2 WHERE number = 3"))
    db.session.rollback()
    assert audit.find_break() == 3


def tampered(seed: int, sound: list[Entry]) -> list[Entry]:
    """Return the entries altered in one way: changed, dropped, swapped or one put in."""
    rng = random.Random(seed)
    place, forged = rng.randrange(len(sound) - 1), list(sound)
    match rng.choice(["change", "drop", "swap", "insert"]):
        case "change":
            field = rng.choice(["at_ms", "actor_id", "member_id"])
            forged[place] = replace(sound[place], **{field: 999_999})
        case "drop":
            del forged[place]
        case "swap":
            forged[place], forged[place + 1] = forged[place + 1], forged[place]
        case "insert":
            forged.insert(place, replace(sound[place], subject="user:666"))
    return forged


@pytest.mark.parametrize("seed", range(200))
def test_every_tampering_is_found(seed: int) -> None:
    sound = entries(20)
    assert first_break(sound, KEY) is None
    assert first_break(tampered(seed, sound), KEY) is not None
    assert first_break(sound, b"other") == 1

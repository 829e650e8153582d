"""Nothing acknowledged is lost: servers killed, disks full, folders read-only, half a migration."""

import os
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from app.bank.queries import get_questions, list_question_ids
from app.base.db import db
from app.base.ids import new_id
from app.base.schema import current_revision, newest_revision, upgrade_schema
from app.study.models import ReviewRow
from app.study.queries import list_drifted
from tests.bench.durability import WRONG, measure
from tests.conftest import Cast, Clock


def test_servers_killed_under_way_lose_and_double_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("XUEJI_DATABASE_URL", "XUEJI_DATA", "XUEJI_SQLITE_SYNC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XUEJI_DATA", "")  # set again by the measurement, restored afterwards
    postgres = "XUEJI_TEST_DATABASE_URL" in os.environ
    found = measure(kills=2, wanted=60, seed=30, postgres=postgres)
    assert found["acknowledged"] >= 60
    assert sum(found.get(kind, 0) for kind in ("worker", "server", "all", "database")) == 2
    assert found["worker"] == 1
    wrong = {name: found[name] for name in (*WRONG, "damaged", "servers_that_gave_up")}
    assert wrong == dict.fromkeys(wrong, 0)


def test_a_clock_that_jumps_loses_nothing(bank: Flask, cast: Cast, clock: Clock) -> None:
    """A year ahead by mistake, back again, then a minute before the first answer."""
    member = cast.make_member("甲")
    for jump in ({}, {"days": 400}, {"days": -400}, {"minutes": -1}, {"days": 1}):
        clock.move(**jump)
        before = count_stored()
        client = cast.sign_in("甲")  # sessions that would end in the past or future begin anew
        assert answer(client, before).status_code == 200, jump
        assert count_stored() == before + 1
        assert list_drifted(member) == []


@pytest.fixture
def member(bank: Flask, cast: Cast) -> FlaskClient:
    """A browser in which a member has signed in, on the site as in production."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("about the one file of SQLite")
    cast.make_member("甲")
    client = cast.sign_in("甲")
    bank.testing = False
    return client


def answer(client: FlaskClient, version: int) -> Any:
    """Answer one question, whose page was made when the card had this version."""
    asked = next(q for q in get_questions(list_question_ids()).values() if q.kind == "single")
    data = {
        "answer_id": new_id(),
        "question_id": asked.id,
        "revision": str(asked.revision),
        "version": str(version),
        "way": "due",
        "elapsed_ms": "4000",
        "choice": "0",
    }
    return client.post("/study/answer", data=data)


def count_stored() -> int:
    """Return how many answers are stored."""
    db.session.rollback()
    return len(db.session.scalars(select(ReviewRow.answer_id)).all())


def limit_pages(raw: Any, _record: Any) -> None:
    """Let the file grow no further, as on a full disk."""
    raw.execute("PRAGMA max_page_count = 1")


def refuse_writes(raw: Any, _record: Any) -> None:
    """Open the database as from a read-only folder."""
    raw.execute("PRAGMA query_only = 1")


@pytest.mark.parametrize("trouble", [limit_pages, refuse_writes])
def test_what_cannot_be_stored_is_said_and_what_was_stays(
    member: FlaskClient, trouble: Any
) -> None:
    assert answer(member, 0).status_code == 200
    acknowledged, refused = 1, []
    event.listen(db.engine, "connect", trouble)
    reopen()
    try:
        for _try in range(120):
            reply = answer(member, acknowledged)
            if reply.status_code == 200:
                acknowledged += 1
            else:
                refused.append((reply.status_code, "没有保存" in reply.text))
    finally:
        event.remove(db.engine, "connect", trouble)
        reopen()
    assert set(refused) == {(503, True)}
    assert count_stored() == acknowledged
    assert answer(member, acknowledged).status_code == 200
    assert count_stored() == acknowledged + 1


def reopen() -> None:
    """Let every connection be made anew."""
    db.session.remove()
    db.engine.dispose()


def test_half_a_migration_leaves_the_tables_as_they_were(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest migration fails in its middle: everything before it stands, a second run mends."""
    from alembic import op

    db.drop_all()
    upgrade_schema("0001")
    with db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO accounts_throttle (bucket, tries, started_at) VALUES ('x', 1, 1)")
        )
    real = op.create_table
    monkeypatch.setattr(op, "create_table", lambda *w, **m: fail_after(real, w, m))
    with pytest.raises(OSError, match="No space"):
        upgrade_schema()
    assert current_revision() == "0001"
    monkeypatch.undo()
    upgrade_schema()
    assert current_revision() == newest_revision()
    assert db.session.scalar(text("SELECT tries FROM accounts_throttle")) == 1
    db.session.rollback()


def fail_after(real: Any, words: Any, more: Any) -> None:
    """Make the table and then run out of space."""
    real(*words, **more)
    raise OSError(28, "No space left on device")

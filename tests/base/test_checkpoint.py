"""The log is carried over beside the requests, whatever happens to the file."""

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.base import checkpoint
from app.base.checkpoint import begin_again, carry_over, start_checkpoints
from app.base.db import db, transaction
from app.base.writer import TURN

pytestmark = pytest.mark.once


@pytest.fixture
def path(app: Flask) -> Path:
    """The database with something in its log."""
    with transaction() as session:
        session.execute(text("INSERT INTO accounts_setup (token_hash, created_at) VALUES ('a', 1)"))
    return Path(str(db.engine.url.database))


def test_what_the_log_holds_is_carried_over(path: Path) -> None:
    pages, done = carry_over(path)
    assert done == pages > 0
    assert b"accounts_setup" in path.read_bytes()


def test_nobody_who_reads_is_waited_for(path: Path) -> None:
    carry_over(path)
    with db.engine.connect() as reading:
        reading.execute(text("SELECT count(*) FROM accounts_setup"))
        with transaction() as session:
            session.execute(text("DELETE FROM accounts_setup"))
        pages, done = carry_over(path)
        assert done <= pages
        assert reading.scalar(text("SELECT count(*) FROM accounts_setup")) == 1


def test_a_long_log_is_begun_again_while_nobody_writes(
    app: Flask, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = list[str]()

    def carry(_path: Path) -> tuple[int, int]:
        free = threading.Thread(target=lambda: turns.append(str(TURN.lock.acquire(timeout=0.1))))
        free.start()
        free.join()
        return carry_over(path)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "carry_over", carry)
        pages, done = begin_again(path)
    assert turns == ["False"]
    assert done == pages > 0
    log = path.with_name(path.name + "-wal")
    before = log.stat().st_size
    with transaction() as session:
        session.execute(text("DELETE FROM accounts_setup"))
    assert log.stat().st_size == before  # written over


def test_it_goes_on_until_it_is_stopped(
    app: Flask, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, turns = threading.Event(), threading.Semaphore(0)

    def carry(_path: Path) -> tuple[int, int]:
        turns.release()
        raise OSError("the disk is full")

    monkeypatch.setattr(checkpoint, "carry_over", carry)
    monkeypatch.setattr(checkpoint, "PAUSE", 0.01)
    monkeypatch.setattr(checkpoint, "LEAST", 0)
    thread = start_checkpoints(app, stop)
    assert thread is not None
    assert turns.acquire(timeout=5)
    assert turns.acquire(timeout=5)  # trouble does not end it
    stop.set()
    thread.join(5)
    assert not thread.is_alive()

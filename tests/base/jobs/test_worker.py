"""The worker does what is there, outlives what fails, and may be killed at any moment."""

import threading
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from app.base import audit, jobs
from app.base.db import db, transaction
from app.base.errors import Invalid
from app.base.jobs import Task, queue, worker
from app.web.journal import Lines
from tests.base.jobs.conftest import Labour
from tests.base.jobs.test_queue import job
from tests.bench.jobs import measure
from tests.conftest import Clock


def work(app: Flask) -> int:
    """Let a worker do all there is."""
    return jobs.work(app, threading.Event(), once=True)


def test_everything_is_done_in_turn(app: Flask, labour: Labour, clock: Clock) -> None:
    made = [jobs.add_job("test.work", clock()) for _one in range(3)]
    assert work(app) == 4  # and the nightly work that was missed
    assert {job(one).state for one in made} == {"done"}
    assert job(made[0]).words == "好了"
    assert work(app) == 0
    assert jobs.find_worker(clock()) is None  # it left in good order


def test_a_refusal_ends_the_job_with_its_sentence(app: Flask, labour: Labour, clock: Clock) -> None:
    def refuse(_task: Task, _now: datetime) -> str:
        raise Invalid("磁盘空间不够。")

    labour.act = refuse
    made = jobs.add_job("test.work", clock())
    work(app)
    assert (job(made).state, job(made).tries, job(made).words) == ("failed", 1, "磁盘空间不够。")


def test_an_error_is_tried_again_and_undone(
    app: Flask, labour: Labour, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(task: Task, now: datetime) -> str:
        with transaction() as session:
            audit.record(session, now, None, "test.effect", f"job:{task.id}")
            if task.tries < 3:
                raise RuntimeError("张三")
        return "好了"

    labour.act = stumble
    made = jobs.add_job("test.work", clock())
    for _try in range(3):
        work(app)
        clock.move(hours=1)
    assert (job(made).state, job(made).tries) == ("done", 3)
    assert len([one for one in audit.list_entries() if made in one.subject]) == 1
    told = "".join(Lines().format(record) for record in caplog.records)
    assert "RuntimeError" in told
    assert "张三" not in told


def test_progress_is_seen_while_the_work_goes_on(
    app: Flask, labour: Labour, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "TICK", 0.01)
    seen: list[tuple[int, int, str]] = []

    def slowly(task: Task, now: datetime) -> str:
        with transaction():  # also while the work itself is writing
            task.progress(1, 3, "第一章")
        while not seen:
            found = job(task.id)
            if found.done:
                seen.append((found.done, found.total, found.words))
        return "好了"

    labour.act = slowly
    made = jobs.add_job("test.work", clock())
    work(app)
    assert seen == [(1, 3, "第一章")]
    assert job(made).state == "done"


@pytest.mark.parametrize("fault", ["lease", "length"])
def test_a_worker_that_must_not_go_on_ends_itself(
    app: Flask, labour: Labour, clock: Clock, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    gone = threading.Event()
    monkeypatch.setattr(worker, "TICK", 0.01)
    monkeypatch.setattr(worker, "BEAT", 0.01)
    monkeypatch.setattr(worker.os, "_exit", lambda _code: gone.set())
    if fault == "length":
        jobs.kinds()["test.work"] = jobs.Kind("test.work", "", labour, longest=0)

    def last_long(task: Task, _now: datetime) -> str:
        if fault == "lease":
            with transaction() as session:
                session.execute(queue.update(queue.JobRow).values(holder="somebody else"))
        assert gone.wait(10)
        return "好了"

    labour.act = last_long
    jobs.add_job("test.work", clock(), key="first")
    jobs.run_next(app, only=jobs.list_jobs()[0].id)
    assert gone.is_set()


def test_a_database_that_is_away_does_not_end_the_worker(
    app: Flask, labour: Labour, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, looks = threading.Event(), []

    def away(_now: datetime) -> None:
        looks.append(1)
        if len(looks) == 3:
            stop.set()
        raise db.engine.dialect.loaded_dbapi.OperationalError("gone")

    monkeypatch.setattr(queue, "add_due", away)
    assert jobs.work(app, stop, pause=0) == 0
    assert len(looks) == 3


@pytest.mark.once
def test_killed_again_and_again_every_job_shows_once(tmp_path: Path) -> None:
    found = measure(tmp_path, jobs_wanted=6, kills=2, seed=3)
    assert found["kills"] == 2
    assert (found["done"], found["lost"], found["double"]) == (6, 0, 0)

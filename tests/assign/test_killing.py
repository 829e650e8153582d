"""Killed (-9) at any point of sending, a message arrives at most once; what is lost is named."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.assign.actions import delivering, mailing
from app.base import jobs
from app.base.db import db
from tests.assign.test_delivering import WECOM, deliveries, wish, work
from tests.assign.test_delivering import robot as make_robot
from tests.assign.test_mailing import make_reader, remind, states
from tests.bench.messages import in_child, let_leases_run_out, measure
from tests.conftest import Cast, Clock
from tests.receivers import Got, group, post_office

pytestmark = pytest.mark.once
Wrap = Callable[[Callable[..., object]], Callable[..., object]]


def die() -> None:
    """End this process with no chance to do anything more."""
    os.kill(os.getpid(), signal.SIGKILL)


def before(act: Callable[..., object]) -> Callable[..., object]:
    """Die instead of doing it."""
    return lambda *_words: die()


def after(act: Callable[..., object]) -> Callable[..., object]:
    """Do it, then die."""
    return lambda *words: (act(*words), die())


@pytest.mark.parametrize(
    ("name", "wrap", "arrived", "state"),
    [
        ("begin", before, 1, "sent"),
        ("wait_for_turn", before, 1, "sent"),  # in the transaction that marks it as being sent
        ("begin", after, 0, "unknown"),
        ("post", before, 0, "unknown"),
        ("body_of", before, 0, "unknown"),
        ("read_reply", before, 1, "unknown"),  # the answer is there, nobody has read it
        ("post", after, 1, "unknown"),
        ("end", before, 1, "unknown"),
        ("end", after, 1, "sent"),
    ],
)
def test_every_point(
    app: Flask,
    cast: Cast,
    clock: Clock,
    name: str,
    wrap: Wrap,
    arrived: int,
    state: str,
) -> None:
    cast.make_unit("A")
    cast.make_member("书记", role="trainer", unit="A")
    trainer = cast.viewer("书记")
    with group() as other_side:
        app.config["ROBOT_ORIGINS"] = {"wecom": other_side.origin}
        wish(make_robot(trainer, clock, WECOM), clock)

        def work_and_die() -> None:
            setattr(delivering, name, wrap(getattr(delivering, name)))
            jobs.run_next(app)

        db.session.rollback()
        _child, status = os.waitpid(in_child(app, work_and_die), 0)
        assert os.WIFSIGNALED(status)
        let_leases_run_out()
        work(app)
        assert len(other_side.got) == arrived
        assert [one.state for one in deliveries(trainer)] == [state]


def test_killed_while_the_other_side_thinks(app: Flask, cast: Cast, clock: Clock) -> None:
    cast.make_unit("A")
    cast.make_member("书记", role="trainer", unit="A")
    trainer, came = cast.viewer("书记"), threading.Event()

    def think(_got: Got) -> None:
        came.set()
        threading.Event().wait(0.3)

    with group() as other_side:
        other_side.answer = think
        app.config["ROBOT_ORIGINS"] = {"wecom": other_side.origin}
        wish(make_robot(trainer, clock, WECOM), clock)
        db.session.rollback()
        child = in_child(app, lambda: jobs.run_next(app))
        assert came.wait(10)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        let_leases_run_out()
        work(app)
        assert len(other_side.got) == 1
        assert [one.state for one in deliveries(trainer)] == ["unknown"]


def test_killed_again_and_again(tmp_path: Path) -> None:
    found = measure(tmp_path, kills=6)
    assert found["kills"] == 6
    assert found["sent"] + found["unknown"] == found["messages"] == 18
    wrong = ("twice", "said_sent_but_missing", "missing_and_not_named")
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0)


@pytest.mark.parametrize(
    ("name", "wrap", "arrived", "state"),
    [
        ("_send_one", before, 1, "sent"),
        ("_hand_over", before, 0, "unknown"),
        ("_hand_over", after, 1, "unknown"),
        ("_send_one", after, 1, "sent"),
    ],
)
def test_letters_too(
    app: Flask,
    cast: Cast,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    wrap: Wrap,
    arrived: int,
    state: str,
) -> None:
    member_id = make_reader(cast, "a", "a@example.cn")
    with post_office() as office:
        app.config.update(ORIGIN="https://x.example", MAIL_FROM="x@y.example")
        app.config["SMTP"] = f"smtp://127.0.0.1:{office.port}"
        remind(app, clock, monkeypatch, [member_id])
        [job] = [one for one in jobs.list_jobs() if one.kind == "assign.mail"]

        def work_and_die() -> None:
            setattr(mailing, name, wrap(getattr(mailing, name)))
            jobs.run_next(app, only=job.id)

        db.session.rollback()
        _child, status = os.waitpid(in_child(app, work_and_die), 0)
        assert os.WIFSIGNALED(status)
        let_leases_run_out()
        jobs.run_next(app, only=job.id)
        assert len(office.letters) == arrived
        assert states() == {member_id: state}

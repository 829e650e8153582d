"""The process that works: takes one job after another, and gives signs of life meanwhile.

It may be killed at any moment. A second thread prolongs the lease while a job runs; when the job
takes longer than its kind may, or the lease has gone to somebody else, the process ends itself,
because a thread cannot be stopped.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.base import clock
from app.base.db import db
from app.base.errors import XuejiError
from app.base.ids import new_id
from app.base.jobs import queue
from app.base.jobs.kinds import Later, Task, kinds
from app.base.jobs.lease import BEAT

logger = logging.getLogger("app")
PAUSE = 2.0  # seconds between two looks for work
TICK = 1.0  # seconds between two notes of progress
LOST = 3  # exit code of a worker that must not go on


def work(app: Flask, stop: threading.Event, once: bool = False, pause: float = PAUSE) -> int:
    """Work until `stop` is set, or with `once` until nothing is left; return how many jobs ran."""
    name, ran, beaten = new_id(), 0, 0.0
    while not stop.is_set():
        try:
            with app.app_context():
                if time.monotonic() - beaten >= BEAT or not beaten:
                    queue.beat(name, clock.now())
                    beaten = time.monotonic()
                queue.add_due(clock.now())
                queue.give_up_deadly(clock.now())
                found = run_next(app, name)
        except Exception as error:  # a database that is away comes back
            logger.error("worker trouble", exc_info=error)
            found = False
        ran += found
        if once and not found:
            break
        if not found:
            stop.wait(pause)
    with app.app_context():
        queue.leave(name)
    return ran


def run_next(app: Flask, worker: str = "", only: str | None = None) -> bool:
    """Take the next job, or the one named, and run it; say whether there was one."""
    claimed = queue.claim(clock.now(), only)
    if claimed is None:
        return False
    task, kind = claimed
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(app, task, kind, worker, over), daemon=True)
    watcher.start()
    try:
        _run(task, kind)
    finally:
        over.set()
        watcher.join()
    return True


def _run(task: Task, kind: str) -> None:
    """Call the function and write down what came of it."""
    try:
        words = kinds()[kind].function(task, clock.now())
        db.session.rollback()
        queue.finish(task, clock.now(), words)
    except Later as error:
        queue.put_off(task, clock.now(), error.seconds)
    except XuejiError as error:
        queue.refuse(task, clock.now(), error.message)
    except Exception as error:  # whatever it is: it is tried again, up to the limit
        db.session.rollback()
        logger.error("job failed", exc_info=error, extra={"fields": {"job": kind}})
        queue.fail(task, kind, clock.now(), type(error).__name__)


def _watch(app: Flask, task: Task, kind: str, worker: str, over: threading.Event) -> None:
    """Prolong the lease and note the progress until the job is over."""
    seconds, longest, told = 0.0, _kinds_of(app)[kind].longest, (0, 0, "")
    while not over.wait(TICK):
        seconds += TICK
        shown = (task.done, task.total, task.words)
        if seconds > longest:
            _give_up(kind, "took too long")
        if shown == told and seconds % BEAT >= TICK:
            continue
        told = shown
        ours = _try(app, lambda: queue.renew(task, clock.now()), True)
        if worker:
            _try(app, lambda: queue.beat(worker, clock.now()), None)
        if not ours and not over.is_set():
            _give_up(kind, "lease lost")


def _kinds_of(app: Flask) -> dict[str, Any]:
    """Return the kinds of an application from a thread of its own."""
    with app.app_context():
        return kinds()


def _try(app: Flask, act: Callable[[], Any], otherwise: Any) -> Any:
    """Return what `act` returns in a context of its own; a busy database is asked again later."""
    try:
        with app.app_context():
            return act()
    except Exception as error:
        logger.warning("worker's sign of life was not written", exc_info=error)
        return otherwise


def _give_up(kind: str, why: str) -> None:
    """End the process: whoever watches it starts another."""
    logger.error("worker ends itself", extra={"fields": {"job": kind, "why": why}})
    os._exit(LOST)

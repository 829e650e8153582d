"""`python -m tests.bench.messages --kills 50`: whoever sends to groups is killed (-9) while at it.

The other side counts what arrives. In the end no message may have arrived twice, and every one
that did not surely arrive must be named as such.
"""

import argparse
import json
import os
import random
import signal
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, text, update

from app.assign.actions.robots import add_delivery
from app.assign.models.reminders import DeliveryRow, RobotRow
from app.base import clock, jobs
from app.base.db import db, transaction
from app.base.ids import digest
from app.base.jobs.models import JobRow
from app.base.sealing import seal
from app.factory import create_app
from tests.receivers import Got, Group, group

ROBOTS = 10  # each takes 20 messages a minute


def in_child(app: Flask, act: Callable[[], object]) -> int:
    """Do something in a process of its own, with connections of its own; return its id."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the receiver's thread stays with the parent
        child = os.fork()
    if child:
        return child
    code = 1
    try:
        db.engine.dispose(close=False)
        with app.app_context():
            act()
        code = 0
    finally:
        os._exit(code)


def let_leases_run_out() -> None:
    """Do as if a minute had gone by for jobs that nobody is at any more."""
    with transaction() as session:
        running = update(JobRow).where(JobRow.state == "running")
        session.execute(running.values(lease_until=0))


def make_robots(unit_id: int, secret: str, count: int) -> list[int]:
    """Register robots; return their ids."""
    with transaction() as session:
        rows = []
        for number in range(count):
            key = f"{number:08d}-0000-0000-0000-000000000000"
            whose = digest(f"wecom:{key}")
            sealed = seal(key, "group robot", whose, secret), seal("", "group robot", whose, secret)
            row = RobotRow(unit_id=unit_id, kind="wecom", name="群", key_hash=whose, made_at=0)
            row.key_sealed, row.secret_sealed = sealed
            session.add(row)
            rows.append(row)
        session.flush()
        return [row.id for row in rows]


def measure(folder: Path, kills: int, seed: int = 1) -> dict[str, Any]:
    """Return what arrived, arrived twice, and is named as unknown after so many kills."""
    from app.base.ids import new_id
    from app.org.actions import add_unit

    rng = random.Random(seed)
    url = f"sqlite:///{folder / 'k.sqlite3'}"
    app = create_app({"DATA": folder, "SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "test"})
    with app.app_context(), group() as other_side:
        db.create_all()
        came = threading.Event()
        other_side.answer = lambda got: _slowly(got, came, rng)
        app.config["ROBOT_ORIGINS"] = {"wecom": other_side.origin}
        robots = make_robots(add_unit("A", "甲", now=clock.now()), "test", ROBOTS)
        with transaction() as session:
            for number in range(min(3 * kills, 19 * ROBOTS)):
                key = f"trial-{new_id()}"
                add_delivery(session, robots[number % ROBOTS], key, key, clock.now())
        done = 0
        while done < kills and _left():
            came.clear()
            child = in_child(app, lambda: _work(app))
            if rng.random() < 0.8:
                came.wait(5)
            time.sleep(rng.uniform(0, 0.05))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            done += 1
            let_leases_run_out()
        while _left():
            os.waitpid(in_child(app, lambda: _work(app)), 0)
            let_leases_run_out()
        return {"kills": done, **_count(other_side)}


def _slowly(
    got: Got, came: threading.Event, rng: random.Random
) -> tuple[int, bytes, dict[str, str]]:
    """Say that something came, and answer a little later."""
    came.set()
    time.sleep(rng.uniform(0, 0.03))
    return 200, b'{"errcode":0}', {}


def _work(app: Flask) -> None:
    """Do jobs until none is left."""
    while jobs.run_next(app):
        pass


def _left() -> int:
    """Return how many messages have not ended."""
    db.session.rollback()
    found = text("SELECT count(*) FROM assign_delivery WHERE state IN ('waiting', 'sending')")
    return int(db.session.execute(found).scalar_one())


def _count(other_side: Group) -> dict[str, int]:
    """Compare what arrived with what the site says."""
    arrived = Counter(other_side.texts)
    db.session.rollback()
    states = {row.key: row.state for row in db.session.scalars(select(DeliveryRow))}
    unknown = [key for key, state in states.items() if state == "unknown"]
    return {
        "messages": len(states),
        "sent": sum(state == "sent" for state in states.values()),
        "unknown": len(unknown),
        "unknown_arrived": sum(arrived[key] > 0 for key in unknown),
        "twice": sum(count > 1 for count in arrived.values()),
        "said_sent_but_missing": sum(s == "sent" and not arrived[k] for k, s in states.items()),
        "missing_and_not_named": sum(
            not arrived[key] for key, state in states.items() if state not in ("unknown", "sent")
        ),
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), parser.parse_args().kills)))


if __name__ == "__main__":
    main()

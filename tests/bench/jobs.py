"""`python -m tests.bench.jobs --kills 50`: the worker is killed (-9) again and again.

Each job records one act in the transaction that ends it. In the end every job must be done and
have exactly one act.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from app.base import audit, clock, jobs
from app.base.db import db, transaction
from app.base.jobs import Kind, Task, register_job, worker
from app.base.jobs.kinds import KEY
from app.factory import create_app


def labour(task: Task, _now: datetime) -> str:
    """Take a while, then record one act and end the job in one transaction."""
    rng = random.Random(f"{task.id}{task.tries}")
    for step in range(5):
        task.progress(step, 5)
        time.sleep(rng.uniform(0, 0.02))
    with transaction() as session:
        audit.record(session, clock.now(), None, "test.effect", f"job:{task.id}")
        time.sleep(rng.uniform(0, 0.02))
        jobs.finish_in(session, task, clock.now(), "好了")
    time.sleep(rng.uniform(0, 0.02))
    return "好了"


def make_site(folder: Path) -> Flask:
    """Return a site whose only work is this labour."""
    url = f"sqlite:///{folder / 'k.sqlite3'}"
    app = create_app({"DATA": folder, "SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "test"})
    app.extensions[KEY] = {}
    register_job(app, Kind("test.work", "干活", labour, limit=1000))
    return app


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start a worker process."""
    words = [sys.executable, "-m", "tests.bench.jobs", "--work", str(folder)]
    return subprocess.Popen(words, env={**os.environ, "XUEJI_DATA": str(folder)})


def measure(folder: Path, jobs_wanted: int, kills: int, seed: int = 1) -> dict[str, Any]:
    """Return how many jobs were done, lost and double after so many kills."""
    rng, app = random.Random(seed), make_site(folder)
    with app.app_context():
        db.create_all()
        made = [jobs.add_job("test.work", clock.now()) for _one in range(jobs_wanted)]
        interrupted = 0
        for _kill in range(kills):
            before = jobs.count_jobs()["done"]
            process = start(folder)
            while jobs.count_jobs()["done"] <= before:  # it has begun
                db.session.rollback()
                time.sleep(0.005)
            time.sleep(rng.uniform(0, 0.08))
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            db.session.rollback()
            interrupted += jobs.count_jobs()["running"]
            _let_the_lease_run_out()
        process = start(folder)
        while jobs.count_jobs()["done"] < jobs_wanted:
            db.session.rollback()
            time.sleep(0.05)
        process.kill()
        process.wait()
        found = [entry.subject for entry in audit.list_entries(limit=100_000)]
        return {
            "jobs": jobs_wanted,
            "kills": kills,
            "interrupted": interrupted,
            "done": jobs.count_jobs()["done"],
            "lost": sum(f"job:{one}" not in found for one in made),
            "double": len(found) - len(set(found)),
        }


def _let_the_lease_run_out() -> None:
    """Do as if a minute had gone by."""
    with transaction() as session:
        session.execute(text("UPDATE base_job SET lease_until = 0 WHERE state = 'running'"))


def main() -> None:
    """Be the worker, or measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--work", type=Path)
    choice = parser.parse_args()
    if choice.work:
        worker.work(make_site(choice.work), threading.Event(), pause=0.01)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), choice.kills * 3, choice.kills)))


if __name__ == "__main__":
    main()

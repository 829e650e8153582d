"""Long and regular work from the terminal: the worker, what there is, one job at once."""

import signal
import threading
from dataclasses import asdict
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.base import clock, jobs
from app.base.cli import json_option, report, sentences

group = AppGroup("jobs", help="Long and regular work.")


@group.command("work")
@click.option("--once", is_flag=True, help="Stop when nothing is left to do.")
@json_option
@sentences
def work(once: bool, as_json: bool) -> None:
    """Work until told to stop; `serve` starts one of these by itself."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_words: stop.set())
    app: Any = current_app
    ran = jobs.work(app._get_current_object(), stop, once)
    report({"ran": ran}, as_json)


@group.command("list")
@click.option("--most", default=50, type=click.IntRange(1, 1000))
@json_option
@sentences
def list_jobs(most: int, as_json: bool) -> None:
    """Show the site's jobs, the newest first, when the next ones are due, and who works."""
    now = clock.now()
    worker = jobs.find_worker(now)
    found: dict[str, Any] = {
        "worker_age_s": worker.age if worker else None,
        "counts": jobs.count_jobs(),
        "next": {kind.name: second for kind, second in jobs.next_runs(now)},
        "jobs": [asdict(job) for job in jobs.list_jobs(most)],
    }
    report(found, as_json)


@group.command("run")
@click.argument("name")
@json_option
@sentences
def run(name: str, as_json: bool) -> None:
    """Do one kind of work now, in this process; exit code 1 when it does not succeed."""
    made = jobs.add_job(name, clock.now())
    app: Any = current_app
    jobs.run_next(app._get_current_object(), only=made)
    found = jobs.get_job(jobs.NOBODY, made)
    report({"state": found.state, "words": found.words, "tries": found.tries}, as_json)
    if found.state != "done":
        raise SystemExit(1)

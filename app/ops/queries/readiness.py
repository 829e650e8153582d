"""Can requests be served now? Asked every few seconds by machines, so cheap and terse."""

import os
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from app.base.db import db
from app.base.jobs import find_worker
from app.ops.queries.copies import find_newest_copy
from app.ops.queries.doctor import Finding, look, look_at_database, look_at_disk, look_at_schema


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be served, what is in the way; how old the newest copy is, and how long
    ago the worker gave a sign of life.

    An old copy or a silent worker is not in the way: taking a working site from its users would
    help nobody.
    """

    ready: bool
    reasons: tuple[str, ...]
    backup_age_s: int | None
    worker_age_s: int | None


def get_readiness(now: datetime) -> Readiness:
    """Look at database, tables, disk and folder."""
    looks = {"database": look_at_database, "schema": look_at_schema, "disk": look_at_disk}
    looks["folder"] = _look_at_access
    reasons = tuple(name for name, one in looks.items() if look(name, one).state == "fault")
    copy = find_newest_copy(now)
    age = int(copy.age.total_seconds()) if copy else None
    return Readiness(not reasons, reasons, age, _worker_age(now))


def _worker_age(now: datetime) -> int | None:
    """Return the seconds since a worker was heard of; None when never, or nobody can say."""
    try:
        worker = find_worker(now)
    except Exception:  # the database is away, which is told already
        db.session.rollback()
        return None
    return worker.age if worker else None


def _look_at_access() -> Finding:
    """May the folder be written, as far as can be said without writing?"""
    writable = os.access(current_app.config["DATA"], os.W_OK | os.X_OK)
    return Finding("folder", "ok" if writable else "fault", "")

"""Can requests be served now? Asked every few seconds by machines, so cheap and terse."""

import os
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from app.ops.queries.copies import find_newest_copy
from app.ops.queries.doctor import Finding, look, look_at_database, look_at_disk, look_at_schema


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be served, what is in the way, and how old the newest copy is.

    An old copy is not in the way: taking a working site from its users would help nobody.
    """

    ready: bool
    reasons: tuple[str, ...]
    backup_age_s: int | None


def get_readiness(now: datetime) -> Readiness:
    """Look at database, tables, disk and folder."""
    looks = {"database": look_at_database, "schema": look_at_schema, "disk": look_at_disk}
    looks["folder"] = _look_at_access
    reasons = tuple(name for name, one in looks.items() if look(name, one).state == "fault")
    copy = find_newest_copy(now)
    return Readiness(not reasons, reasons, int(copy.age.total_seconds()) if copy else None)


def _look_at_access() -> Finding:
    """May the folder be written, as far as can be said without writing?"""
    writable = os.access(current_app.config["DATA"], os.W_OK | os.X_OK)
    return Finding("folder", "ok" if writable else "fault", "")

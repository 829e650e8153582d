"""Which copies of the database there are, and what PostgreSQL's rows hash to."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection

from app.base.db import db
from app.ops.manifest import list_copies, made_at
from app.ops.snapshot import Rows, Tables


@dataclass(frozen=True, slots=True)
class Copy:
    """The newest copy and how old it is."""

    path: Path
    age: timedelta


def find_newest_copy(now: datetime) -> Copy | None:
    """Return the newest copy in the data folder, or None when there is none."""
    found = list_copies(current_app.config["DATA"] / "backups")
    return Copy(found[0], now - made_at(found[0])) if found else None


def hash_postgresql(connection: Connection) -> Tables:
    """Return rows and hash of every table of the models, in the order of their keys."""
    hashed = {}
    for name, table in sorted(db.metadata.tables.items()):
        total, count = hashlib.sha256(), 0
        query = table.select().order_by(*table.primary_key.columns)
        for row in connection.execute(query.execution_options(yield_per=1000)):
            total.update(repr(tuple(row)).encode())
            count += 1
        hashed[name] = Rows(count, total.hexdigest())
    return hashed

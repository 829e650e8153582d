"""What accounts does when a person is erased; called inside a transaction that is already open."""

from datetime import datetime

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session as Database

from app.accounts.actions.sessions import login_bucket
from app.accounts.models import Throttle, Tombstone
from app.accounts.queries import Account
from app.accounts.tombstone import tombstone
from app.base.clock import epoch


def lay_tombstone(database: Database, person: Account, now: datetime) -> str:
    """Remember that the id was erased, forget tries to sign in, and return the tombstone."""
    mark = tombstone(person.id, current_app.config["SECRET_KEY"])
    database.merge(Tombstone(id_hash=mark, erased_at=epoch(now)))
    buckets = [f"account:{person.id}", login_bucket(person.name)]
    if person.phone:
        buckets.append(login_bucket(person.phone))
    database.execute(delete(Throttle).where(Throttle.bucket.in_(buckets)))
    return mark

"""What people do to people, papers, marks and questions: an append-only, chained record.

Each entry carries an HMAC over itself and the entry before it, so that an entry that was changed,
taken out or added later breaks the chain from there on. The key lies beside the database, not in
it. Entries are written in the transaction of the act they tell of: both are kept, or neither. Once
it is committed, where the chain now stands is written to a file (app.base.head), so that taking
entries off the end is found as well.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from flask import current_app
from sqlalchemy import (
    BigInteger,
    Index,
    Select,
    String,
    Text,
    event,
    func,
    insert,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.base.db import db
from app.base.head import FILE, Head, append_head, read_head

START = "0" * 64  # what the first entry is chained to
TURN = 7_230_811  # the advisory lock that writers of this table take in PostgreSQL


class AuditRow(db.Model):
    """One act: who did what to what, and whom it concerns; never changed."""

    __tablename__ = "base_audit"
    __table_args__ = (Index("ix_base_audit_member_id_at_ms", "member_id", "at_ms"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    member_id: Mapped[int | None]
    details: Mapped[str] = mapped_column(Text)
    mac: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as it is read back; `details` are the JSON that was written."""

    number: int
    at_ms: int
    actor_id: int | None
    action: str
    subject: str
    member_id: int | None
    details: str
    mac: str


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be recorded: what was done to what, whom it concerns, and the particulars."""

    action: str
    subject: str
    member_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record(
    session: Session,
    now: datetime,
    actor_id: int | None,
    action: str,
    subject: str,
    member_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append an act inside a write transaction; nobody's act (None) is the operator's.

    `action` is "room.verb_noun", `subject` names the thing ("user:7", "question:dz22-a07-01"),
    `member_id` is whom the act concerns, so that they can read about it.
    """
    record_all(session, now, actor_id, [Act(action, subject, member_id, details or {})])


def record_all(session: Session, now: datetime, actor_id: int | None, acts: Iterable[Act]) -> None:
    """Append several acts of one person in their order; much faster than one at a time."""
    if session.connection().dialect.name == "postgresql":  # writers take turns, as in SQLite
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TURN})
    last = session.execute(
        select(AuditRow.number, AuditRow.mac).order_by(AuditRow.number.desc()).limit(1)
    ).first()
    newest, before = (last.number, last.mac) if last else (0, START)
    at_ms, key, rows = int(now.timestamp() * 1000), _key(), []
    for number, act in enumerate(acts, start=newest + 1):
        told = msgspec.json.encode(dict(act.details), order="deterministic").decode()
        entry = Entry(number, at_ms, actor_id, act.action, act.subject, act.member_id, told, "")
        before = chain(before, entry, key)
        rows.append({**_fields(entry), "mac": before})
    if rows:
        session.execute(insert(AuditRow), rows)
        session.info[FILE] = (_head_file(), Head(newest + len(rows), before))


@event.listens_for(Session, "after_commit")
def _keep_head(session: Session) -> None:
    """Write down where the chain stands; the act is committed, so trouble here cannot undo it."""
    path, head = session.info.pop(FILE, (None, None))
    if path is None or head is None:
        return
    try:
        append_head(path, head)
    except OSError:  # the file may lag behind the table; only the other way is a fault
        logging.getLogger(__name__).exception("the audit head could not be written")


@event.listens_for(Session, "after_rollback")
def _drop_head(session: Session) -> None:
    """Forget the act that was taken back."""
    session.info.pop(FILE, None)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which acts to list; None is any.

    `actors` did them, `members` they concern; `within` selects the ids of people of whom one must
    have done it or be concerned.
    """

    action: str | None = None
    actors: tuple[int, ...] | None = None
    members: tuple[int, ...] | None = None
    within: Select[Any] | None = None

    def narrow(self, query: Select[Any]) -> Select[Any]:
        """Return the query with only the wanted acts."""
        if self.action is not None:
            query = query.where(AuditRow.action == self.action)
        if self.actors is not None:
            query = query.where(AuditRow.actor_id.in_(self.actors))
        if self.members is not None:
            query = query.where(AuditRow.member_id.in_(self.members))
        if self.within is not None:
            concerned = AuditRow.member_id.in_(self.within)
            query = query.where(or_(concerned, AuditRow.actor_id.in_(self.within)))
        return query


def list_entries(
    member_id: int | None = None,
    limit: int = 100,
    offset: int = 0,
    wanted: Filter | None = None,
) -> list[Entry]:
    """Return acts, the newest first; those that concern one member, or fit a filter, when given."""
    query = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit).offset(offset)
    wanted = wanted or Filter(members=None if member_id is None else (member_id,))
    return [_entry(row) for row in db.session.scalars(wanted.narrow(query))]


def count_entries(wanted: Filter) -> int:
    """Return how many acts fit a filter."""
    query = wanted.narrow(select(func.count()).select_from(AuditRow))
    return db.session.scalar(query) or 0


def list_actions() -> list[str]:
    """Return the names of all actions that were ever recorded."""
    return list(db.session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action)))


def find_last() -> Head | None:
    """Return where the chain stands in the table."""
    query = select(AuditRow.number, AuditRow.mac).order_by(AuditRow.number.desc()).limit(1)
    row = db.session.execute(query).first()
    return Head(row.number, row.mac) if row else None


def find_missing() -> int | None:
    """Return the number of the act the file names and the table has not, None when it fits."""
    head = read_head(_head_file())
    if head is None:
        return None
    mac = db.session.scalar(select(AuditRow.mac).where(AuditRow.number == head.number))
    return None if mac == head.mac else head.number


def find_break() -> int | None:
    """Return the number of the first entry that does not fit the chain, None when all do."""
    query = select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=500)
    with closing(db.session.scalars(query)) as rows:
        return first_break((_entry(row) for row in rows), _key())


def first_break(entries: Iterable[Entry], key: bytes) -> int | None:
    """Return the number of the first of the ordered entries that breaks the chain, or None."""
    before, expected = START, 1
    for entry in entries:
        if entry.number != expected or entry.mac != chain(before, entry, key):
            return expected
        before, expected = entry.mac, expected + 1
    return None


def chain(before: str, entry: Entry, key: bytes) -> str:
    """Return the HMAC-SHA-256 of an entry and the one before it, in hexadecimal."""
    fields = {name: value for name, value in _fields(entry).items() if name != "mac"}
    told = msgspec.json.encode([before, fields], order="deterministic")
    return hmac.new(key, told, hashlib.sha256).hexdigest()


def _fields(entry: Entry) -> dict[str, Any]:
    """Return the columns of an entry."""
    return {name: getattr(entry, name) for name in Entry.__slots__}


def _entry(row: AuditRow) -> Entry:
    """Return the frozen view of a row."""
    return Entry(**{name: getattr(row, name) for name in Entry.__slots__})


def _head_file() -> Path:
    """Return the file that says where the chain stands."""
    return Path(current_app.config["DATA"]) / FILE


def _key() -> bytes:
    """Return the key of the chain, derived from the site's secret."""
    secret: str = current_app.config["SECRET_KEY"]
    return hashlib.sha256(b"audit\0" + secret.encode()).digest()

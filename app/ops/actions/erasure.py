"""Taking a member out of everything, so that nothing and no phone brings them back."""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.actions import lay_tombstone
from app.accounts.tombstone import tombstone
from app.base import audit
from app.base.db import db, transaction
from app.base.errors import Invalid
from app.ops.actions.backups import ERASED
from app.ops.manifest import list_copies
from app.ops.queries.personal import list_mentions, list_owned
from app.org import queries as org
from app.quiz.press import clear
from app.study.actions import forget_small_recall, keep_counts, withdraw_from_units


@dataclass(frozen=True, slots=True)
class Erased:
    """What went and what is left: questions counted anonymously, older copies, the free pages."""

    rows: int
    counted: int
    copies: int
    swept: bool


def erase_person(user_id: int, name: str, by: accounts.Viewer, now: datetime) -> Erased:
    """Erase a person of the administrator's scope whose name was typed to confirm it."""
    person = org.get_person(org.scope_of(by), user_id)
    if person.id == by.id:
        raise Invalid(_("不能抹除自己，请由另一位管理员来做。"))
    if name.strip() != person.name:
        raise Invalid(_("输入的姓名不对，没有抹除。"), name=_("输入的姓名不对，没有抹除。"))
    return erase_member(user_id, by.id, now)


def erase_member(user_id: int, by: int | None, now: datetime) -> Erased:
    """Delete all that is kept about a person; only a tombstone and anonymous counts stay.

    Copies made before still hold the person until they are thinned out; one that is restored is
    cleared again at its first start (`erase_again`).
    """
    person = accounts.get_user(user_id)
    with transaction() as session:
        counted = keep_counts(session, user_id)
        withdraw_from_units(session, user_id)
        forget_small_recall(session)
        rows = _delete(session, user_id)
        mark = lay_tombstone(session, person, now)
        audit.record(session, now, by, "ops.erase_member", f"user:{user_id}", user_id)
    folder: Path = current_app.config["DATA"] / "backups"
    _note(folder, mark)
    clear(current_app.config["DATA"] / "printed")  # reports and certificates hold names
    return Erased(rows, counted, len(list_copies(folder)), _sweep())


def erase_again(now: datetime) -> int:
    """Erase everybody whose tombstone lies beside the copies; return how many that were."""
    path = current_app.config["DATA"] / "backups" / ERASED
    marks = set(path.read_text().split()) if path.exists() else set()
    secret: str = current_app.config["SECRET_KEY"]
    ids = list(db.session.scalars(select(accounts.listing.c.id))) if marks else []
    back = [user_id for user_id in ids if tombstone(user_id, secret) in marks]
    for user_id in back:
        erase_member(user_id, None, now)
    return len(back)


def _delete(session: Session, user_id: int) -> int:
    """Take the person's name off other rows and delete their own, the person last."""
    for table, column in list_mentions():
        session.execute(update(table).where(column == user_id).values({column.name: None}))
    gone = 0
    for table, owner in list_owned():
        gone += session.execute(delete(table).where(owner == user_id)).rowcount  # type: ignore[attr-defined]
    return gone


def _note(folder: Path, mark: str) -> None:
    """Write the tombstone beside the copies."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / ERASED, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(mark + "\n")
        file.flush()
        os.fsync(file.fileno())


def _sweep() -> bool:
    """Build the SQLite file anew without what was deleted; say whether nothing was in the way.

    PostgreSQL's autovacuum does the like in its own time.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    db.session.rollback()
    with suppress(sqlite3.OperationalError):  # somebody holds the file: the next sweep will do
        path = db.engine.url.database or ""
        with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return busy == 0
    return False

"""Everything the site keeps about one member, found by the tables' own keys.

No room can forget itself: a table belongs to a member when its key begins with one, and mentions
one when a column refers to a person; a test refuses columns that do neither and look as if.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, select

from app.accounts.queries import get_user
from app.base import audit
from app.base.clock import SHANGHAI
from app.base.db import db
from app.quiz.queries import TELLING, list_sealed

PEOPLE = "accounts_user"
OWNERS = ("member_id", "user_id")
SECRET = (
    "password_hash",
    "token_hash",
    "code_hash",
    "sealed",
    "mac",
    "seed",
    "holder",
)  # whoever holds the file must not gain by it
MOST_ACTS = 10_000


def list_owned() -> list[tuple[Table, Column[Any]]]:
    """Return the tables whose rows belong to one member, with the owner's column; children first.

    People themselves come last.
    """
    found = []
    for table in reversed(db.metadata.sorted_tables):
        first = next(iter(table.primary_key.columns))
        if table.name == PEOPLE or first.name in OWNERS:
            found.append((table, first))
    return found


def list_mentions() -> list[tuple[Table, Column[Any]]]:
    """Return the columns by which other rows name a person: who replied, who invited."""
    owners = {column for _table, column in list_owned()}
    return [
        (table, column)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column not in owners and any(refers(key.target_fullname) for key in column.foreign_keys)
    ]


def refers(target: str) -> bool:
    """Say whether a foreign key leads to a person."""
    return target == f"{PEOPLE}.id"


def get_everything(member_id: int, now: datetime) -> dict[str, Any]:
    """Return all that is kept about a member, table by table, without secrets and other people.

    Marks and responses of an examination are left empty until its key may be shown.
    """
    person = get_user(member_id)
    others = {column for _table, column in list_mentions()}
    sealed = list_sealed(member_id, now)
    tables: dict[str, list[dict[str, Any]]] = {}
    for table, owner in reversed(list_owned()):
        shown = [c for c in table.columns if c.name not in SECRET and c not in others]
        query = select(*shown).where(owner == member_id).order_by(*table.primary_key.columns)
        tables[table.name] = [
            _readable(dict(row), sealed) for row in db.session.execute(query).mappings()
        ]
    tables["base_audit"] = list_acts_on(member_id)
    return {
        "made_at": now.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "name": person.name,
        "tables": tables,
    }


def _readable(row: dict[str, Any], sealed: frozenset[tuple[int, int]]) -> dict[str, Any]:
    """Return a row, of an attempt whose key may not be shown without what would tell it."""
    if (row.get("paper_id"), row.get("number")) not in sealed:
        return row
    return {name: None if name in TELLING else value for name, value in row.items()}


def list_acts_on(member_id: int) -> list[dict[str, Any]]:
    """Return what was done to a member's data, by whom only as a role in it, the newest first."""
    return [
        {
            "number": entry.number,
            "at_ms": entry.at_ms,
            "action": entry.action,
            "subject": entry.subject,
            "details": entry.details,
            "by_oneself": entry.actor_id == member_id,
        }
        for entry in audit.list_entries(member_id, MOST_ACTS)
    ]

"""Importing a roster: all of what was shown, or nothing.

Five thousand rows are one transaction, during which nobody else can write: so rows are written
many at a time, not person by person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts.invitation import Invited, Newcomer
from app.accounts.queries import Viewer
from app.base.audit import Act, record_all
from app.base.clock import study_day
from app.base.db import transaction
from app.base.errors import Stale
from app.org import queries
from app.org.actions.people import check_place
from app.org.actions.stays import note_stays
from app.org.models import PostRow, ProfileRow
from app.org.party import ACTIVE, UNKNOWN
from app.org.plan import Change, Entry, plan_roster

NO_VALUE = ("phone",)  # told without what it was and became: the record outlives the data


@dataclass(frozen=True)
class Imported:
    """What an import did: links of the new, how many changed."""

    invited: tuple[Invited, ...]
    changed: int


def import_roster(entries: Sequence[Entry], shown: str, by: Viewer, now: datetime) -> Imported:
    """Carry out what was shown, whose sum is `shown`; sending it again does nothing more.

    Raise Stale when somebody changed the people meanwhile, so that other things would be done
    than were agreed to; raise NotFound when a row lies outside the importer's reach.
    """
    with transaction() as database:
        for unit_id in {entry.unit_id for entry in entries}:
            check_place(database, by, unit_id)
        plan = plan_roster(entries, queries.list_known(by, entries, study_day(now)))
        if plan.is_empty:
            return Imported((), 0)
        if plan.digest != shown:
            raise Stale(_("上传以后有人改动了人员登记，没有导入。请重新上传、查看。"))
        acts = _change(database, plan.changes, now)
        invited = _invite(database, plan.new, by, now)
        acts += _describe(database, plan.new, invited, study_day(now))
        counts = {"new": len(plan.new), "changed": len(plan.changes)}
        record_all(database, now, by.id, [*acts, Act("org.import_roster", "roster", None, counts)])
        return Imported(invited, len(plan.changes))


def _change(database: Session, changes: Sequence[Change], now: datetime) -> list[Act]:
    """Change people as planned; return what to tell of it."""
    units, phones = _new(changes, "unit_id"), _new(changes, "phone")
    for unit_id in sorted(set(units.values())):
        note_stays(database, [one for one in units if units[one] == unit_id], unit_id, now)
    accounts.amend_users(database, "unit_id", units)
    accounts.amend_users(database, "phone", phones)
    _set_statuses(database, _new(changes, "status"))
    posts = [
        (change.person.id, units.get(change.person.id, change.person.unit_id), field.new)
        for change in changes
        for field in change.fields
        if field.name == "post"
    ]
    _give(database, posts, study_day(now))
    people = [(change.person.id, _told(change)) for change in changes]
    return [Act("org.import_person", f"user:{one}", one, told) for one, told in people]


def _new(changes: Sequence[Change], name: str) -> dict[int, Any]:
    """Return person → the new value of a field, for those in whom it changes."""
    return {
        change.person.id: field.new
        for change in changes
        for field in change.fields
        if field.name == name
    }


def _told(change: Change) -> dict[str, Any]:
    """Return what to tell of a change: field → [old, new], posts as a list."""
    told: dict[str, Any] = {
        field.name: [] if field.name in NO_VALUE else [field.old, field.new]
        for field in change.fields
        if field.name != "post"
    }
    posts = [field.new for field in change.fields if field.name == "post"]
    return told | ({"posts": posts} if posts else {})


def _set_statuses(database: Session, statuses: Mapping[int, str]) -> None:
    """Keep new statuses; the standing of those who have one stays."""
    found = select(ProfileRow.member_id).where(ProfileRow.member_id.in_(statuses))
    kept = set(database.scalars(found))
    old = [{"member_id": one, "status": statuses[one]} for one in kept]
    new = [
        {"member_id": one, "status": status, "standing": ACTIVE}
        for one, status in statuses.items()
        if one not in kept
    ]
    if old:
        database.execute(update(ProfileRow), old)
    if new:
        database.execute(insert(ProfileRow), new)


def _give(database: Session, posts: Sequence[tuple[int, int | None, str]], day: date) -> None:
    """Give posts from a day on: (person, unit, post), none of them held there already."""
    rows = [
        {"member_id": member_id, "unit_id": unit_id, "post": post, "since": day}
        for member_id, unit_id, post in posts
        if unit_id is not None
    ]
    if rows:
        database.execute(insert(PostRow), rows)


def _invite(
    database: Session, entries: Sequence[Entry], by: Viewer, now: datetime
) -> tuple[Invited, ...]:
    """Add people as planned."""
    newcomers = [Newcomer(entry.name, entry.phone, entry.unit_id) for entry in entries]
    return accounts.invite_newcomers(database, newcomers, by.id, now)


def _describe(
    database: Session, entries: Sequence[Entry], invited: Sequence[Invited], day: date
) -> list[Act]:
    """Keep status and posts of the new; return what to tell of it."""
    acts: list[Act] = []
    statuses: dict[int, str] = {}
    posts: list[tuple[int, int | None, str]] = []
    for entry, one in zip(entries, invited, strict=True):
        if one.user_id is None or not (entry.status or entry.posts):
            continue
        told: dict[str, Any] = {"status": [UNKNOWN, entry.status]} if entry.status else {}
        if entry.status:
            statuses[one.user_id] = entry.status
        if entry.posts:
            posts += [(one.user_id, entry.unit_id, post) for post in entry.posts]
            told["posts"] = list(entry.posts)
        acts.append(Act("org.import_person", f"user:{one.user_id}", one.user_id, told))
    _set_statuses(database, statuses)
    _give(database, posts, day)
    return acts

"""Importing a roster: all of what was shown, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts.details import Details
from app.accounts.invitation import Invited, Newcomer
from app.accounts.queries import Viewer
from app.base.audit import record
from app.base.clock import study_day
from app.base.db import transaction
from app.base.errors import Stale
from app.org import queries
from app.org.actions.people import change_details, check_place, set_profile, tell
from app.org.actions.posts import add_post
from app.org.party import ACTIVE, UNKNOWN
from app.org.plan import Change, Entry, plan_roster


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
        for change in plan.changes:
            _carry_out(database, change, by, now)
        invited = tuple(_invite(database, entry, by, now) for entry in plan.new)
        told = {"new": len(plan.new), "changed": len(plan.changes)}
        record(database, now, by.id, "org.import_roster", "roster", details=told)
        return Imported(invited, len(plan.changes))


def _carry_out(database: Session, change: Change, by: Viewer, now: datetime) -> None:
    """Change one person as planned."""
    person = change.person
    new = {field.name: field.new for field in change.fields if field.name != "post"}
    changed: dict[str, Any] = {}
    if "phone" in new or "unit_id" in new:
        phone, unit_id = new.get("phone", person.phone), new.get("unit_id", person.unit_id)
        details = Details(person.name, phone, person.role, unit_id)
        changed |= change_details(database, person.id, details, by, now)
    if "status" in new:
        profile = queries.get_profile(person.id, study_day(now))
        changed |= set_profile(database, person.id, new["status"], profile.standing)
    posts = [field.new for field in change.fields if field.name == "post"]
    unit_id = new.get("unit_id", person.unit_id)
    changed |= _give(database, person.id, unit_id, posts, now)
    tell(database, now, by, "org.import_person", person.id, changed)


def _invite(database: Session, entry: Entry, by: Viewer, now: datetime) -> Invited:
    """Add one person as planned."""
    newcomer = Newcomer(entry.name, entry.phone, entry.unit_id)
    invited = accounts.invite_newcomer(database, newcomer, by.id, now)
    if invited.user_id is not None:
        changed: dict[str, Any] = set_profile(
            database, invited.user_id, entry.status or UNKNOWN, ACTIVE
        )
        changed |= _give(database, invited.user_id, entry.unit_id, entry.posts, now)
        tell(database, now, by, "org.import_person", invited.user_id, changed)
    return invited


def _give(
    database: Session, member_id: int, unit_id: int | None, posts: Sequence[str], now: datetime
) -> dict[str, Any]:
    """Give posts from today on; return what to tell of it."""
    if unit_id is None:
        return {}
    for post in posts:
        add_post(database, member_id, unit_id, post, study_day(now), None)
    return {"posts": list(posts)} if posts else {}

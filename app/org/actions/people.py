"""Writes about people: inviting, editing, disabling them, within the reach of who does it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import names
from app.accounts.details import Details, differences
from app.accounts.invitation import Invited, Newcomer
from app.accounts.queries import Account, Viewer
from app.base.audit import record
from app.base.clock import study_day
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale
from app.org import queries
from app.org.actions.stays import note_stays
from app.org.models import ProfileRow, Unit
from app.org.party import ACTIVE, STANDINGS, STATUSES, UNKNOWN


@dataclass(frozen=True)
class Edited:
    """What a person is to be recorded as; `seen` is the sum of what the form showed."""

    name: str
    phone: str | None
    role: str
    unit_id: int | None
    status: str
    standing: str
    seen: str


def invite_person(
    name: str,
    phone: str | None,
    unit_id: int | None,
    role: str,
    by: Viewer,
    now: datetime,
    status: str = UNKNOWN,
) -> Invited:
    """Add one person and return their link's token; raise Invalid when known or unclear."""
    newcomer = Newcomer(
        names.read_name(name), names.read_phone(phone), unit_id, names.read_role(role)
    )
    if status not in STATUSES:
        raise Invalid(_("没有这种人员类别。"), status=_("没有这种人员类别。"))
    if not names.may_grant(by.role, role):
        raise NotFound(_("没有这种权限。"))
    with transaction() as database:
        check_place(database, by, unit_id)
        invited = accounts.invite_newcomer(database, newcomer, by.id, now)
        if invited.user_id is not None:
            changed = set_profile(database, invited.user_id, status, ACTIVE)
            tell(database, now, by, "org.edit_person", invited.user_id, changed)
        return invited


def renew_invite(user_id: int, by: Viewer, now: datetime) -> str:
    """Return a further link's token for a person of the scope (lost link, forgotten password)."""
    person = queries.get_person(queries.scope_to_change(by), user_id)
    if not queries.may_renew(by, person):
        raise NotFound(_("没有这个人。"))
    return accounts.renew_invite(user_id, by.id, now)


def edit_person(user_id: int, wanted: Edited, by: Viewer, now: datetime) -> None:
    """Bring what is recorded about a person to `wanted`; raise Stale when the form was old.

    Trainers leave name, phone and unit of people with a role as they are; roles are given by
    administrators, and to nobody by themselves.
    """
    details = Details(
        names.read_name(wanted.name),
        names.read_phone(wanted.phone),
        names.read_role(wanted.role),
        wanted.unit_id,
    )
    if wanted.status not in STATUSES or wanted.standing not in STANDINGS:
        raise Invalid(_("没有这种人员类别。"), status=_("没有这种人员类别。"))
    with transaction() as database:
        person = queries.get_person(queries.scope_to_change(by), user_id)
        if queries.get_profile(user_id, study_day(now)).seen != wanted.seen:
            raise Stale(_("这个人的登记刚刚被别人改过，没有保存。请返回、刷新后再改。"))
        _check_rights(database, person, details, by)
        changed = change_details(database, user_id, details, by, now)
        changed |= set_profile(database, user_id, wanted.status, wanted.standing)
        tell(database, now, by, "org.edit_person", user_id, changed)


def disable_person(user_id: int, by: Viewer, now: datetime) -> None:
    """Bar a person of the reach from signing in; what they did stays."""
    accounts.disable_user(_get_governed(user_id, by).id, now, by.id)


def enable_person(user_id: int, by: Viewer, now: datetime) -> None:
    """Let a person of the reach sign in again."""
    accounts.enable_user(_get_governed(user_id, by).id, now, by.id)


def reset_factors(user_id: int, by: Viewer, now: datetime) -> None:
    """Take away the second factor that an administrator's person lost, after seeing them."""
    accounts.reset_factors(_get_governed(user_id, by).id, by.id, now)


def name_identity(user_id: int, identifier: str, by: Viewer, now: datetime) -> None:
    """Say by what name the organisation's own sign-in knows a person of the reach."""
    accounts.name_identity(_get_governed(user_id, by).id, identifier, by.id, now)


def _get_governed(user_id: int, by: Viewer) -> Account:
    person = queries.get_person(queries.scope_to_change(by), user_id)
    if not queries.may_govern(by, person.id, person.role):
        raise NotFound(_("没有这个人。"))
    return person


def _check_rights(database: Session, person: Account, details: Details, by: Viewer) -> None:
    """Raise NotFound for what `by` may not change about a person within their reach."""
    old = Details(person.name, person.phone, person.role, person.unit_id)
    changed = differences(old, details)
    if changed and not queries.may_govern(by, person.id, person.role):
        raise NotFound(_("没有这个人。"))
    if "role" in changed and (by.role != "admin" or not names.may_grant(by.role, details.role)):
        raise NotFound(_("没有这种权限。"))
    if "unit_id" in changed:
        check_place(database, by, details.unit_id)


def check_place(database: Session, by: Viewer, unit_id: int | None) -> None:
    """Raise NotFound unless `by` may put people into this unit, Invalid when it is closed.

    The unit is held until the end of the transaction, so that it cannot be closed meanwhile.
    """
    if not queries.reaches(queries.scope_to_change(by), unit_id):
        raise NotFound(_("没有这个单位。"))
    if unit_id is None:
        return
    held = select(Unit.closed_at).where(Unit.id == unit_id).with_for_update(read=True)
    if database.execute(held).one().closed_at is not None:
        raise Invalid(_("这个单位已经关闭。"), unit=_("这个单位已经关闭。"))


def change_details(
    database: Session, user_id: int, details: Details, by: Viewer, now: datetime
) -> dict[str, Any]:
    """Change name, phone, role and unit inside a transaction; return what to tell of it.

    Names and phone numbers are told without their values: the record outlives the person's data.
    """
    moved_from = queries.get_person(queries.scope_to_change(by), user_id).unit_id
    if moved_from != details.unit_id:
        note_stays(database, [user_id], details.unit_id, now)
    changed = accounts.amend_user(database, user_id, details)
    return {field: [] if field in ("name", "phone") else pair for field, pair in changed.items()}


def set_profile(
    database: Session, member_id: int, status: str, standing: str
) -> dict[str, list[Any]]:
    """Keep status and standing inside a transaction; return field → [old, new] of the changes."""
    row = database.get(ProfileRow, member_id)
    old = (row.status, row.standing) if row else (UNKNOWN, ACTIVE)
    if (status, standing) == old:
        return {}
    database.merge(ProfileRow(member_id=member_id, status=status, standing=standing))
    pairs = zip(("status", "standing"), old, (status, standing), strict=True)
    return {field: [before, after] for field, before, after in pairs if before != after}


def tell(
    database: Session, now: datetime, by: Viewer, action: str, user_id: int, changed: dict[str, Any]
) -> None:
    """Record what changed about a person; nothing when nothing did."""
    if changed:
        record(database, now, by.id, action, f"user:{user_id}", user_id, changed)

"""Every write about units, and inviting people into them within the inviter's own scope."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts import names
from app.accounts.invitation import Invited, Newcomer
from app.accounts.queries import Viewer
from app.base.db import transaction
from app.base.errors import Invalid, NotFound
from app.base.ids import new_id
from app.org import queries
from app.org.models import Unit

KINDS = ("党委", "党总支", "党支部", "党小组")


def add_unit(code: str, name: str, kind: str = "党支部", parent_id: int | None = None) -> int:
    """Add a unit below `parent_id` and return its id; raise Invalid for a taken code."""
    code, name = names.fold(code), names.fold(name)
    if not 1 <= len(code) <= 40 or not 1 <= len(name) <= 80 or kind not in KINDS:
        raise Invalid(_("请填写单位的代码（最多 40 字）、名称（最多 80 字）和类别。"))
    with transaction() as database:
        if database.scalar(select(Unit.id).where(Unit.code == code)):
            raise Invalid(_("这个单位代码已经有了。"), code=_("这个单位代码已经有了。"))
        parent = database.get(Unit, parent_id) if parent_id is not None else None
        if parent_id is not None and parent is None:
            raise NotFound(_("没有这个上级单位。"))
        unit = Unit(code=code, name=name, kind=kind, parent_id=parent_id, path=new_id())
        database.add(unit)
        database.flush()  # the id is part of the path
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
        return unit.id


def invite_person(
    name: str, phone: str | None, unit_id: int | None, role: str, by: Viewer, now: datetime
) -> Invited:
    """Add one person and return their link's token; raise Invalid when known or unclear."""
    newcomer = Newcomer(
        names.read_name(name), names.read_phone(phone), unit_id, names.read_role(role)
    )
    invited = invite_roster([newcomer], by, now)[0]
    if invited.token is None:
        raise Invalid(invited.refused or _("这个人已经在册。"))
    return invited


def invite_roster(newcomers: Sequence[Newcomer], by: Viewer, now: datetime) -> tuple[Invited, ...]:
    """Add everybody not yet known; raise NotFound if one lies outside the inviter's scope.

    Nobody grants a role above their own. Sending the same list again adds nobody.
    """
    scope = queries.scope_of(by)
    rank = names.ROLES.index(by.role)
    if any(names.ROLES.index(newcomer.role) > rank for newcomer in newcomers):
        raise NotFound(_("没有这种身份。"))
    for unit_id in {newcomer.unit_id for newcomer in newcomers}:
        if not queries.reaches(scope, unit_id):
            raise NotFound(_("没有这个单位。"))
    return accounts.invite_people(newcomers, by.id, now)


def renew_invite(user_id: int, by: Viewer, now: datetime) -> str:
    """Return a further link's token for a person of the scope (lost link, forgotten password)."""
    person = queries.get_person(queries.scope_of(by), user_id)
    if not queries.may_renew(by, person):
        raise NotFound(_("没有这个人。"))
    return accounts.renew_invite(user_id, by.id, now)

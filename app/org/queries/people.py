"""Reads of people next to their units: lists, one person, and who may do what to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select, true

from app.accounts import names
from app.accounts import queries as accounts
from app.base.db import db
from app.base.errors import NotFound
from app.org.models import ProfileRow
from app.org.models import Unit as UnitRow
from app.org.party import ACTIVE, EXEMPT, STANDINGS, UNKNOWN
from app.org.queries.units import Scope, below, reaches

people = accounts.listing.c
STATUS = func.coalesce(ProfileRow.status, UNKNOWN)
STANDING = func.coalesce(ProfileRow.standing, ACTIVE)
SOURCE = accounts.listing.outerjoin(UnitRow, UnitRow.id == people.unit_id).outerjoin(
    ProfileRow, ProfileRow.member_id == people.id
)


@dataclass(frozen=True)
class Person:
    """A person in a list: where they belong and whether they have come in."""

    id: int
    name: str
    phone: str | None
    role: str
    unit_id: int | None
    state: str  # "active", "invited" (no password yet) or "disabled"
    unit_name: str | None
    status: str
    standing: str


def list_people(
    unit_id: int | None,
    text: str = "",
    limit: int | None = None,
    offset: int = 0,
    status: str = "",
) -> tuple[Person, ...]:
    """Return the people of a unit and below (None: of everywhere), by unit and name.

    `text` is part of a name or a whole phone number, `status` one of party.STATUS_NAMES.
    """
    return list_where(_wanted(unit_id, text, status), limit=limit, offset=offset)


def count_people(unit_id: int | None, text: str = "", status: str = "") -> int:
    """Return how many people `list_people` would return without a limit."""
    found = select(func.count()).select_from(SOURCE).where(_wanted(unit_id, text, status))
    return db.session.scalar(found) or 0


def list_members(
    scope: Scope,
    statuses: Sequence[str] | None = None,
    standings: Sequence[str] | None = None,
) -> tuple[Person, ...]:
    """Return the people of a scope who are not disabled, by unit and name.

    Given statuses or standings leave out everybody else; None asks for none in particular.
    """
    inside = true() if scope.unit_id is None else below(scope.unit_id)
    conditions = [inside, people.state != "disabled"]
    if statuses is not None:
        conditions.append(STATUS.in_(statuses))
    if standings is not None:
        conditions.append(STANDING.in_(standings))
    return list_where(*conditions)


def list_names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Return user id → name, of the disabled too."""
    wanted = select(people.id, people.name).where(people.id.in_(set(user_ids)))
    return {row.id: row.name for row in db.session.execute(wanted)}


def list_persons(user_ids: Iterable[int]) -> dict[int, Person]:
    """Return user id → person, the disabled too, whatever their unit."""
    return {person.id: person for person in list_where(people.id.in_(set(user_ids)))}


def select_people_ids(unit_id: int) -> Select[Any]:
    """Return a selection of the ids of all people of a unit and below, to be used in another."""
    units = select(UnitRow.id).where(below(unit_id))
    return select(people.id).where(people.unit_id.in_(units))


def select_obliged_ids(unit_id: int) -> Select[Any]:
    """Return a selection of the ids of those of a unit and below of whom things are asked.

    The exempt and the disabled are not among them.
    """
    inside = people.unit_id.in_(select(UnitRow.id).where(below(unit_id)))
    found = select(people.id).select_from(SOURCE)
    return found.where(inside, people.state != "disabled", STANDING != EXEMPT)


def select_scope_ids(scope: Scope) -> Select[Any]:
    """Return a selection of the ids of all people of a scope."""
    return select(people.id) if scope.unit_id is None else select_people_ids(scope.unit_id)


def only_obliged(query: Any, member: Any, unit_id: int) -> Any:
    """Return a selection with only the rows whose member things are asked of in a unit and below.

    It begins with the rows, which are fewer than people: the sum keeps SQLite, which does not know
    how many there are, from beginning with everybody of the unit.
    """
    inside = (people.unit_id + 0).in_(select(UnitRow.id).where(below(unit_id)))
    found = query.join(accounts.listing, people.id == member)
    found = found.outerjoin(ProfileRow, ProfileRow.member_id == member)
    return found.where(inside, people.state != "disabled", STANDING != EXEMPT)


def count_standings(unit_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return unit → standing → how many people of exactly that unit, who are not disabled.

    Nearly everybody is active, which no row need say: all are counted by an index, and only those
    whose standing is another are looked at one by one.
    """
    ids = set(unit_ids)
    found = {unit: {ACTIVE: count} for unit, count in accounts.count_able(ids).items()}
    query = select(people.unit_id, ProfileRow.standing, func.count()).select_from(ProfileRow)
    others = query.join(accounts.listing, people.id == ProfileRow.member_id).where(
        ProfileRow.standing.in_([one for one in STANDINGS if one != ACTIVE]),
        (people.unit_id + 0).in_(ids),
        people.state != "disabled",
    )
    grouped = others.group_by(people.unit_id, ProfileRow.standing)
    for unit, standing, count in db.session.execute(grouped):
        found[unit][standing] = count
        found[unit][ACTIVE] -= count
    return {unit: {s: n for s, n in counts.items() if n} for unit, counts in found.items()}


def count_obliged(unit_id: int) -> int:
    """Return how many people of a unit and below things are asked of."""
    inside = db.session.scalars(select(UnitRow.id).where(below(unit_id)))
    counts = count_standings(inside).values()
    return sum(n for by in counts for standing, n in by.items() if standing != EXEMPT)


def get_person(scope: Scope, user_id: int) -> accounts.Account:
    """Return a person of the scope; raise NotFound when there is none or they are elsewhere."""
    person = accounts.get_user(user_id)
    if not reaches(scope, person.unit_id):
        raise NotFound(_("没有这个人。"))
    return person


def may_edit(viewer: accounts.Viewer) -> bool:
    """Say whether `viewer` may record status, standing and posts of people within their reach."""
    return viewer.role in ("trainer", "admin")


def may_govern(viewer: accounts.Viewer, user_id: int, role: str) -> bool:
    """Say whether `viewer` may change name, phone and unit of a person of theirs, or disable them.

    Trainers may not do it to those who have a role: it would change a peer's reach or sign-in.
    Nobody does it to themselves, so that an administrator cannot lock themselves out.
    """
    if user_id == viewer.id:
        return False
    return viewer.role == "admin" or (viewer.role == "trainer" and role == "member")


def may_renew(viewer: accounts.Viewer, person: accounts.Account) -> bool:
    """Say whether `viewer` may hand out a link that sets this person's password anew.

    Whoever holds the link becomes that person: trainers may not do it for their peers who have
    come in already, nor for anybody whose role they could not have granted.
    """
    if person.disabled or person.id == viewer.id or not may_edit(viewer):
        return False
    if not names.may_grant(viewer.role, person.role):
        return False
    return viewer.role == "admin" or person.role == "member" or not person.has_password


def list_where(
    *conditions: ColumnElement[bool], limit: int | None = None, offset: int = 0
) -> tuple[Person, ...]:
    """Return the people who fulfil the conditions, by unit and name."""
    rows = db.session.execute(
        select(
            people.id,
            people.name,
            people.phone,
            people.role,
            people.unit_id,
            people.state,
            UnitRow.name.label("unit_name"),
            STATUS.label("status"),
            STANDING.label("standing"),
        )
        .select_from(SOURCE)
        .where(*conditions)
        .order_by(UnitRow.path, people.name, people.id)
        .limit(limit)
        .offset(offset)
    )
    return tuple(Person(**row._mapping) for row in rows)


def _wanted(unit_id: int | None, text: str, status: str) -> ColumnElement[bool]:
    inside = true() if unit_id is None else below(unit_id)
    if status:
        inside = inside & (status == STATUS)
    if not text:
        return inside
    return inside & or_(people.name.contains(text, autoescape=True), people.phone == text)

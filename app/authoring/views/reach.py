"""How far a keeper of questions reaches: their own unit and below, looking upwards as well."""

from flask_babel import gettext as _
from flask_login import current_user

from app.bank.queries import get_question
from app.base.errors import NotFound
from app.org import queries as org


def reach() -> frozenset[int]:
    """Return the units whose own questions the person may look at: theirs, below and above."""
    return frozenset(unit.id for unit in kept_units()) | org.units_of(current_user.id)


def kept_units() -> tuple[org.Unit, ...]:
    """Return the units whose drafts the person keeps: their scope, and what was merged into it."""
    own = org.list_units(org.scope_of(current_user))
    return (*own, *org.list_merged(unit.id for unit in own))


def reached(unit_id: int) -> org.Unit:
    """Return a unit of the person's own scope, or merged into it; anything else looks missing."""
    if not org.reaches(org.scope_of(current_user), org.find_successor(unit_id)):
        raise NotFound(_("没有这个单位。"))
    return org.get_unit(unit_id)


def check_own(question_id: str) -> None:
    """Refuse, as missing, what is not an own question of a unit in reach."""
    unit_id = get_question(question_id).unit_id
    if unit_id is None:
        raise NotFound(_("没有找到这道题。"))
    reached(unit_id)

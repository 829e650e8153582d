"""How a person stands on a day, as far as what is asked of them depends on it.

It is what `get_profile`, `units_of` and `list_merged` say, in three or four small reads, because
every visit of everybody asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.base.errors import NotFound
from app.base.sql import Statement
from app.org.party import ACTIVE, UNKNOWN
from app.org.queries.units import ids_on

_PERSON = Statement(
    """SELECT p.unit_id, u.path, r.status, r.standing FROM accounts_user p
    LEFT JOIN org_unit u ON u.id = p.unit_id
    LEFT JOIN org_profile r ON r.member_id = p.id WHERE p.id = :member"""
)
_POSTS = Statement(
    """SELECT post FROM org_post WHERE member_id = :member AND since <= :day
    AND (until IS NULL OR until > :day)"""
)
_MERGED = Statement("SELECT id, merged_into_id FROM org_unit WHERE merged_into_id IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Footing:
    """`own` are the person's unit and what was merged into it, `chain` those above as well."""

    own: frozenset[int]
    chain: frozenset[int]
    posts: frozenset[str]
    status: str
    standing: str


def find_footing(member_id: int, day: date) -> Footing:
    """Return how a person stands on `day`; raise NotFound for nobody."""
    row = _PERSON.one(member=member_id)
    if row is None:
        raise NotFound(_("没有这个人。"))
    unit_id, path, status, standing = row
    merged = [(one, into) for one, into in _MERGED.all()] if unit_id is not None else []
    return Footing(
        own=_with_merged([unit_id] if unit_id is not None else [], merged),
        chain=_with_merged(ids_on(path) if path else [], merged),
        posts=frozenset(post for (post,) in _POSTS.all(member=member_id, day=day)),
        status=status or UNKNOWN,
        standing=standing or ACTIVE,
    )


def _with_merged(units: Iterable[int], merged: list[tuple[int, int]]) -> frozenset[int]:
    """Return units with those merged into one of them, however often."""
    found = set(units)
    while more := {one for one, into in merged if into in found} - found:
        found |= more
    return frozenset(found)

"""Reads of duties from level to level: what was passed down, and how the units below stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.assign.models.duties import DutyRow
from app.assign.progress import Tally, tally
from app.assign.queries.duties import Duty, read_duties
from app.assign.queries.standing import load_standing, reaches
from app.org import queries as org


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit below and how the duties of it and all below it stand."""

    unit: org.Unit
    tally: Tally


def list_links_below(duty_id: int, scope: org.Scope, day: date) -> tuple[Duty, ...]:
    """Return what a duty was passed down to, however far below, as far as the scope reaches."""
    below = select(DutyRow.id).where(DutyRow.source_id == duty_id).cte(recursive=True)
    below = below.union_all(select(DutyRow.id).where(DutyRow.source_id == below.c.id))
    standing = load_standing()
    found = read_duties(DutyRow.id.in_(select(below.c.id)), day, standing)
    return tuple(duty for duty in found if reaches(standing, scope, duty.unit_id))


def list_branches(unit_id: int, day: date) -> tuple[tuple[Duty, ...], Tally, tuple[Branch, ...]]:
    """Return the duties of a unit itself, how all of its reach stand, and each unit below it.

    Items of plans count: they, too, lie on somebody.
    """
    standing = load_standing()
    inside = standing.seen_to_within(unit_id)
    found = read_duties(DutyRow.unit_id.in_(inside), day, standing)
    children = [unit for unit in org.list_units_below(unit_id) if unit.parent_id == unit_id]
    branches = tuple(
        Branch(child, count([d for d in found if standing.is_within(d.home_id, child.id)]))
        for child in children
    )
    own = tuple(duty for duty in found if duty.home_id == unit_id)
    return own, count(found), branches


def count(duties: Collection[Duty]) -> Tally:
    """Return how many duties stand how."""
    return tally((duty.progress, duty.owned) for duty in duties)

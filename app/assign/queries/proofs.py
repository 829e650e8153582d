"""What is on record in a unit that can show that a duty is done: gatherings and assignments."""

from datetime import date

from sqlalchemy import or_, select

from app.assign.models.assignments import AssignmentRow
from app.assign.models.hours import GatheringRow
from app.assign.proof import Proof
from app.assign.queries.hours import Gathering, list_gatherings
from app.assign.queries.standing import load_standing
from app.assign.standing import Standing
from app.base.db import db
from app.org import queries as org

MOST = 100


def list_proofs(
    home_id: int | None, day: date
) -> tuple[tuple[Gathering, ...], tuple[tuple[int, str], ...]]:
    """Return the gatherings of a unit's year, and its assignments (id, title), the latest first."""
    if home_id is None:
        return (), ()
    units = _askers(load_standing(), home_id)
    found = (
        select(AssignmentRow.id, AssignmentRow.title)
        .where(or_(AssignmentRow.unit_id.is_(None), AssignmentRow.unit_id.in_(units)))
        .where(AssignmentRow.withdrawn_at.is_(None))
        .order_by(AssignmentRow.id.desc())
        .limit(MOST)
    )
    gatherings = [one for one in list_gatherings(org.Scope(home_id), day.year) if not one.cancelled]
    assignments = tuple((row.id, row.title) for row in db.session.execute(found))
    return tuple(gatherings[:MOST]), assignments


def fits(proof: Proof, home_id: int | None, standing: Standing) -> bool:
    """Say whether what is named belongs to a unit: its own, from below, or asked from above."""
    if proof.is_none or home_id is None:
        return proof.is_none
    if proof.gathering_id is not None:
        gathering = db.session.get(GatheringRow, proof.gathering_id)
        there = standing.now(gathering.unit_id) if gathering else None
        if not standing.is_within(there, home_id):
            return False
    if proof.assignment_id is None:
        return True
    assignment = db.session.get(AssignmentRow, proof.assignment_id)
    if assignment is None or assignment.withdrawn_at is not None:
        return False
    return assignment.unit_id is None or assignment.unit_id in _askers(standing, home_id)


def _askers(standing: Standing, home_id: int) -> frozenset[int]:
    """Return the units whose assignments may concern a unit: those below and those above."""
    above = {unit for one in standing.chain(home_id) for unit in standing.taken_over(one)}
    return standing.seen_to_within(home_id) | above

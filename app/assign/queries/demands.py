"""What was asked of a unit: papers and goals, duties and plan items; asked, done, overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from app.assign.assignment import narrow
from app.assign.models import AssignmentRow, LoadRow
from app.assign.models.duties import DutyRow
from app.assign.progress import DONE, OPEN, WITHDRAWN, Tally
from app.assign.queries.assignments import Assignment, read_assignments
from app.assign.queries.audience import select_obliged
from app.assign.queries.standing import load_standing
from app.base.clock import epoch, study_day
from app.base.db import db
from app.org import queries as org
from app.quiz import queries as quiz
from app.quiz.paper import Paper

MOST = 30  # in one report, those that end last


@dataclass(frozen=True, slots=True)
class Demand:
    """A paper or a goal asked of `asked` people of a unit: `done` of them are; it ends at
    `closes_at` (epoch seconds), and `overdue` of them were not done by then."""

    title: str
    is_goal: bool
    closes_at: int
    asked: int
    done: int
    overdue: int


def list_demands(unit_id: int, since: int, now: datetime) -> list[Demand]:
    """Return what was asked of people of a unit and below and ends after `since`, the latest first.

    `since` is in epoch seconds. Nothing is asked of the exempt.
    """
    above = [unit.id for unit in org.chain_of(unit_id)]
    below = [unit.id for unit in org.list_units_below(unit_id)]
    units = {*above, *below}
    units |= {unit.id for unit in org.list_merged(units)}
    query = select(AssignmentRow).where(
        or_(AssignmentRow.unit_id.is_(None), AssignmentRow.unit_id.in_(units)),
        AssignmentRow.withdrawn_at.is_(None),
        AssignmentRow.closes_at > since,
    )
    order = AssignmentRow.closes_at.desc(), AssignmentRow.id.desc()
    found = read_assignments(query.order_by(*order).limit(MOST))
    papers = quiz.find_papers(a.terms.paper_id for a in found if a.terms.paper_id is not None)
    return list(_count(found, papers, org.Scope(unit_id), now))


def tally_due(unit_id: int, since: date, today: date) -> dict[bool, Tally]:
    """Return duties (False) and plan items (True) of a unit and below that fell due since a day
    or will: open, late and done. What was withdrawn does not count."""
    in_plan = case((DutyRow.plan_id.is_not(None), 1), else_=0)
    late = case((DutyRow.due_on < today, 1), else_=0)
    rows = db.session.execute(
        select(in_plan, DutyRow.state, late, func.count())
        .where(DutyRow.unit_id.in_(load_standing().seen_to_within(unit_id)))
        .where(DutyRow.state != WITHDRAWN, DutyRow.due_on >= since, DutyRow.starts_on <= today)
        .group_by(in_plan, DutyRow.state, late)
    )
    found: dict[bool, Tally] = {}
    for planned, state, is_late, count in rows:
        is_open = state == OPEN
        one = Tally(
            open=count if is_open and not is_late else 0,
            late=count if is_open and is_late else 0,
            done=count if state == DONE else 0,
        )
        found[bool(planned)] = found.get(bool(planned), Tally()) + one
    return found


def _count(
    found: list[Assignment], papers: dict[int, Paper], scope: org.Scope, now: datetime
) -> Iterator[Demand]:
    """Yield how each stands among the people of a scope; those that ask nobody there are left."""
    for one in found:
        paper = papers.get(one.terms.paper_id or 0)
        offered = quiz.standing_unit(paper.terms.unit_id) if paper else None
        meant = select_obliged(one.audience, one.unit_id, study_day(now), scope, offered)
        asked = _size(meant) if meant is not None else 0
        if meant is not None and asked and (paper or one.terms.goal):
            terms = narrow(one.terms, paper) if paper else one.terms
            done = _handed_in(one, meant) if paper else _reached(one, meant)
            over = epoch(now) >= terms.closes_at
            overdue = asked - done if over else 0
            yield Demand(terms.title, paper is None, terms.closes_at, asked, done, overdue)


def _size(meant: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(meant.subquery())) or 0


def _handed_in(one: Assignment, meant: Select[Any]) -> int:
    """Return how many handed the paper in, in an attempt begun since it was asked."""
    assert one.terms.paper_id is not None
    return quiz.count_handed_in(one.terms.paper_id, meant, one.terms.opens_at or 0)


def _reached(one: Assignment, meant: Select[Any]) -> int:
    """Return how many had reached the goal when it was last worked out for them."""
    assert one.terms.goal is not None
    query = select(func.count()).where(
        LoadRow.assignment_id == one.id,
        LoadRow.recall * 100 >= one.terms.goal.percent,
        LoadRow.member_id.in_(meant),
    )
    return db.session.scalar(query) or 0

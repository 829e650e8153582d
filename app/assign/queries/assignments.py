"""Assignments as they stand, and as trainers see them: their own, those from above."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select, true

from app.accounts.queries import Viewer
from app.assign.assignment import Terms
from app.assign.audience import Audience, decode
from app.assign.goal import decode as decode_goal
from app.assign.models import AssignmentRow, NamedRow
from app.assign.queries.audience import Meant, resolve_audience
from app.assign.queries.goals import GoalChapter, list_goal_chapters
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound
from app.org import queries as org
from app.quiz import queries as quiz
from app.quiz.paper import Paper
from app.quiz.window import has_ended

WHENS = ("now", "later", "past", "withdrawn")
MOST_PAPERS = 300  # that a form offers


@dataclass(frozen=True, slots=True)
class Assignment:
    """A paper or a goal asked of an audience by unit `unit_id` (None: by the whole site)."""

    id: int
    terms: Terms
    audience: Audience
    unit_id: int | None
    version: int
    withdrawn_at: int | None


@dataclass(frozen=True, slots=True)
class DeskAssignment:
    """An assignment with what the viewer may do: change it, or only watch their own people."""

    assignment: Assignment
    may_change: bool
    unit_name: str | None
    paper: Paper | None


def list_desk(
    viewer: Viewer, when: str, kind: str, text: str, now: datetime, limit: int, offset: int
) -> tuple[list[DeskAssignment], int]:
    """Return a page of the assignments a trainer deals with, the newest first, and how many.

    `when` is one of WHENS or "" for all, `kind` "paper", "goal" or "".
    """
    scope = org.scope_of(viewer)
    wanted = _on_desk(scope) & _at(when, epoch(now)) & _of(kind, text)
    total = db.session.scalar(select(func.count()).select_from(AssignmentRow).where(wanted)) or 0
    query = select(AssignmentRow).where(wanted).order_by(AssignmentRow.id.desc())
    found = read_assignments(query.limit(limit).offset(offset))
    return _with_papers(found, scope), total


def get_desk(viewer: Viewer, assignment_id: int) -> DeskAssignment:
    """Return an assignment of one's own units, or one from above; raise NotFound."""
    scope = org.scope_of(viewer)
    query = select(AssignmentRow).where(AssignmentRow.id == assignment_id, _on_desk(scope))
    found = _with_papers(read_assignments(query), scope)
    if not found:
        raise NotFound(_("没有这项布置。"))
    return found[0]


def get_own(viewer: Viewer, assignment_id: int) -> DeskAssignment:
    """Return an assignment that the viewer may change; raise NotFound."""
    org.scope_to_change(viewer)
    found = get_desk(viewer, assignment_id)
    if not found.may_change:
        raise NotFound(_("没有这项布置。"))
    return found


def list_assignable(viewer: Viewer, now: datetime) -> list[Paper]:
    """Return the papers a trainer can ask of people now, the newest first."""
    desk, _total = quiz.list_desk_papers(viewer, MOST_PAPERS, 0)
    return [
        one.paper
        for one in desk
        if one.paper.state == "published"
        and one.paper.terms.mode != "weekly"
        and not has_ended(one.paper.window, epoch(now))
    ]


def list_of_site(now: datetime, past: bool) -> list[DeskAssignment]:
    """Return what is asked anywhere on the site now or later; with `past` ever asked."""
    query = select(AssignmentRow).order_by(AssignmentRow.id)
    if not past:
        query = query.where(_at("now", epoch(now)) | _at("later", epoch(now)))
    return _with_papers(read_assignments(query), org.Scope(None))


def list_chapters_of(one: Assignment) -> tuple[GoalChapter, ...]:
    """Return the chapters of a goal; none for a paper."""
    return list_goal_chapters(one.terms.goal, one.unit_id) if one.terms.goal else ()


def resolve_for(one: Assignment, day: date, reader: org.Scope | None, paper: Paper | None) -> Meant:
    """Return whom an assignment meets on a day: of its audience those who may take the paper."""
    meant = resolve_audience(one.audience, one.unit_id, day, reader)
    if paper is None or paper.terms.unit_id is None:
        return meant
    inside = units_offered(paper)
    return Meant(
        tuple(person for person in meant.obliged if person.unit_id in inside),
        tuple(person for person in meant.exempt if person.unit_id in inside),
    )


def units_offered(paper: Paper) -> frozenset[int]:
    """Return the units whose people a paper is offered to; only for one that names a unit."""
    unit_id = quiz.standing_unit(paper.terms.unit_id)
    assert unit_id is not None
    return frozenset(unit.id for unit in org.list_units_below(unit_id))


def read_assignments(query: Select[AssignmentRow]) -> list[Assignment]:
    """Return the assignments of a selection, with the persons named in them."""
    rows = list(db.session.scalars(query))
    named: dict[int, list[int]] = {}
    wanted = select(NamedRow.assignment_id, NamedRow.member_id).where(
        NamedRow.assignment_id.in_([row.id for row in rows])
    )
    for assignment_id, member_id in db.session.execute(wanted.order_by(NamedRow.member_id)):
        named.setdefault(assignment_id, []).append(member_id)
    return [assignment_of(row, named.get(row.id, ())) for row in rows]


class Stored(NamedTuple):
    """The columns that `assignment_of` looks at, of a row that a written-out statement read."""

    id: int
    title: str
    closes_at: int
    paper_id: int | None
    goal: str | None
    opens_at: int | None
    attempts: int
    pass_percent: int
    remind_days: str
    audience: str
    unit_id: int | None
    version: int
    withdrawn_at: int | None


def assignment_of(row: AssignmentRow | Stored, named: Iterable[int]) -> Assignment:
    """Return the frozen view of a row."""
    kept = decode(row.audience)
    terms = Terms(
        title=row.title,
        closes_at=row.closes_at,
        paper_id=row.paper_id,
        goal=decode_goal(row.goal) if row.goal else None,
        opens_at=row.opens_at,
        attempts=row.attempts,
        pass_percent=row.pass_percent,
        remind_days=tuple(int(day) for day in row.remind_days.split(",") if day),
    )
    audience = Audience(kept.units, kept.below, kept.posts, kept.statuses, tuple(named))
    return Assignment(row.id, terms, audience, row.unit_id, row.version, row.withdrawn_at)


def list_live_of_paper(paper_id: int) -> list[Assignment]:
    """Return the assignments of a paper that are not withdrawn."""
    query = select(AssignmentRow).where(
        AssignmentRow.paper_id == paper_id, AssignmentRow.withdrawn_at.is_(None)
    )
    return read_assignments(query.order_by(AssignmentRow.id))


def find_by_form(form_id: str) -> int | None:
    """Return the assignment that a form made, if it has made one."""
    query = select(AssignmentRow.id).where(AssignmentRow.form_id == form_id)
    found: int | None = db.session.scalar(query)
    return found


def _with_papers(found: list[Assignment], scope: org.Scope) -> list[DeskAssignment]:
    """Return the assignments with their papers and what somebody of this scope may do."""
    papers = quiz.find_papers(a.terms.paper_id for a in found if a.terms.paper_id is not None)
    names = org.list_names(a.unit_id for a in found if a.unit_id is not None)
    return [
        DeskAssignment(
            one,
            org.reaches(scope, _standing(one.unit_id)),
            names.get(one.unit_id) if one.unit_id is not None else None,
            papers.get(one.terms.paper_id) if one.terms.paper_id is not None else None,
        )
        for one in found
    ]


def _standing(unit_id: int | None) -> int | None:
    """Return the unit that took over from the one that asked."""
    return None if unit_id is None else org.find_successor(unit_id)


def _on_desk(scope: org.Scope) -> ColumnElement[bool]:
    """Return the condition that an assignment comes from within the scope, or from above it."""
    if scope.unit_id is None:
        return true()
    units = {unit.id for unit in org.list_units_below(scope.unit_id)}
    units |= {unit.id for unit in org.chain_of(scope.unit_id)}
    units |= {unit.id for unit in org.list_merged(units)}
    return or_(AssignmentRow.unit_id.is_(None), AssignmentRow.unit_id.in_(units))


def _at(when: str, now: int) -> ColumnElement[bool]:
    """Return the condition of a time."""
    if when == "withdrawn":
        return AssignmentRow.withdrawn_at.is_not(None)
    live = AssignmentRow.withdrawn_at.is_(None)
    opened = func.coalesce(AssignmentRow.opens_at, 0) <= now
    if when == "now":
        return live & opened & (AssignmentRow.closes_at > now)
    if when == "later":
        return live & ~opened
    return live & (AssignmentRow.closes_at <= now) if when == "past" else true()


def _of(kind: str, text: str) -> ColumnElement[bool]:
    """Return the condition of a kind and of words in the title."""
    wanted: ColumnElement[bool] = true()
    if kind in ("paper", "goal"):
        is_paper = AssignmentRow.paper_id.is_not(None)
        wanted = is_paper if kind == "paper" else ~is_paper
    return wanted & AssignmentRow.title.contains(text, autoescape=True) if text else wanted

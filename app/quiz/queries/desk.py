"""Papers as trainers see them: their own and those from above, who has got how far."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, case, distinct, func, or_, select, true

from app.accounts.queries import Account, Viewer
from app.bank.queries import Question, get_question
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound
from app.org import queries as org
from app.quiz.models import AllowanceRow, AttemptRow, PaperRow, SlotRow
from app.quiz.paper import Correction, Paper
from app.quiz.queries.attempts import Attempt, Result, attempt_of, read_result
from app.quiz.queries.audience import standing_unit
from app.quiz.queries.papers import find_paper, is_offered, read_papers, select_papers
from app.quiz.window import has_ended


@dataclass(frozen=True, slots=True)
class DeskPaper:
    """A paper with what the viewer may do: change it, or only watch.

    `audience_id` is the unit whose people (with those below) the viewer sees; None means all.
    `is_above` says that it comes from a unit above theirs.
    """

    paper: Paper
    may_change: bool
    audience_id: int | None
    is_above: bool

    def shows_key(self, number: int | None, now: datetime) -> bool:
        """Say whether the viewer may see marked answers and keys of an attempt, or of all (None).

        Trainers of the paper may: they made it. Whoever only watches, from below or as an auditor,
        may be taking it themselves, or know who is: they see the key when everybody may.
        """
        window = self.paper.window if number is None else self.paper.window_of(number)
        return self.may_change or has_ended(window, epoch(now))


@dataclass(frozen=True, slots=True)
class Progress:
    """A person and their attempts at a paper, newest first; `extra_s` is their extra time."""

    person: org.Person
    attempts: tuple[Attempt, ...]
    extra_s: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How many people there are, how many have begun, handed in, and passed."""

    people: int
    started: int
    submitted: int
    passed: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked on a paper: how it went, and whether it can be marked anew."""

    question: Question
    newest: int
    attempts: int
    right: int
    correction: Correction | None


def list_desk_papers(viewer: Viewer, limit: int, offset: int) -> tuple[list[DeskPaper], int]:
    """Return a page of the papers a trainer deals with, the newest first, and how many."""
    scope = org.scope_of(viewer)
    wanted = _is_on_desk(viewer, scope)
    total = db.session.scalar(select(func.count()).select_from(PaperRow).where(wanted)) or 0
    query = select_papers().where(wanted).order_by(PaperRow.id.desc())
    papers = read_papers(db.session.execute(query.limit(limit).offset(offset)).all())
    return [_on_desk(viewer, paper, scope) for paper in papers], total


def get_desk_paper(viewer: Viewer, paper_id: int) -> DeskPaper:
    """Return a paper of one's own units, or a published one to watch; raise NotFound.

    An auditor watches those of their units, too: a draft is nobody's business but its trainers'.
    """
    scope = org.scope_of(viewer)
    paper = find_paper(paper_id)
    if paper is not None:
        found = _on_desk(viewer, paper, scope)
        watched = not found.is_above or _is_above(paper, scope)
        if found.may_change or (paper.state != "draft" and watched):
            return found
    raise NotFound(_("没有这份试卷。"))


def count_audience(desk: DeskPaper) -> int:
    """Return how many people the viewer sees on a paper."""
    return org.count_people(desk.audience_id)


def list_progress(desk: DeskPaper, limit: int, offset: int) -> list[Progress]:
    """Return a page of the people a paper is for, by unit and name."""
    people = org.list_people(desk.audience_id, limit=limit, offset=offset)
    ids = [person.id for person in people]
    mine = select(AttemptRow).where(
        AttemptRow.paper_id == desk.paper.id, AttemptRow.member_id.in_(ids)
    )
    attempts: dict[int, list[Attempt]] = {}
    for row in db.session.scalars(mine.order_by(AttemptRow.number.desc())):
        attempts.setdefault(row.member_id, []).append(attempt_of(row))
    given = select(AllowanceRow.member_id, AllowanceRow.extra_s).where(
        AllowanceRow.paper_id == desk.paper.id, AllowanceRow.member_id.in_(ids)
    )
    extra = {row.member_id: row.extra_s for row in db.session.execute(given)}
    return [Progress(p, tuple(attempts.get(p.id, ())), extra.get(p.id, 0)) for p in people]


def get_summary(desk: DeskPaper) -> Summary:
    """Return how far the people of a paper are; a person counts once, with their best attempt."""
    ids = {person.id for person in org.list_people(desk.audience_id)}
    reached = 100 * AttemptRow.score >= desk.paper.terms.pass_percent * AttemptRow.full
    query = (
        select(
            AttemptRow.member_id,
            func.max(case((AttemptRow.state != "open", 1), else_=0)),
            func.max(case((reached, 1), else_=0)),
        )
        .where(AttemptRow.paper_id == desk.paper.id)
        .group_by(AttemptRow.member_id)
    )
    rows = [row for row in db.session.execute(query) if row[0] in ids]
    return Summary(len(ids), len(rows), sum(r[1] for r in rows), sum(r[2] for r in rows))


def get_member_result(
    viewer: Viewer, paper_id: int, member_id: int, number: int, now: datetime
) -> tuple[DeskPaper, Account, Result]:
    """Return a paper, a person and their attempt for a trainer who reaches both; raise NotFound.

    Those who only watch see no key before the paper's end (`DeskPaper.shows_key`).
    """
    desk, scope = get_desk_paper(viewer, paper_id), org.scope_of(viewer)
    person = org.get_person(scope, member_id)
    row = db.session.get(AttemptRow, (member_id, paper_id, number))
    if row is None:
        raise NotFound(_("没有这次答卷。"))
    may_see = row.state != "open" and desk.shows_key(number, now)
    return desk, person, read_result(row, desk.paper, may_see)


def list_questions_asked(paper: Paper) -> list[Asked]:
    """Return the questions asked on a paper, in bank order, with how they were answered."""
    query = (
        select(
            SlotRow.question_id,
            func.max(SlotRow.revision),
            func.count(distinct(SlotRow.member_id)),
            func.sum(case((SlotRow.right.is_(True), 1), else_=0)),
        )
        .where(SlotRow.paper_id == paper.id)
        .group_by(SlotRow.question_id)
    )
    found = []
    for question_id, revision, attempts, right in db.session.execute(query):
        shown = get_question(question_id, revision)
        newest = get_question(question_id).revision
        correction = paper.corrections.get(question_id)
        found.append(Asked(shown, newest, attempts, int(right or 0), correction))
    return sorted(found, key=lambda asked: asked.question.position)


def _on_desk(viewer: Viewer, paper: Paper, scope: org.Scope) -> DeskPaper:
    """Return a paper with what somebody of this scope may do with it."""
    unit_id = standing_unit(paper.terms.unit_id)
    reached = org.reaches(scope, unit_id)
    may_change = reached and org.may_change(viewer)
    return DeskPaper(paper, may_change, unit_id if reached else scope.unit_id, not reached)


def _is_above(paper: Paper, scope: org.Scope) -> bool:
    """Say whether a paper comes from a unit above the scope's."""
    unit_id = standing_unit(paper.terms.unit_id)
    return unit_id is None or org.is_within(scope.unit_id, unit_id)


def _is_on_desk(viewer: Viewer, scope: org.Scope) -> ColumnElement[bool]:
    """Return the condition that a paper is the viewer's to change or to watch."""
    ready = true() if org.may_change(viewer) else PaperRow.state != "draft"
    if scope.unit_id is None:
        return PaperRow.id.is_not(None) & ready
    below = [unit.id for unit in org.list_units_below(scope.unit_id)]
    below += [unit.id for unit in org.list_merged(below)]
    return or_(PaperRow.unit_id.in_(below) & ready, is_offered(viewer))

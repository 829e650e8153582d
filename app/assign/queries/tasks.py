"""What is asked of a member: open and past, with how far they are and what is missing."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from app.assign.assignment import Terms, narrow
from app.assign.audience import Who, is_obliged
from app.assign.load import Load
from app.assign.models import AssignmentRow, LoadRow
from app.assign.queries.assignments import (
    Assignment,
    Stored,
    assignment_of,
    read_assignments,
)
from app.assign.queries.audience import describe_person, meets
from app.assign.queries.goals import GoalChapter, list_goal_chapters, list_own_loads
from app.assign.taking import Progress, progress_of
from app.base.clock import epoch, study_day
from app.base.db import db
from app.base.sql import Statement, once
from app.quiz import queries as quiz
from app.quiz.paper import Paper
from app.quiz.window import is_key_open

KEPT = 400 * 24 * 3600  # seconds that what is over stays on a member's list


@dataclass(frozen=True, slots=True)
class Task:
    """Something asked of one member; `terms` are narrowed by the paper's own window.

    Of a paper there are `paper` and `progress`, of a goal `load` (None: not worked out) and the
    `chapters`. Nothing is demanded of the exempt.
    """

    id: int
    terms: Terms
    paper: Paper | None
    progress: Progress | None
    load: Load | None
    chapters: tuple[GoalChapter, ...]
    exempt: bool
    over: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing more is asked."""
        if self.progress is not None:
            return self.progress.is_done
        goal = self.terms.goal
        return bool(self.load and goal and self.load.now * 100 >= goal.percent)


_STORED = Statement(
    f"""SELECT {", ".join(Stored._fields)} FROM assign_assignment
    WHERE withdrawn_at IS NULL AND closes_at > :since ORDER BY id"""
)
_NAMED = Statement("SELECT assignment_id FROM assign_named WHERE member_id = :member")
_OF_OPEN = "SELECT 1 FROM assign_assignment WHERE withdrawn_at IS NULL AND closes_at > :now"
TASKS = f"EXISTS ({_OF_OPEN})"  # what `has_tasks` says
_ANY = Statement(f"{_OF_OPEN} LIMIT 1")


def has_tasks(now: datetime) -> bool:
    """Say whether anything at all is asked of anybody now: one cheap read."""
    return _ANY.one(now=epoch(now)) is not None


def list_tasks(member_id: int, now: datetime, past: bool = False) -> list[Task]:
    """Return what is asked of a member now and later, the earliest end first.

    With `past` what is over follows, the latest first.
    """
    who, found = _find_own(member_id, now, epoch(now) - KEPT if past else epoch(now))
    papers = quiz.find_papers(a.terms.paper_id for a in found if a.terms.paper_id is not None)
    attempts = quiz.list_attempts_of_member(member_id, papers) if papers else {}
    loads = list_own_loads(member_id) if any(a.terms.goal for a in found) else {}
    tasks = []
    for one in found:
        paper = papers.get(one.terms.paper_id or 0)
        if one.terms.goal is not None:
            load = loads[one.id][1] if one.id in loads else None
            tasks.append(_goal_task(one, load, who, now))
        elif paper is not None and (
            paper.terms.unit_id is None or paper.terms.unit_id in who.chain
        ):
            tasks.append(_paper_task(one, paper, attempts.get(paper.id, []), who, now))
    return sorted(tasks, key=_place)


def list_own_goals(member_id: int, now: datetime) -> list[Assignment]:
    """Return the open goals asked of a member."""
    _who, found = _find_own(member_id, now, epoch(now))
    return [one for one in found if one.terms.goal is not None]


def list_open_goals(now: datetime) -> list[Assignment]:
    """Return the open goals of everybody."""
    return read_assignments(_select_open(now).where(AssignmentRow.goal.is_not(None)))


def find_goal(assignment_id: int) -> Assignment | None:
    """Return an assignment that is a goal and not withdrawn, or None."""
    query = select(AssignmentRow).where(
        AssignmentRow.id == assignment_id,
        AssignmentRow.goal.is_not(None),
        AssignmentRow.withdrawn_at.is_(None),
    )
    return next(iter(read_assignments(query)), None)


def list_refreshed(assignment_id: int, day: date) -> frozenset[int]:
    """Return the members for whom a goal was worked out on `day` or later."""
    query = select(LoadRow.member_id).where(
        LoadRow.assignment_id == assignment_id, LoadRow.day >= day
    )
    return frozenset(db.session.scalars(query))


def _select_open(now: datetime) -> Select[AssignmentRow]:
    """Return a selection of what is asked now or will be."""
    return select(AssignmentRow).where(
        AssignmentRow.withdrawn_at.is_(None), AssignmentRow.closes_at > epoch(now)
    )


def _find_own(member_id: int, now: datetime, since: int) -> tuple[Who, list[Assignment]]:
    """Return a person and what is asked of them that ends after epoch second `since`.

    Of the persons named there, these assignments know only this one. Asked once a snapshot.
    """
    day = study_day(now)
    return once(("asked of", member_id, day, since), lambda: _ask_own(member_id, day, since))


def _ask_own(member_id: int, day: date, since: int) -> tuple[Who, list[Assignment]]:
    """Ask for what `_find_own` returns."""
    who = describe_person(member_id, day)
    named = {assignment_id for (assignment_id,) in _NAMED.all(member=member_id)}
    rows = [Stored(*row) for row in _STORED.all(since=since)]
    found = [assignment_of(row, {member_id} if row.id in named else ()) for row in rows]
    return who, [one for one in found if meets(one.audience, one.unit_id, who)]


def _paper_task(
    one: Assignment, paper: Paper, attempts: list[quiz.Attempt], who: Who, now: datetime
) -> Task:
    """Return a paper asked of somebody with these attempts."""
    terms, moment = narrow(one.terms, paper), epoch(now)
    shown = frozenset(
        a.number
        for a in attempts
        if is_key_open(paper.terms.key_shown, a.state != "open", paper.window_of(a.number), moment)
    )
    progress = progress_of(terms, attempts, moment, shown)
    exempt, over = not is_obliged(who.standing), moment >= terms.closes_at
    return Task(one.id, terms, paper, progress, None, (), exempt, over)


def _goal_task(one: Assignment, load: Load | None, who: Who, now: datetime) -> Task:
    """Return a goal asked of somebody."""
    assert one.terms.goal is not None
    chapters = list_goal_chapters(one.terms.goal, one.unit_id)
    exempt, over = not is_obliged(who.standing), epoch(now) >= one.terms.closes_at
    return Task(one.id, one.terms, None, None, load, chapters, exempt, over)


def _place(task: Task) -> tuple[bool, int, int]:
    """Sort what is open by its end, then what is over, the latest first."""
    closes_at = task.terms.closes_at
    return task.over, -closes_at if task.over else closes_at, task.id

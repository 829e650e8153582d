"""How far people are with an assignment, as those see them who watch over it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.accounts.queries import Viewer
from app.assign.assignment import narrow
from app.assign.load import Load
from app.assign.queries.assignments import (
    Assignment,
    DeskAssignment,
    get_desk,
    list_of_site,
    resolve_for,
)
from app.assign.queries.audience import Meant
from app.assign.queries.goals import list_loads
from app.assign.taking import Progress, progress_of
from app.base.clock import epoch, study_day
from app.org import queries as org
from app.quiz import queries as quiz

GOAL_STATES = ("reached", "on_way", "out_of_reach", "unknown")


@dataclass(frozen=True, slots=True)
class Row:
    """One person and how far they are: with a paper, or with a goal (None: not worked out yet)."""

    person: org.Person
    progress: Progress | None
    load: Load | None
    state: str  # one of progress.STATES or of GOAL_STATES


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is how far, by unit and name; the exempt apart. `counts` are over all rows by state."""

    desk: DeskAssignment
    rows: tuple[Row, ...]
    exempt: tuple[org.Person, ...]
    counts: Mapping[str, int]
    passed: int
    late: int


def get_watch(viewer: Viewer, assignment_id: int, now: datetime) -> Watch:
    """Return how far everybody is whom an assignment meets and the viewer may see."""
    return _watch(get_desk(viewer, assignment_id), org.scope_of(viewer), now)


def list_watches(now: datetime, past: bool) -> list[Watch]:
    """Return how far everybody is with what the site asks now or later; with `past` ever asked."""
    return [_watch(desk, org.Scope(None), now) for desk in list_of_site(now, past)]


def _watch(desk: DeskAssignment, scope: org.Scope, now: datetime) -> Watch:
    """Return how far the people of a scope are."""
    meant = resolve_for(desk.assignment, study_day(now), scope, desk.paper)
    rows = _paper_rows(desk, meant, now) if desk.paper else _goal_rows(desk.assignment, meant)
    told = [row.progress for row in rows if row.progress]
    return Watch(
        desk,
        rows,
        meant.exempt,
        Counter(row.state for row in rows),
        sum(bool(progress.passed) for progress in told),
        sum(progress.late for progress in told),
    )


def _paper_rows(desk: DeskAssignment, meant: Meant, now: datetime) -> tuple[Row, ...]:
    """Return everybody's attempts as progress."""
    paper = desk.paper
    assert paper is not None
    terms = narrow(desk.assignment.terms, paper)
    attempts = quiz.list_attempts_of_paper(paper.id)
    rows = []
    for person in meant.obliged:
        progress = progress_of(terms, attempts.get(person.id, ()), epoch(now))
        rows.append(Row(person, progress, None, progress.state))
    return tuple(rows)


def _goal_rows(one: Assignment, meant: Meant) -> tuple[Row, ...]:
    """Return everybody's last load."""
    loads, goal = list_loads(one.id), one.terms.goal
    assert goal is not None
    found = ((person, loads.get(person.id)) for person in meant.obliged)
    return tuple(Row(person, None, load, state_of(load, goal.percent)) for person, load in found)


def state_of(load: Load | None, percent: int) -> str:
    """Return where somebody stands with a goal of so many percent."""
    if load is None:
        return "unknown"
    if load.now * 100 >= percent:
        return "reached"
    return "on_way" if load.reachable else "out_of_reach"

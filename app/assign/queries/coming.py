"""What is asked of everybody around a day, read for the reminders; what is due, for calendars."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import select

from app.assign.assignment import narrow
from app.assign.calendar import Event
from app.assign.coming import Asked
from app.assign.digest import AFTER, BEFORE, Kind
from app.assign.models import AssignmentRow
from app.assign.queries.assignments import Assignment, read_assignments, resolve_for
from app.assign.queries.duties import list_due_duties, list_own
from app.assign.queries.goals import list_loads
from app.assign.queries.reminders import find_owner, list_wishing_cards
from app.assign.queries.tasks import list_tasks
from app.assign.taking import progress_of
from app.base.clock import epoch, from_epoch, study_day
from app.base.db import db
from app.base.ids import digest
from app.org import queries as org
from app.quiz import queries as quiz
from app.quiz.paper import Paper
from app.study import queries as study


@dataclass(frozen=True, slots=True)
class Coming:
    """All that is asked, and how many questions are due for those who want to know."""

    asked: tuple[Asked, ...]
    cards: dict[int, int]


def list_coming(now: datetime) -> Coming:
    """Return what is to be told today to anybody, and what is due for those who want to know.

    Of what is over nobody is reminded who could not do it any more; duties stay until they are
    done.
    """
    cards = {m: study.get_today(m, now).due for m in sorted(list_wishing_cards())}
    return Coming((*_assignments(now), *_duties(study_day(now))), cards)


def list_people_ids(unit_id: int) -> frozenset[int]:
    """Return the ids of the people of a unit and of those below it."""
    return frozenset(db.session.scalars(org.select_people_ids(unit_id)))


def list_events(token: str, now: datetime) -> list[Event] | None:
    """Return what is due for the owner of a calendar's address; None for nobody's."""
    owner = find_owner(token)
    if owner is None:
        return None
    (member_id, made_at), site = owner, digest(f"calendar\0{current_app.config['SECRET_KEY']}")[:16]
    changed = from_epoch(made_at)
    events = [
        Event(f"assignment-{t.id}@{site}", t.terms.title, from_epoch(t.terms.closes_at), changed)
        for t in list_tasks(member_id, now)
        if not t.is_done and not t.exempt
    ]
    duties = [duty for duty in list_own(member_id, study_day(now)) if duty.is_open]
    return events + [Event(f"duty-{d.id}@{site}", d.title, d.due_on, changed) for d in duties]


def _assignments(now: datetime) -> Iterator[Asked]:
    """Yield the papers and goals that are to be told today, with those who have not done them."""
    today = study_day(now)
    query = select(AssignmentRow).where(
        AssignmentRow.withdrawn_at.is_(None), AssignmentRow.closes_at > epoch(now)
    )
    found = read_assignments(query.order_by(AssignmentRow.id))
    papers = quiz.find_papers(a.terms.paper_id for a in found if a.terms.paper_id is not None)
    for one in found:
        paper = papers.get(one.terms.paper_id or 0)
        terms = narrow(one.terms, paper) if paper else one.terms
        asked = Asked(
            kind="paper" if paper else "goal",
            ref=paper.id if paper else one.id,
            title=terms.title,
            due_on=study_day(from_epoch(terms.closes_at - 1)),  # its last second
            opens_on=study_day(from_epoch(terms.opens_at)) if terms.opens_at else None,
            asked=frozenset(),
            missing=frozenset(),
            before=terms.remind_days,
        )
        if terms.closes_at > epoch(now) and asked.is_told(today):
            yield _with_people(asked, one, paper, now)


def _with_people(asked: Asked, one: Assignment, paper: Paper | None, now: datetime) -> Asked:
    """Return the same with those of whom it is asked and those who have still to do it."""
    meant = resolve_for(one, study_day(now), None, paper).ids
    done = _done_paper(one, paper, meant, now) if paper else _done_goal(one)
    return replace(asked, asked=meant, missing=meant - done)


def _done_paper(
    one: Assignment, paper: Paper, meant: frozenset[int], now: datetime
) -> frozenset[int]:
    terms, attempts = narrow(one.terms, paper), quiz.list_attempts_of_paper(paper.id)
    return frozenset(
        member_id
        for member_id in meant
        if progress_of(terms, attempts.get(member_id, ()), epoch(now)).is_done
    )


def _done_goal(one: Assignment) -> frozenset[int]:
    percent = one.terms.goal.percent if one.terms.goal else 0
    loads = list_loads(one.id)
    return frozenset(m for m, load in loads.items() if load.now * 100 >= percent)


def _duties(today: date) -> Iterator[Asked]:
    """Yield the open duties and items of plans around today, with whoever answers for each."""
    since = today - timedelta(days=max(AFTER))
    until = today + timedelta(days=max(BEFORE) + 1)
    for plans in (False, True):
        for due in list_due_duties(since, until, today, plans=plans):
            who = frozenset[int]() if due.member_id is None else frozenset({due.member_id})
            kind: Kind = "item" if plans else "duty"
            yield Asked(
                kind, due.duty_id, due.title, due.due_on, None, who, who, of_unit=due.unit_id
            )

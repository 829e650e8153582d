"""Study goals and memories: what a goal takes of a member, worked out or as it was last stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.assign.goal import Goal, days_left
from app.assign.load import FIRST_PRIOR, Known, Load, chance_of_first, plan_load
from app.assign.models import LoadRow
from app.bank.queries import Chapter, Subject, list_chapters, list_subjects
from app.base.clock import from_epoch, study_day
from app.base.db import db
from app.base.sql import Statement, as_day
from app.quiz.queries import shelf_of
from app.study import queries as study

_OWN_LOADS = Statement(
    """SELECT assignment_id, day, recall, expected, new, due, answers, unseen, total, reachable
    FROM assign_load WHERE member_id = :member"""
)
SAMPLE = 40  # people whom a preview looks at


@dataclass(frozen=True, slots=True)
class GoalChapter:
    """A chapter to be known, with its subject in the title."""

    subject: str
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether a goal can be met: by somebody who knows nothing yet, and by people looked at."""

    newcomer: Load
    sampled: int
    reachable: int
    most: int

    @property
    def is_hopeless(self) -> bool:
        """Whether neither a newcomer nor anybody who was looked at can meet it."""
        return not self.newcomer.reachable and not self.reachable


def list_scopes(unit_id: int | None) -> list[tuple[Subject, list[Chapter]]]:
    """Return the subjects and chapters that a goal of a unit can be about."""
    units = shelf_of(unit_id)
    return [(subject, list_chapters(subject.id, units)) for subject in list_subjects(units)]


def list_goal_chapters(goal: Goal, unit_id: int | None) -> tuple[GoalChapter, ...]:
    """Return those of a goal's chapters that still have questions."""
    titles = {
        (subject.id, chapter.id): f"{subject.title} · {chapter.title}"
        for subject, chapters in list_scopes(unit_id)
        for chapter in chapters
    }
    return tuple(GoalChapter(*pair, titles[pair]) for pair in goal.chapters if pair in titles)


def work_out_load(member_id: int, goal: Goal, closes_at: int, now: datetime) -> Load | None:
    """Return what a goal takes of a member from today on; None when there is nothing to study.

    On the goal's day, and after it, nothing more can be done: what is remembered is what counts.
    """
    day, days = study_day(now), days_left(closes_at, now)
    ids = [
        question_id
        for subject, chapter in goal.chapters
        for question_id in study.list_practice_ids(member_id, subject, chapter)
    ]
    if not ids:
        return None
    remembered = study.list_remembered(member_id)
    known = [_known(remembered[i], day) for i in ids if i in remembered]
    most = study.get_settings(member_id).answers_per_day
    first = chance_of_first(*study.count_firsts(member_id))
    return plan_load(known, len(ids) - len(known), days, goal.percent / 100, most, first)


def look_ahead(
    goal: Goal, closes_at: int, unit_id: int | None, people: Sequence[int], now: datetime
) -> Outlook:
    """Return the outlook of a goal for people of a unit, of whom the first SAMPLE are looked at."""
    units = shelf_of(unit_id)
    chapters = {(s.id, c.id): c for s in list_subjects(units) for c in list_chapters(s.id, units)}
    held = study.list_held_back()
    wanted = [i for pair in goal.chapters for i in chapters[pair].question_ids if i not in held]
    most = study.Settings().answers_per_day
    days = max(1, days_left(closes_at, now))
    newcomer = plan_load([], max(1, len(wanted)), days, goal.percent / 100, most, FIRST_PRIOR)
    loads = [work_out_load(one, goal, closes_at, now) for one in people[:SAMPLE]]
    return Outlook(newcomer, len(loads), sum(bool(one and one.reachable) for one in loads), most)


def list_loads(assignment_id: int, member_ids: Iterable[int] | None = None) -> dict[int, Load]:
    """Return what a goal took of each member when it was last worked out."""
    query = select(LoadRow).where(LoadRow.assignment_id == assignment_id)
    if member_ids is not None:
        query = query.where(LoadRow.member_id.in_(set(member_ids)))
    return {row.member_id: load_of(row) for row in db.session.scalars(query)}


def list_own_loads(member_id: int) -> dict[int, tuple[date, Load]]:
    """Return (day, load) of each goal of a member, as last worked out."""
    rows = _OWN_LOADS.all(member=member_id)
    return {assignment_id: (as_day(day), _own_load(told)) for assignment_id, day, *told in rows}


def _own_load(told: list[Any]) -> Load:
    """Return the load of a row of _OWN_LOADS."""
    recall, expected, new, due, answers, unseen, total, reachable = told
    return Load(recall, expected, new, due, answers, unseen, total, bool(reachable))


def load_of(row: LoadRow) -> Load:
    """Return the frozen view of a row."""
    return Load(
        now=row.recall,
        then=row.expected,
        new=row.new,
        due=row.due,
        answers=row.answers,
        unseen=row.unseen,
        total=row.total,
        reachable=row.reachable,
    )


def _known(one: study.Remembered, day: date) -> Known:
    """Return a remembered question as the load sees it."""
    wait = (study_day(from_epoch(one.due_at)) - day).days
    ago = max(0, (day - one.last_day).days)
    return Known(one.stability, one.difficulty, ago, None if one.suspended else max(0, wait))

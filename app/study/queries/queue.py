"""What a member is to study next, today and on every other way in."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from app.base.clock import day_start, epoch, study_day
from app.base.db import db
from app.study.memory import LEARNING, RELEARNING
from app.study.models import CardRow, ReviewRow, SettingRow
from app.study.queries.selects import count_rows, select_askable, select_counted
from app.study.queries.shelf import get_shown, list_practice_ids

LEARN_AHEAD = 20 * 60  # seconds; with nothing else to do, a learning card may come this early
SECONDS_PER_QUESTION = 15  # until the member's own pace is known
ENOUGH_FOR_PACE = 20  # answers
WAYS = ("due", "chapter", "random", "wrong", "starred", "one")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a member wants to study; `subject` None means all."""

    new_per_day: int = 10
    answers_per_day: int = 100
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The state of a study day: questions due, new ones allowed, answers given, seconds left."""

    day: date
    due: int
    new: int
    done: int
    seconds: int
    next_due_at: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """How the member came to a question; `since` (epoch seconds) is when a free session began."""

    name: str = "due"
    subject: str = ""
    chapter: str = ""
    since: int = 0
    question: str = ""


def get_settings(member_id: int) -> Settings:
    """Return the member's settings, or the defaults."""
    row = db.session.get(SettingRow, member_id)
    return Settings(row.new_per_day, row.answers_per_day, row.subject) if row else Settings()


def get_today(member_id: int, now: datetime) -> Today:
    """Return what study day `now` asks of the member."""
    day, settings = study_day(now), get_settings(member_id)
    done = count_answers(member_id, day)
    room = max(0, settings.answers_per_day - done)
    end = epoch(day_start(day + timedelta(days=1)))
    due = min(room, count_rows(select_askable(member_id, day).where(CardRow.due_at < end)))
    new = min(room - due, len(_new_ids(member_id, day, settings)))
    soonest = db.session.scalar(
        select(func.min(CardRow.due_at)).where(
            CardRow.member_id == member_id, CardRow.suspended.is_(False), CardRow.due_at >= end
        )
    )
    return Today(day, due, new, done, (due + new) * _pace(member_id), soonest)


def count_answers(member_id: int, day: date) -> int:
    """Return how many answers the member gave on `day`, without those taken back."""
    return count_rows(
        select_counted(ReviewRow.answer_id, member_id=member_id).where(ReviewRow.day == day)
    )


def find_next(member_id: int, way: Way, now: datetime, seed: str) -> str | None:
    """Return the id of the question to ask next on this way in, or None when it is finished."""
    if way.name == "one":
        return get_shown(member_id, way.question).id
    if way.name == "due":
        return _next_due(member_id, now)
    ids = _pool(member_id, way)
    if way.name == "random":
        random.Random(seed).shuffle(ids)
    answered = _answered_since(member_id, way.since)
    return next((i for i in ids if i not in answered), None)


def count_way(member_id: int, way: Way) -> tuple[int, int]:
    """Return (answered, all) of a free session."""
    answered = _answered_since(member_id, way.since)
    ids = set(_pool(member_id, way)) | (answered if way.name in ("wrong", "starred") else set())
    return len(ids & answered), len(ids)


def list_marked_ids(member_id: int) -> list[str]:
    """Return the questions in the wrong-answer book or starred, in bank order."""
    marked = set(_pool(member_id, Way("wrong"))) | set(_pool(member_id, Way("starred")))
    return [i for i in list_practice_ids(member_id) if i in marked]


def _next_due(member_id: int, now: datetime) -> str | None:
    """Cards due now, oldest first; then new ones; then learning cards a little early."""
    day, settings = study_day(now), get_settings(member_id)
    if count_answers(member_id, day) >= settings.answers_per_day:
        return None
    queue = select_askable(member_id, day).order_by(CardRow.due_at, CardRow.question_id).limit(1)
    columns = queue.with_only_columns(CardRow.question_id)
    moment = epoch(now)
    found: str | None = db.session.scalar(columns.where(CardRow.due_at <= moment))
    if found:
        return found
    new = _new_ids(member_id, day, settings)
    if new:
        return new[0]
    ahead = columns.where(
        CardRow.due_at <= moment + LEARN_AHEAD, CardRow.state.in_((LEARNING, RELEARNING))
    )
    early: str | None = db.session.scalar(ahead)
    return early


def new_room(member_id: int, day: date, settings: Settings) -> int:
    """Return how many more new questions the member may meet on `day`."""
    met = count_rows(
        select(CardRow.question_id).where(CardRow.member_id == member_id, CardRow.first_day == day)
    )
    return max(0, settings.new_per_day - met)


def list_unmet_ids(member_id: int, day: date, settings: Settings, most: int) -> list[str]:
    """Return up to `most` questions that the member has not met, in bank order."""
    if not most:
        return []
    known = set(
        db.session.scalars(
            select(CardRow.question_id).where(
                CardRow.member_id == member_id,
                or_(CardRow.reps > 0, CardRow.suspended.is_(True), CardRow.buried_until > day),
            )
        )
    )
    offered = list_practice_ids(member_id, settings.subject)
    return [i for i in offered if i not in known][:most]


def _new_ids(member_id: int, day: date, settings: Settings) -> list[str]:
    """Return the new questions the member may meet today, in bank order."""
    return list_unmet_ids(member_id, day, settings, new_room(member_id, day, settings))


def _pool(member_id: int, way: Way) -> list[str]:
    """Return the questions a free way in leads through, in its order."""
    if way.name == "chapter":
        return list_practice_ids(member_id, way.subject or None, way.chapter or None)
    if way.name == "random":
        return list_practice_ids(member_id, get_settings(member_id).subject)
    mine = CardRow.starred.is_(True) if way.name == "starred" else CardRow.wrong_left > 0
    query = select(CardRow.question_id).where(CardRow.member_id == member_id, mine)
    active = set(list_practice_ids(member_id))
    ids = db.session.scalars(query.order_by(CardRow.last_at_ms, CardRow.question_id))
    return [i for i in ids if i in active]


def _answered_since(member_id: int, since: int) -> set[str]:
    """Return the questions answered since epoch second `since`."""
    query = select(CardRow.question_id).where(
        CardRow.member_id == member_id, CardRow.last_at_ms >= since * 1000
    )
    return set(db.session.scalars(query))


def _pace(member_id: int) -> int:
    """Return seconds per answer: the mean of the last hundred, within 5…60."""
    recent = (
        select(ReviewRow.elapsed_ms)
        .where(ReviewRow.member_id == member_id, ReviewRow.elapsed_ms > 0)
        .order_by(ReviewRow.day.desc())
        .limit(100)
        .subquery()
    )
    mean, known = db.session.execute(
        select(func.avg(recent.c.elapsed_ms), func.count()).select_from(recent)
    ).one()
    if known < ENOUGH_FOR_PACE:
        return SECONDS_PER_QUESTION
    return max(5, min(60, round(float(mean) / 1000)))

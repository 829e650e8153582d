"""What a member is to study next, today and on every other way in."""

import random
from datetime import date, datetime, timedelta
from itertools import filterfalse, islice

import msgspec
from sqlalchemy import select

from app.bank.queries import list_question_ids
from app.base.clock import day_start, epoch, study_day
from app.base.db import db
from app.base.sql import Statement, once
from app.study.memory import LEARNING, RELEARNING
from app.study.models import CardRow
from app.study.queries.selects import list_hidden
from app.study.queries.shelf import get_shown, list_held_back, list_practice_ids, shelf_of
from app.study.tally import FIRST

LEARN_AHEAD = 20 * 60  # seconds; with nothing else to do, a learning card may come this early
SECONDS_PER_QUESTION = 15  # until the member's own pace is known
ENOUGH_FOR_PACE = 20  # answers
WAYS = ("due", "chapter", "random", "wrong", "starred", "one")


# What every page of study asks, written out; the index on (member, day, …) answers what is asked of
# answers without touching them. Each card's first answer says so in its tally.
_SETTINGS = Statement(
    "SELECT new_per_day, answers_per_day, subject FROM study_setting WHERE member_id = :member"
)
GIVEN = f"""SELECT count(*) AS done, count(CASE WHEN (tally & {FIRST}) <> 0 THEN 1 END) AS met
    FROM study_review WHERE member_id = :member AND day = :day AND tally > 0"""
ASKABLE = """member_id = :member AND NOT suspended
    AND (buried_until IS NULL OR buried_until <= :day)"""
SOONEST = """SELECT due_at FROM study_card WHERE member_id = :member AND NOT suspended
    AND due_at >= :tomorrow ORDER BY due_at LIMIT 1"""
PACE = """SELECT count(*) AS number, sum(elapsed_ms) AS spent FROM (SELECT elapsed_ms
    FROM study_review WHERE member_id = :member AND elapsed_ms > 0
    ORDER BY day DESC, at_ms DESC LIMIT 100) AS newest"""
_DAY = Statement(
    f"""SELECT given.done, given.met, s.new_per_day, s.answers_per_day, s.subject
    FROM ({GIVEN}) AS given LEFT JOIN study_setting s ON s.member_id = :member"""
)
_DUE = Statement(
    f"""SELECT question_id, state FROM study_card WHERE {ASKABLE} AND due_at <= :until
    ORDER BY due_at, question_id"""
)
_COUNT_DUE = Statement(
    f"""SELECT count(*) FROM (SELECT 1 FROM study_card WHERE {ASKABLE} AND due_at <= :until
    LIMIT :most) AS due"""
)
_FIRST_DUE = Statement(_DUE.sql + " LIMIT :most")
_SOONEST = Statement(SOONEST)
_KNOWN = Statement(
    """SELECT group_concat(question_id, ' ') FROM study_card WHERE member_id = :member
    AND (reps > 0 OR suspended OR buried_until > :day)""",
    for_postgresql=("group_concat", "string_agg"),
)
_CARDS = Statement("SELECT count(*) FROM study_card WHERE member_id = :member")
_PACE = Statement(PACE)


class Settings(msgspec.Struct, frozen=True):
    """How a member wants to study; `subject` None means all."""

    new_per_day: int = 10
    answers_per_day: int = 100
    subject: str | None = None


class Today(msgspec.Struct, frozen=True):
    """The state of a study day: questions due, new ones allowed, answers given, seconds left."""

    day: date
    due: int
    new: int
    done: int
    seconds: int
    next_due_at: int | None


class Way(msgspec.Struct, frozen=True):
    """How the member came to a question; `since` (epoch seconds) is when a free session began."""

    name: str = "due"
    subject: str = ""
    chapter: str = ""
    since: int = 0
    question: str = ""


class Standing(msgspec.Struct, frozen=True):
    """How a study day stands: answers given, questions met for the first time, what is wanted."""

    done: int
    met: int
    settings: Settings

    @property
    def room(self) -> int:
        """How many more answers the day has room for."""
        return max(0, self.settings.answers_per_day - self.done)

    @property
    def new_room(self) -> int:
        """How many more new questions the member may meet."""
        return max(0, self.settings.new_per_day - self.met)


def get_settings(member_id: int) -> Settings:
    """Return the member's settings, or the defaults."""
    row = _SETTINGS.one(member=member_id)
    return Settings(*row) if row else Settings()


def get_today_in_parts(member_id: int, now: datetime) -> Today:
    """Return what `asking.get_today` returns, looked up one thing after the other."""
    day = study_day(now)
    due, new, done = _to_do(member_id, day)
    end = epoch(day_start(day + timedelta(days=1)))
    soonest = _SOONEST.value(member=member_id, tomorrow=end)
    pace = pace_of(*(_PACE.one(member=member_id) or (0, 0)))
    return Today(day, due, new, done, (due + new) * pace, soonest)


def get_progress_in_parts(member_id: int, now: datetime) -> tuple[int, int]:
    """Return (answers given, these and what is still to be answered) of study day `now`."""
    due, new, done = _to_do(member_id, study_day(now))
    return done, done + due + new


def get_standing(member_id: int, day: date) -> Standing:
    """Return how a member's study day stands; asked once a snapshot."""
    return once(("standing", member_id, day), lambda: _standing(member_id, day))


def _standing(member_id: int, day: date) -> Standing:
    """Ask how a study day stands."""
    row = _DAY.one(member=member_id, day=day)
    assert row is not None
    done, met, *wanted = row
    return Standing(done, met, Settings() if wanted[0] is None else Settings(*wanted))


def _count_due(member_id: int, day: date, most: int) -> int:
    """Return how many questions are due by the end of a study day, up to `most`."""
    end = epoch(day_start(day + timedelta(days=1)))
    hidden = list_hidden(member_id)
    if not hidden:
        return int(_COUNT_DUE.value(member=member_id, until=end - 1, day=day, most=most))
    rows = _FIRST_DUE.all(member=member_id, until=end - 1, day=day, most=most + len(hidden))
    return min(most, sum(question_id not in hidden for question_id, _state in rows))


def _to_do(member_id: int, day: date) -> tuple[int, int, int]:
    """Return (questions due, new ones allowed, answers given) of a study day."""
    standing = get_standing(member_id, day)
    due = _count_due(member_id, day, standing.room)
    new = min(standing.room - due, _count_new(member_id, day, standing))
    return due, new, standing.done


def _count_new(member_id: int, day: date, standing: Standing) -> int:
    """Return how many new questions the member may meet today.

    Most have far more before them than a day allows: then it is enough to count their cards.
    """
    most = standing.new_room
    if not most:
        return 0
    offered = list_question_ids(standing.settings.subject, None, shelf_of(member_id))
    cards, held = int(_CARDS.value(member=member_id)), list_held_back()
    if len(offered) - len(held) - cards >= most:
        return most
    return len(list_unmet_ids(member_id, day, standing.settings, most))


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
    day, moment = study_day(now), epoch(now)
    standing = get_standing(member_id, day)
    if not standing.room:
        return None
    hidden = list_hidden(member_id)
    for question_id, _state in _FIRST_DUE.all(
        member=member_id, until=moment, day=day, most=1 + len(hidden)
    ):
        if question_id not in hidden:
            return str(question_id)
    new = list_unmet_ids(member_id, day, standing.settings, min(1, standing.new_room))
    if new:
        return new[0]
    for question_id, state in _DUE.each(member=member_id, until=moment + LEARN_AHEAD, day=day):
        if state in (LEARNING, RELEARNING) and question_id not in hidden:
            return str(question_id)
    return None


def list_unmet_ids(member_id: int, day: date, settings: Settings, most: int) -> list[str]:
    """Return up to `most` questions that the member has not met, in bank order."""
    if not most:
        return []
    known = {*(_KNOWN.value(member=member_id, day=day) or "").split(), *list_held_back()}
    offered = list_question_ids(settings.subject, None, shelf_of(member_id))
    return list(islice(filterfalse(known.__contains__, offered), most))


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


def pace_of(number: int, spent: int) -> int:
    """Return seconds per answer of the last answers, within 5…60; `spent` in ms, in all."""
    if number < ENOUGH_FOR_PACE:
        return SECONDS_PER_QUESTION
    mean = int(spent) / int(number) / 1000
    return max(5, min(60, round(mean)))

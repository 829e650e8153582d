"""What a member is to study next, and how things stand; frozen views only."""

import json
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from app.bank.queries import Question, get_question, list_question_ids, list_retired_ids
from app.base.clock import day_start, epoch, study_day
from app.base.db import db
from app.base.errors import NotFound
from app.study.card import Card, Review, after_review, replay
from app.study.log import card_of, read_log
from app.study.memory import HARD, LEARNING, RATINGS, RELEARNING, REVIEW, retrievability
from app.study.models import CardRow, NoteRow, ReviewRow, SettingRow, VoidRow

LEARN_AHEAD = 20 * 60  # seconds; with nothing else to do, a learning card may come this early
SECONDS_PER_QUESTION = 15  # until the member's own pace is known
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


@dataclass(frozen=True, slots=True)
class Marks:
    """The member's own marks on a question, and the version of the card."""

    version: int = 0
    starred: bool = False
    suspended: bool = False
    leech: bool = False
    in_wrong_book: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A stored answer with what each rating would mean."""

    question: Question
    answer_id: str
    response: Any
    right: bool
    rating: int
    waits: dict[int, tuple[int, int]]  # rating → (state, wait): days in review, else seconds
    voided: bool


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
    due = min(room, _count(_askable(member_id, day).where(CardRow.due_at < end)))
    new = min(room - due, len(_new_ids(member_id, day, settings)))
    soonest = db.session.scalar(
        select(func.min(CardRow.due_at)).where(
            CardRow.member_id == member_id, CardRow.suspended.is_(False), CardRow.due_at >= end
        )
    )
    return Today(day, due, new, done, (due + new) * _pace(member_id), soonest)


def count_answers(member_id: int, day: date) -> int:
    """Return how many answers the member gave on `day`, without those taken back."""
    return _count(_counted(ReviewRow.answer_id, member_id=member_id).where(ReviewRow.day == day))


def find_next(member_id: int, way: Way, now: datetime, seed: str) -> str | None:
    """Return the id of the question to ask next on this way in, or None when it is finished."""
    if way.name == "one":
        return get_question(way.question).id
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


def get_marks(member_id: int, question_id: str) -> Marks:
    """Return the member's marks on a question."""
    row = db.session.get(CardRow, (member_id, question_id))
    note = db.session.get(NoteRow, (member_id, question_id))
    text = note.text if note else ""
    if row is None:
        return Marks(note=text)
    card = card_of(row)
    leech = card is not None and card.is_leech
    return Marks(row.version, row.starred, row.suspended, leech, row.wrong_left > 0, text)


def get_feedback(member_id: int, answer_id: str) -> Feedback:
    """Return a stored answer of the member with the interval each rating leads to."""
    row = db.session.get(ReviewRow, (member_id, answer_id))
    if row is None:
        raise NotFound("没有找到这次作答。")
    void = db.session.get(VoidRow, (member_id, answer_id))
    earlier = [
        r
        for r in read_log(db.session(), member_id, row.question_id)
        if (r.at_ms, r.answer_id) < (row.at_ms, row.answer_id)
    ]
    before = replay(earlier)
    review = Review(row.answer_id, row.at_ms, row.day, row.rating, row.right)
    return Feedback(
        question=get_question(row.question_id, row.revision),
        answer_id=answer_id,
        response=json.loads(row.response),
        right=row.right,
        rating=row.rating,
        waits=_waits(before, review),
        voided=void is not None,
    )


def find_last_answer(member_id: int, day: date) -> str | None:
    """Return the id of the member's last counted answer on `day`."""
    query = _counted(ReviewRow.answer_id, member_id=member_id).where(ReviewRow.day == day)
    return db.session.scalar(
        query.order_by(ReviewRow.at_ms.desc(), ReviewRow.answer_id.desc()).limit(1)
    )


def list_marked_ids(member_id: int) -> list[str]:
    """Return the questions in the wrong-answer book or starred, in bank order."""
    marked = set(_pool(member_id, Way("wrong"))) | set(_pool(member_id, Way("starred")))
    return [i for i in list_question_ids() if i in marked]


def list_histories(member_id: int) -> dict[str, tuple[Card, list[Review]]]:
    """Return every card of the member with its counted reviews, by question id."""
    logs: dict[str, list[Review]] = {}
    query = _counted(
        ReviewRow.question_id,
        ReviewRow.answer_id,
        ReviewRow.at_ms,
        ReviewRow.day,
        ReviewRow.rating,
        ReviewRow.right,
        member_id=member_id,
    ).order_by(ReviewRow.at_ms, ReviewRow.answer_id)
    for row in db.session.execute(query):
        review = Review(row.answer_id, row.at_ms, row.day, row.rating, row.right)
        logs.setdefault(row.question_id, []).append(review)
    cards = {row.question_id: card_of(row) for row in db.session.scalars(_cards(member_id))}
    return {i: (card, logs[i]) for i, card in cards.items() if card is not None and i in logs}


def list_knowledge(member_id: int, day: date) -> dict[str, float]:
    """Return the probability of recall on `day` for each question the member has answered."""
    cards = ((row.question_id, card_of(row)) for row in db.session.scalars(_cards(member_id)))
    return {i: retrievability(card.memory, day) for i, card in cards if card is not None}


def list_unasked(member_id: int) -> list[tuple[str, bool, bool]]:
    """Return (question id, suspended, leech) of the cards taken out or often forgotten."""
    rows = db.session.scalars(_cards(member_id))
    found = ((row, card_of(row)) for row in rows)
    return [
        (row.question_id, row.suspended, bool(card and card.is_leech))
        for row, card in found
        if row.suspended or (card and card.is_leech)
    ]


def count_by_day(member_id: int, since: date) -> dict[date, int]:
    """Return answers per study day from `since` on."""
    query = _counted(ReviewRow.day, func.count(), member_id=member_id)
    rows = db.session.execute(query.where(ReviewRow.day >= since).group_by(ReviewRow.day))
    return {day: count for day, count in rows}


def count_retention(member_id: int, since: date) -> tuple[int, int]:
    """Return (right, all) over answers to cards that were due in days when answered."""
    query = _counted(ReviewRow.right, func.count(), member_id=member_id).where(
        ReviewRow.before == REVIEW, ReviewRow.day >= since
    )
    counts = {bool(right): n for right, n in db.session.execute(query.group_by(ReviewRow.right))}
    return counts.get(True, 0), sum(counts.values())


def count_forecast(member_id: int, day: date, days: int = 30) -> list[int]:
    """Return how many cards fall due on each of the next `days` study days, overdue ones first."""
    counts = [0] * days
    for due in db.session.scalars(_askable(member_id, None).with_only_columns(CardRow.due_at)):
        offset = (study_day(datetime.fromtimestamp(due, day_start(day).tzinfo)) - day).days
        if offset < days:
            counts[max(0, offset)] += 1
    return counts


def _next_due(member_id: int, now: datetime) -> str | None:
    """Cards due now, oldest first; then new ones; then learning cards a little early."""
    day, settings = study_day(now), get_settings(member_id)
    if count_answers(member_id, day) >= settings.answers_per_day:
        return None
    queue = _askable(member_id, day).order_by(CardRow.due_at, CardRow.question_id).limit(1)
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


def _new_ids(member_id: int, day: date, settings: Settings) -> list[str]:
    """Return the new questions the member may meet today, in bank order."""
    met = _count(
        select(CardRow.question_id).where(
            CardRow.member_id == member_id, CardRow.first_day == day
        )
    )
    room = max(0, settings.new_per_day - met)
    if not room:
        return []
    known = set(
        db.session.scalars(
            select(CardRow.question_id).where(
                CardRow.member_id == member_id,
                or_(CardRow.reps > 0, CardRow.suspended.is_(True), CardRow.buried_until > day),
            )
        )
    )
    return [i for i in list_question_ids(settings.subject) if i not in known][:room]


def _pool(member_id: int, way: Way) -> list[str]:
    """Return the questions a free way in leads through, in its order."""
    if way.name == "chapter":
        return list(list_question_ids(way.subject or None, way.chapter or None))
    if way.name == "random":
        return list(list_question_ids(get_settings(member_id).subject))
    mine = CardRow.starred.is_(True) if way.name == "starred" else CardRow.wrong_left > 0
    query = select(CardRow.question_id).where(CardRow.member_id == member_id, mine)
    active = set(list_question_ids())
    ids = db.session.scalars(query.order_by(CardRow.last_at_ms, CardRow.question_id))
    return [i for i in ids if i in active]


def _answered_since(member_id: int, since: int) -> set[str]:
    """Return the questions answered since epoch second `since`."""
    query = select(CardRow.question_id).where(
        CardRow.member_id == member_id, CardRow.last_at_ms >= since * 1000
    )
    return set(db.session.scalars(query))


def _askable(member_id: int, day: date | None) -> Select[tuple[CardRow]]:
    """Return the member's cards that may be asked: not suspended, buried or retired."""
    query = select(CardRow).where(
        CardRow.member_id == member_id,
        CardRow.due_at.is_not(None),
        CardRow.suspended.is_(False),
    )
    if day is not None:
        query = query.where(or_(CardRow.buried_until.is_(None), CardRow.buried_until <= day))
    retired = list_retired_ids()
    return query.where(CardRow.question_id.not_in(retired)) if retired else query


def _cards(member_id: int) -> Select[tuple[CardRow]]:
    """Return the member's cards of questions that are still asked."""
    retired = list_retired_ids()
    query = select(CardRow).where(CardRow.member_id == member_id)
    return query.where(CardRow.question_id.not_in(retired)) if retired else query


def _counted(*columns: Any, member_id: int) -> Select[Any]:
    """Select columns of the member's reviews, leaving out what was taken back."""
    voided = and_(
        VoidRow.member_id == ReviewRow.member_id, VoidRow.answer_id == ReviewRow.answer_id
    )
    query = select(*columns).select_from(ReviewRow).outerjoin(VoidRow, voided)
    return query.where(ReviewRow.member_id == member_id, VoidRow.answer_id.is_(None))


def _count(query: Select[Any]) -> int:
    """Return the number of rows of a query."""
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _pace(member_id: int) -> int:
    """Return seconds per answer: the mean of the last hundred, within 5…60."""
    recent = (
        select(ReviewRow.elapsed_ms)
        .where(ReviewRow.member_id == member_id, ReviewRow.elapsed_ms > 0)
        .order_by(ReviewRow.day.desc())
        .limit(100)
        .subquery()
    )
    row: Row[Any] = db.session.execute(
        select(func.avg(recent.c.elapsed_ms), func.count()).select_from(recent)
    ).one()
    if row[1] < 20:
        return SECONDS_PER_QUESTION
    return max(5, min(60, round(float(row[0]) / 1000)))


def _waits(before: Card | None, review: Review) -> dict[int, tuple[int, int]]:
    """Return (state, wait) of the memory after each rating from Hard on."""
    waits = {}
    for rating in RATINGS:
        if rating >= HARD:
            card = after_review(before, Review("", review.at_ms, review.day, rating, True))
            waits[rating] = (card.memory.state, card.memory.wait)
    return waits

"""How things stand for a member: knowledge, days, retention, forecast."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.base.clock import from_epoch, study_day
from app.base.db import db
from app.study.log import VOID_OF_REVIEW, card_of
from app.study.memory import REVIEW, retrievability
from app.study.models import CardRow, ErasedRow, ReviewRow, VoidRow
from app.study.queries.selects import select_askable, select_cards, select_counted
from app.study.tally import SELF_RATED


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers to one question: of how many people, right ones, and those to the first asking.

    `self_rated` are answers that people judged themselves away from the site; they stand apart.
    """

    people: int
    answers: int
    right: int
    firsts: int
    first_right: int
    self_rated: int = 0


def list_knowledge(member_id: int, day: date) -> dict[str, float]:
    """Return the probability of recall on `day` for each question the member has answered."""
    cards = ((row.question_id, card_of(row)) for row in db.session.scalars(select_cards(member_id)))
    return {i: retrievability(card.memory, day) for i, card in cards if card is not None}


def count_by_day(member_id: int, since: date) -> dict[date, int]:
    """Return answers per study day from `since` on."""
    query = select_counted(ReviewRow.day, func.count(), member_id=member_id)
    rows = db.session.execute(query.where(ReviewRow.day >= since).group_by(ReviewRow.day))
    return {row[0]: row[1] for row in rows}


def count_retention(member_id: int, since: date) -> tuple[int, int]:
    """Return (right, all) over answers to cards that were due in days when answered."""
    query = select_counted(ReviewRow.right, func.count(), member_id=member_id).where(
        ReviewRow.before == REVIEW, ReviewRow.day >= since
    )
    counts = {bool(right): n for right, n in db.session.execute(query.group_by(ReviewRow.right))}
    return counts.get(True, 0), sum(counts.values())


def count_forecast(member_id: int, day: date, days: int = 30) -> list[int]:
    """Return how many cards fall due on each of the next `days` study days, overdue ones first."""
    counts = [0] * days
    waiting = select_askable(member_id, None).with_only_columns(CardRow.due_at)
    for due in db.session.scalars(waiting):
        offset = (study_day(from_epoch(due or 0)) - day).days
        if offset < days:
            counts[max(0, offset)] += 1
    return counts


def find_newest_moment() -> int | None:
    """Return the time of the newest answer of anybody in milliseconds since 1970, or None."""
    newest: int | None = db.session.scalar(select(func.max(ReviewRow.at_ms)))
    return newest


def tally_question(question_id: str) -> Tally:
    """Return how a question was answered by everybody, without answers taken back.

    Members who were erased are counted where enough of them are; simulated ones are left out, and
    what people judged themselves is only counted.
    """
    counted = (
        select(ReviewRow.member_id, ReviewRow.right, ReviewRow.before)
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(ReviewRow.question_id == question_id, VoidRow.answer_id.is_(None))
        .where(ReviewRow.way.not_in(("simulated", SELF_RATED)))
        .subquery()
    )
    right, first = counted.c.right.is_(True), counted.c.before == 0
    people, answers, hits, firsts, first_hits = db.session.execute(
        select(
            func.count(counted.c.member_id.distinct()),
            func.count(),
            func.count().filter(right),
            func.count().filter(first),
            func.count().filter(first, right),
        ).select_from(counted)
    ).one()
    gone = db.session.get(ErasedRow, question_id)
    if gone is not None:
        people, answers, hits = people + gone.people, answers + gone.answers, hits + gone.right
    return Tally(people, answers, hits, firsts, first_hits, _count_self_rated(question_id))


def _count_self_rated(question_id: str) -> int:
    """Return how many answers to a question people judged themselves."""
    query = select(func.count()).select_from(ReviewRow).outerjoin(VoidRow, VOID_OF_REVIEW)
    mine = query.where(ReviewRow.question_id == question_id, ReviewRow.way == SELF_RATED)
    return db.session.scalar(mine.where(VoidRow.answer_id.is_(None))) or 0


def list_erased_counts() -> dict[str, tuple[int, int, int]]:
    """Return (people, answers, right) of erased members by question, to be added to the living."""
    rows = db.session.scalars(select(ErasedRow))
    return {row.question_id: (row.people, row.answers, row.right) for row in rows}

"""Cards and answers as assessment reads them: many at once, with what it must know of each."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select

from app.base.db import db
from app.study.card import Review
from app.study.log import LOGGED, VOID_OF_REVIEW, as_review, card_of
from app.study.memory import Memory
from app.study.models import MemberChapterRow, ReviewRow, VoidRow
from app.study.queries.cards import PAPER
from app.study.queries.selects import select_cards
from app.study.tally import DELAYED, SELF_RATED

UNTIMED = ("simulated", SELF_RATED, PAPER)  # answers of papers are timed as a whole


class FirstAnswer(NamedTuple):
    """What a member answered when they met a question first; `response` is the JSON stored."""

    member_id: int
    question_id: str
    revision: int
    right: bool
    response: str


def list_first_answers(limit: int) -> list[FirstAnswer]:
    """Return the newest `limit` first answers of everybody that the site itself marked.

    Those of simulated members, those taken back and those rated by oneself are left out.
    """
    marked = ReviewRow.way.not_in(("simulated", SELF_RATED))
    query = (
        select(
            ReviewRow.member_id,
            ReviewRow.question_id,
            ReviewRow.revision,
            ReviewRow.right,
            ReviewRow.response,
        )
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(ReviewRow.before == 0, marked, VoidRow.answer_id.is_(None))
        .order_by(ReviewRow.at_ms.desc(), ReviewRow.answer_id)
        .limit(limit)
        .execution_options(yield_per=5000)
    )
    return list(map(FirstAnswer._make, db.session.execute(query)))


def list_memories(member_id: int) -> dict[str, Memory]:
    """Return what a member remembers of each question they met that is still asked."""
    cards = ((row.question_id, card_of(row)) for row in db.session.scalars(select_cards(member_id)))
    return {i: card.memory for i, card in cards if card is not None}


def count_logged(simulated: bool) -> int:
    """Return how many counted answers there are, of simulated members or of real ones."""
    query = select(func.count()).select_from(ReviewRow).outerjoin(VoidRow, VOID_OF_REVIEW)
    return db.session.scalar(query.where(VoidRow.answer_id.is_(None), _are(simulated))) or 0


class Log(NamedTuple):
    """The counted answers of a card by time, and the ids of those that people rated themselves."""

    member_id: int
    question_id: str
    reviews: list[Review]
    self_rated: frozenset[str]


def list_logs(simulated: bool, share: int = 1, turn: int = 0) -> Iterator[Log]:
    """Yield the log of every card.

    Of `share` parts of the members (by their number) only part `turn` is read.
    """
    query = (
        select(ReviewRow.member_id, ReviewRow.question_id, ReviewRow.way, *LOGGED)
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(VoidRow.answer_id.is_(None), _are(simulated))
        .order_by(ReviewRow.member_id, ReviewRow.question_id, ReviewRow.at_ms)
        .execution_options(yield_per=5000)
    )
    if share > 1:
        query = query.where(ReviewRow.member_id % share == turn)
    rows = db.session.execute(query)
    for key, own in groupby(rows, key=lambda row: (row.member_id, row.question_id)):
        answers = list(own)
        alone = frozenset(row.answer_id for row in answers if row.way == SELF_RATED)
        yield Log(*key, [as_review(row) for row in answers], alone)


def _are(simulated: bool) -> ColumnElement[bool]:
    """Return the condition that answers are simulated, or are not."""
    return (ReviewRow.way == "simulated").is_(simulated)


def list_member_recalls(
    members: Select[Any], least: int, most: float = 1.0
) -> list[tuple[int, int, int]]:
    """Return (member, asked, recalled) over answers a day or more after the one before, by member.

    Only of members (a selection of ids) with at least `least` such answers, of which at most the
    share `most` (0…1) was recalled; from the summaries.
    """
    row = MemberChapterRow
    asked, recalled = func.sum(row.delayed), func.sum(row.recalled)
    query = (
        select(row.member_id, asked, recalled)
        .where(row.member_id.in_(members))
        .group_by(row.member_id)
        .having(asked >= least, recalled <= most * asked)
        .order_by(row.member_id)
    )
    return [(member, int(n), int(k)) for member, n, k in db.session.execute(query)]


class UnitCount(NamedTuple):
    """How people of a unit recalled a question after a day or more."""

    unit_id: int
    question_id: str
    asked: int
    right: int
    people: int


def list_unit_counts(since: date) -> list[UnitCount]:
    """Return, by unit and question, the answers after a day or more since a study day."""
    query = (
        select(
            ReviewRow.unit_id,
            ReviewRow.question_id,
            func.count(),
            func.sum(case((ReviewRow.right, 1), else_=0)),
            func.count(ReviewRow.member_id.distinct()),
        )
        .where(ReviewRow.day >= since, ReviewRow.tally.op("&")(DELAYED) != 0)
        .group_by(ReviewRow.unit_id, ReviewRow.question_id)
    )
    return [UnitCount(u, q, n, int(k), p) for u, q, n, k, p in db.session.execute(query)]


def list_logs_as_of(member_id: int, until: date, moment_ms: int) -> dict[str, list[Review]]:
    """Return a member's counted answers by question as they stood at a moment (ms since 1970).

    Only answers of study days up to `until` that had arrived by then; what was taken back or
    rated anew later counts as it did before. What people judged themselves is left out, and so are
    answers of papers, which count by their marks and come into the log at no fixed moment.
    """
    voids = db.session.scalars(select(VoidRow).where(VoidRow.member_id == member_id)).all()
    gone = {void.answer_id for void in voids if void.at_ms <= moment_ms}
    copied = {void.replaced_by: void.at_ms for void in voids if void.replaced_by}
    query = (
        select(ReviewRow.question_id, ReviewRow.arrived_ms, *LOGGED)
        .where(ReviewRow.member_id == member_id, ReviewRow.day <= until)
        .where(ReviewRow.way.not_in((SELF_RATED, PAPER)))
        .order_by(ReviewRow.at_ms, ReviewRow.answer_id)
    )
    found: dict[str, list[Review]] = {}
    for row in db.session.execute(query):
        arrived = max(row.arrived_ms or row.at_ms, copied.get(row.answer_id, 0))
        if arrived <= moment_ms and row.answer_id not in gone:
            found.setdefault(row.question_id, []).append(as_review(row))
    return found


class Timed(NamedTuple):
    """How long an answer took and when it was given, in milliseconds; `first`: never met before."""

    member_id: int
    question_id: str
    elapsed_ms: int
    at_ms: int
    first: bool


def list_timed(since_ms: int, limit: int, members: Select[Any] | None = None) -> list[Timed]:
    """Return the newest `limit` counted answers since a moment, of some members if given.

    Simulated answers and those from elsewhere, which nobody timed here, are left out.
    """
    query = (
        select(
            ReviewRow.member_id,
            ReviewRow.question_id,
            ReviewRow.elapsed_ms,
            ReviewRow.at_ms,
            ReviewRow.before,
        )
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(ReviewRow.at_ms >= since_ms, VoidRow.answer_id.is_(None))
        .where(ReviewRow.way.not_in(UNTIMED))
        .order_by(ReviewRow.at_ms.desc(), ReviewRow.answer_id)
        .limit(limit)
    )
    if members is None:
        query = query.where(ReviewRow.before == 0)
    else:
        query = query.where(ReviewRow.member_id.in_(members))
    return [Timed(m, q, ms, at, not before) for m, q, ms, at, before in db.session.execute(query)]

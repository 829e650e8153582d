"""A member's cards and answers one by one: marks, feedback, histories."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from flask_babel import gettext as _
from sqlalchemy import select

from app.bank.queries import Question, get_question
from app.base.db import db
from app.base.errors import NotFound
from app.base.sql import Row, Statement, as_day
from app.study.card import LEECH_LAPSES, Card, Review, replay
from app.study.log import LOGGED, as_review, card_of
from app.study.memory import HARD, RATINGS, after_answer
from app.study.models import CardRow, ReviewRow, WaitingRow
from app.study.queries.selects import select_cards, select_counted
from app.study.queries.shelf import list_held_back
from app.study.tally import SELF_RATED, tally_log

PAPER = "paper"  # the way of answers given in papers, which cannot be taken back or rated

_MARKS = Statement(
    """SELECT c.version, c.starred, c.suspended, c.lapses, c.wrong_left, n.text
    FROM (SELECT 1) AS one
    LEFT JOIN study_card c ON c.member_id = :member AND c.question_id = :question
    LEFT JOIN study_note n ON n.member_id = :member AND n.question_id = :question"""
)
_ANSWER = Statement(
    """SELECT r.question_id, r.revision, r.response, v.at_ms, r.at_ms, r.day, r.rating, r."right",
    r.way FROM study_review r
    LEFT JOIN study_void v ON v.member_id = r.member_id AND v.answer_id = r.answer_id
    WHERE r.member_id = :member AND r.answer_id = :answer"""
)
_LOG = Statement(
    """SELECT answer_id, at_ms, day, rating, "right" FROM study_review
    WHERE member_id = :member AND question_id = :question AND tally > 0"""
)
LAST = f"""SELECT answer_id FROM study_review
    WHERE member_id = :member AND day = :day AND tally > 0
    AND way <> '{PAPER}' AND way <> '{SELF_RATED}' ORDER BY at_ms DESC, answer_id DESC LIMIT 1"""
_LAST = Statement(LAST)


class Marks(msgspec.Struct, frozen=True):
    """The member's own marks on a question, and the version of the card."""

    version: int = 0
    starred: bool = False
    suspended: bool = False
    leech: bool = False
    in_wrong_book: bool = False
    note: str = ""


class Feedback(msgspec.Struct, frozen=True):
    """A stored answer with what each rating would mean."""

    question: Question
    answer_id: str
    response: Any
    right: bool
    rating: int
    waits: dict[int, tuple[int, int]]  # rating → (state, wait): days in review, else seconds
    voided: bool


def get_marks(member_id: int, question_id: str) -> Marks:
    """Return the member's marks on a question."""
    row = _MARKS.one(member=member_id, question=question_id)
    assert row is not None
    return marks_of(row)


def marks_of(row: Sequence[Any]) -> Marks:
    """Return the marks of a row of (version, starred, suspended, lapses, wrong left, note)."""
    version, starred, suspended, lapses, wrong_left, text = row
    if version is None:
        return Marks(note=text or "")
    leech = lapses >= LEECH_LAPSES
    return Marks(version, bool(starred), bool(suspended), leech, wrong_left > 0, text or "")


def marks_after(
    version: int, starred: bool, suspended: bool, card: Card, note: str | None
) -> Marks:
    """Return what `get_marks` will once such a card is stored."""
    return Marks(version, starred, suspended, card.is_leech, card.wrong_left > 0, note or "")


def feedback_on(asked: Question, review: Review, response: Any, before: Card | None) -> Feedback:
    """Return what `get_feedback` will of an answer that is stored now, `before` being the card."""
    waits = waits_after(before, review) if review.right else {}
    told = review.answer_id, response, review.right, review.rating
    return Feedback(asked, *told, waits, voided=False)


def get_feedback(member_id: int, answer_id: str) -> Feedback:
    """Return a stored answer of the member with the interval each rating leads to."""
    row = _ANSWER.one(member=member_id, answer=answer_id)
    if row is None or row[0] in list_held_back() or row[-1] == SELF_RATED:
        raise NotFound(_("没有找到这次作答。"))  # what was made elsewhere has no answer to show
    question_id, revision, response, replaced, at_ms, day, rating, right, _way = row
    review = Review(answer_id, at_ms, as_day(day), rating, bool(right))
    return Feedback(
        question=get_question(question_id, revision),
        answer_id=answer_id,
        response=json.loads(response),
        right=review.right,
        rating=rating,
        waits=waits_after(_card_before(member_id, question_id, review), review) if right else {},
        voided=replaced is not None,
    )


def _card_before(member_id: int, question_id: str, review: Review) -> Card | None:
    """Return the card as it was before an answer."""
    log = (log_review(row) for row in _LOG.all(member=member_id, question=question_id))
    return replay(r for r in log if (r.at_ms, r.answer_id) < (review.at_ms, review.answer_id))


def log_review(row: Row) -> Review:
    """Return the pure review of a row of (answer id, time, day, rating, right)."""
    answer_id, at_ms, day, rating, right = row
    return Review(answer_id, at_ms, as_day(day), rating, bool(right))


def find_last_answer(member_id: int, day: date) -> str | None:
    """Return the id of the member's last counted answer on `day`, in papers and Anki aside."""
    found: str | None = _LAST.value(member=member_id, day=day)
    return found


def list_histories(member_id: int) -> dict[str, tuple[Card, list[Review]]]:
    """Return every card of the member, of retired questions too, with its counted reviews."""
    logs: dict[str, list[Review]] = {}
    query = select_counted(
        ReviewRow.question_id,
        ReviewRow.answer_id,
        ReviewRow.at_ms,
        ReviewRow.day,
        ReviewRow.rating,
        ReviewRow.right,
        member_id=member_id,
    ).order_by(ReviewRow.at_ms, ReviewRow.answer_id)
    for row in db.session.execute(query):
        logs.setdefault(row.question_id, []).append(as_review(row))
    rows = db.session.scalars(select(CardRow).where(CardRow.member_id == member_id))
    cards = {row.question_id: card_of(row) for row in rows}
    return {i: (card, logs[i]) for i, card in cards.items() if card is not None and i in logs}


def list_drifted(member_id: int) -> list[str]:
    """Return the questions whose card or tallies are not what replaying the member's log gives.

    That is how a lost or doubled answer, or a card changed by hand, shows.
    """
    logs: dict[str, list[Review]] = {}
    columns = (ReviewRow.question_id, *LOGGED)
    for row in db.session.execute(select_counted(*columns, member_id=member_id)):
        logs.setdefault(row.question_id, []).append(as_review(row))
    rows = db.session.scalars(select(CardRow).where(CardRow.member_id == member_id))
    cards = {row.question_id: card_of(row) for row in rows}
    wrong = {i for i in cards | logs if cards.get(i) != replay(logs.get(i, ()))}
    return sorted(wrong | _list_mistallied(member_id, logs.values()))


def _list_mistallied(member_id: int, logs: Iterable[list[Review]]) -> set[str]:
    """Return the questions of answers whose kept tally is not that of their card's log."""
    wanted = {i: tally for log in logs for i, tally in tally_log(log).items()}
    query = select(ReviewRow.question_id, ReviewRow.answer_id, ReviewRow.tally)
    kept = db.session.execute(query.where(ReviewRow.member_id == member_id))
    return {row.question_id for row in kept if row.tally != wanted.get(row.answer_id, 0)}


def list_unasked(member_id: int) -> list[tuple[str, bool, bool]]:
    """Return (question id, suspended, leech) of the cards taken out or often forgotten."""
    rows = db.session.scalars(select_cards(member_id))
    found = ((row, card_of(row)) for row in rows)
    return [
        (row.question_id, row.suspended, bool(card and card.is_leech))
        for row, card in found
        if row.suspended or (card and card.is_leech)
    ]


def list_waiting_members() -> list[int]:
    """Return the members of whom an answer waits for the end of a paper."""
    query = select(WaitingRow.member_id).distinct().order_by(WaitingRow.member_id)
    return list(db.session.scalars(query))


def waits_after(before: Card | None, review: Review) -> dict[int, tuple[int, int]]:
    """Return (state, wait) of the memory after each rating from Hard on.

    `before` is the card as it was.
    """
    memory, waits = before.memory if before else None, {}
    for rating in RATINGS:
        if rating >= HARD:
            then = after_answer(memory, rating, review.day)
            waits[rating] = (then.state, then.wait)
    return waits

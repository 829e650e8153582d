"""Answers: recorded exactly once, rated, taken back; each public function is one transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.queries import get_user
from app.bank.marking import mark
from app.base.clock import study_day
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import is_id
from app.study.actions.summaries import Change, move_summaries
from app.study.actions.writing import (
    append_review,
    copy_review,
    milliseconds,
    rewrite_card,
    void_answer,
)
from app.study.card import Card, Review, after_review
from app.study.log import card_of, columns_of
from app.study.memory import AGAIN, GOOD, RATINGS
from app.study.models import CardRow, ReviewRow, VoidRow
from app.study.queries.cards import PAPER
from app.study.queries.shelf import get_shown
from app.study.tally import tally_after


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it arrives; `response` is canonical, as `bank.kinds` reads it from a form."""

    answer_id: str
    question_id: str
    revision: int
    version: int
    response: Any
    elapsed_ms: int
    way: str


def answer_card(member_id: int, answer: Answer, now: datetime) -> bool:
    """Record `answer` exactly once and return whether it is right.

    Wrong counts as Again; right counts as Good until the member says how hard it was
    (`rate_answer`), so that closing the page loses nothing. A repeated answer id returns the
    stored result. Raises Stale when the card was answered elsewhere since the page was made.
    """
    if not is_id(answer.answer_id):
        raise Invalid(_("这一页不完整，请回到“今天”重新打开题目。"))
    question = get_shown(member_id, answer.question_id, answer.revision)
    right = mark(question, answer.response).right
    try:
        return _record(member_id, answer, right, now)
    except (IntegrityError, Stale):  # a delivery at the same instant may be stored by now
        return _record(member_id, answer, right, now)


def _record(member_id: int, answer: Answer, right: bool, now: datetime) -> bool:
    """Write an answer in one transaction, unless its id is known already."""
    with transaction() as session:
        stored = session.get(ReviewRow, (member_id, answer.answer_id))
        if stored is not None:
            return stored.right
        row = session.get(CardRow, (member_id, answer.question_id))
        _check_version(row, answer.version)
        review = Review(
            answer.answer_id,
            milliseconds(now),
            study_day(now),
            GOOD if right else AGAIN,
            right,
        )
        _append(session, member_id, answer, card_of(row), review)
        _write_card(session, member_id, answer.question_id, row, review)
    return right


def _append(
    session: Session, member_id: int, answer: Answer, card: Card | None, review: Review
) -> None:
    """Write an answer into the log, and into the summaries unless the log is replayed for it."""
    unit_id = get_user(member_id).unit_id or 0
    tally = 0 if _is_late(card, review) else tally_after(_last_day(card), review.day)
    append_review(
        session,
        member_id,
        answer.question_id,
        review,
        revision=answer.revision,
        before=card.memory.state if card else 0,
        response=answer.response,
        elapsed_ms=answer.elapsed_ms,
        way=answer.way,
        unit_id=unit_id,
        tally=tally,
    )
    place = answer.question_id, answer.revision
    change = Change(*place, unit_id, review.day, review.right, answer.way, 0, tally)
    move_summaries(session, member_id, [change])


def _is_late(card: Card | None, review: Review) -> bool:
    """Say whether the log must be replayed, because the clock has not gone forward."""
    return card is not None and review.at_ms <= card.last_at_ms


def _last_day(card: Card | None) -> date | None:
    """Return the study day of the card's last answer."""
    return card.memory.last_day if card else None


def rate_answer(member_id: int, answer_id: str, rating: int, new_id: str, now: datetime) -> None:
    """Say how hard a right answer was: the answer is replaced by itself with `rating` (2…4)."""
    if rating not in RATINGS[1:] or not is_id(new_id):
        raise Invalid(_("请在“困难、记得、轻松”里选一个。"))
    with transaction() as session:
        if session.get(ReviewRow, (member_id, new_id)) is not None:
            return
        old = _own_review(session, member_id, answer_id)
        _check_practice(old)
        if not old.right:
            raise Invalid(_("答错的题会很快再来，不用评难易。"))
        if session.get(VoidRow, (member_id, answer_id)) is not None:
            raise Stale(_("这次作答已经撤销或评过难易，以先前的为准。"))
        if old.rating == rating:
            return
        void_answer(session, member_id, answer_id, milliseconds(now), replaced_by=new_id)
        copy_review(session, old, new_id, rating)
        rewrite_card(session, member_id, old.question_id)


def undo_answer(member_id: int, answer_id: str, now: datetime) -> str:
    """Take back an answer of this study day and return its question id; a second time is harmless.

    An answer replaced by its rating is taken back through the replacement.
    """
    with transaction() as session:
        review = _own_review(session, member_id, answer_id)
        _check_practice(review)
        void = session.get(VoidRow, (member_id, answer_id))
        if void is not None and void.replaced_by:
            review = _own_review(session, member_id, void.replaced_by)
            void = session.get(VoidRow, (member_id, void.replaced_by))
        if void is None:
            if review.day != study_day(now):
                raise Stale(_("只能撤销今天的作答。"))
            void_answer(session, member_id, review.answer_id, milliseconds(now))
            rewrite_card(session, member_id, review.question_id)
        return review.question_id


def _check_practice(review: ReviewRow) -> None:
    """Refuse to change what was answered in a paper: it counts as it was marked there."""
    if review.way == PAPER:
        raise Invalid(_("这是试卷里的作答，按试卷的评分计入，不能在这里改。"))


def _check_version(row: CardRow | None, seen: int) -> None:
    """Refuse an answer to a card that has moved on since its page was made."""
    if (row.version if row else 0) != seen:
        raise Stale(_("这道题刚才已在别的页面答过，以先前那次为准。本次没有重复计入。"))


def _write_card(
    session: Session, member_id: int, question_id: str, row: CardRow | None, review: Review
) -> None:
    """Move the card on by one review, or replay its log when the clock has gone backwards."""
    card = card_of(row)
    if _is_late(card, review):
        rewrite_card(session, member_id, question_id)
        return
    values = columns_of(after_review(card, review))
    if row is None:
        session.execute(
            insert(CardRow).values(
                member_id=member_id, question_id=question_id, version=1, **values
            )
        )
        return
    moved = session.execute(
        update(CardRow)
        .where(
            CardRow.member_id == member_id,
            CardRow.question_id == question_id,
            CardRow.version == row.version,
        )
        .values(version=row.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        _check_version(None, -1)


def _own_review(session: Session, member_id: int, answer_id: str) -> ReviewRow:
    """Return the member's review, or raise NotFound."""
    review = session.get(ReviewRow, (member_id, answer_id))
    if review is None:
        raise NotFound(_("没有找到这次作答。"))
    return review

"""Answers: recorded exactly once, rated, taken back; each public function is one transaction."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.bank.marking import mark
from app.bank.queries import Question
from app.base.clock import study_day
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import is_id
from app.study.actions.recording import Answer, Answered, look_again, record_answer
from app.study.actions.writing import (
    copy_review,
    milliseconds,
    rewrite_card,
    void_answer,
)
from app.study.memory import RATINGS
from app.study.models import ReviewRow, VoidRow
from app.study.queries.answering import Before, look_before
from app.study.queries.cards import PAPER
from app.study.queries.shelf import get_shown


def answer_card(
    member_id: int, answer: Answer, now: datetime, known: tuple[Question, Before] | None = None
) -> Answered:
    """Record `answer` exactly once and return whether it is right, and what its page shows.

    `known` is what was read already: the question it answers, and what is stored.

    Wrong counts as Again; right counts as Good until the member says how hard it was
    (`rate_answer`), so that closing the page loses nothing. A repeated answer id returns the
    stored result. Raises Stale when the card was answered elsewhere since the page was made.
    """
    if not is_id(answer.answer_id):
        raise Invalid(_("这一页不完整，请回到“今天”重新打开题目。"))
    place = member_id, answer.answer_id, answer.question_id
    if known is None:
        shown = get_shown(member_id, answer.question_id, answer.revision)
        known = shown, look_before(*place)
    question, before = known
    right = mark(question, answer.response).right
    try:
        return record_answer(member_id, answer, question, right, before, now)
    except (IntegrityError, Stale):  # a delivery at the same instant may be stored by now
        look_again()
        return record_answer(member_id, answer, question, right, look_before(*place), now)


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
        copy_review(session, member_id, answer_id, new_id, rating)
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


def _own_review(session: Session, member_id: int, answer_id: str) -> ReviewRow:
    """Return the member's review, or raise NotFound."""
    review = session.get(ReviewRow, (member_id, answer_id))
    if review is None:
        raise NotFound(_("没有找到这次作答。"))
    return review

"""The way of an answer into the log, its card and the summaries, in statements written out.

Everything is read and worked out before the lock is taken; then the card is moved on only if
nobody has moved it meanwhile, so that the one writer of SQLite is held for four short writes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.bank.queries import Question
from app.base.clock import study_day
from app.base.db import Place, db, transaction, writing
from app.base.errors import Stale
from app.study.actions.summaries import Change, add_answer
from app.study.actions.writing import (
    ADD_CARD,
    MOVE_CARD,
    append_review,
    given_columns,
    milliseconds,
    rewrite_card,
)
from app.study.card import Card, Review, after_review
from app.study.log import columns_of
from app.study.memory import AGAIN, GOOD
from app.study.queries.answering import Before
from app.study.queries.cards import Feedback, Marks, feedback_on, marks_after
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


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether the stored answer is right; what its page shows, unless that is to be read again."""

    right: bool
    shown: tuple[Feedback, Marks] | None = None


def record_answer(
    member_id: int, answer: Answer, asked: Question, right: bool, before: Before, now: datetime
) -> Answered:
    """Write an answer to the question `asked` unless its id is known already.

    `before` is what is stored so far. Raises Stale when the card has moved on since the page was
    made, IntegrityError when the same answer is being stored by somebody else at this moment.
    """
    if before.right is not None:
        return Answered(before.right)
    if (before.version or 0) != answer.version:
        _refuse()
    card, day, at_ms = before.card, study_day(now), milliseconds(now)
    review = Review(answer.answer_id, at_ms, day, GOOD if right else AGAIN, right)
    if before.voided or (card is not None and at_ms <= card.last_at_ms):
        _record_late(member_id, answer, review, before.unit_id)
        return Answered(right)
    moved = after_review(card, review)
    tally = tally_after(card.memory.last_day if card else None, day)
    where = answer.question_id, answer.revision, before.unit_id
    change = Change(*where, day, right, answer.way, old=0, new=tally)
    told = {"before": card.memory.state if card else 0, "unit_id": before.unit_id, "tally": tally}
    with writing() as place:
        _append(place, member_id, answer, review, **told)
        _move_card(place, member_id, answer, before.version, moved)
        add_answer(place, member_id, change, (asked.subject, asked.chapter_id))
    marks = marks_after(answer.version + 1, before.starred, before.suspended, moved, before.note)
    return Answered(right, (feedback_on(asked, review, answer.response, card), marks))


def _move_card(
    place: Place, member_id: int, answer: Answer, version: int | None, card: Card
) -> None:
    """Write the card that was there in a version, or raise Stale when somebody was faster."""
    values = columns_of(card)
    key = {"member_id": member_id, "question_id": answer.question_id}
    if version is None:
        ADD_CARD.run(place, **key, **values, no=False)
    elif MOVE_CARD.run(place, **key, **values, version=version).rowcount != 1:
        _refuse()


def _record_late(member_id: int, answer: Answer, review: Review, unit_id: int) -> None:
    """Write an answer by replaying the log: the clock has not gone forward, or it is taken back."""
    with transaction() as session:
        _append(session, member_id, answer, review, before=0, unit_id=unit_id)
        rewrite_card(session, member_id, answer.question_id)


def _append(place: Place, member_id: int, answer: Answer, review: Review, **columns: int) -> None:
    """Append the answer to the log."""
    append_review(
        place,
        member_id,
        answer.question_id,
        review,
        revision=answer.revision,
        **given_columns(answer.response, answer.elapsed_ms),
        way=answer.way,
        **columns,
    )


def _refuse() -> None:
    """Say that the card was answered elsewhere since its page was made."""
    raise Stale(_("这道题刚才已在别的页面答过，以先前那次为准。本次没有重复计入。"))


def look_again() -> None:
    """Let the next read see what others have written since the last."""
    db.session.rollback()

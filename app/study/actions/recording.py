"""The way of an answer into the log, its card and the summaries, in statements written out.

Everything is read and worked out first; then the card is moved on only if nobody has moved it
meanwhile. PostgreSQL gets the four rows in one call. The one writer of SQLite is held for four
short writes, and on the short way for the reading before them as well (`reading_to_write`).
"""

from datetime import datetime
from typing import Any

import msgspec
from flask_babel import gettext as _

from app.bank.queries import Question
from app.base.clock import study_day
from app.base.db import db, transaction, writing
from app.base.errors import Stale
from app.base.sql import Together
from app.study.actions.summaries import ADD_MEMBER, ADD_UNIT, Change, sums_of
from app.study.actions.writing import (
    ADD_CARD,
    ADD_REVIEW,
    MOVE_CARD,
    append_review,
    given_columns,
    milliseconds,
    review_row,
    rewrite_card,
)
from app.study.card import Review, after_review
from app.study.log import columns_of
from app.study.memory import AGAIN, GOOD
from app.study.queries.answering import Before
from app.study.queries.cards import Feedback, Marks, feedback_on, marks_after
from app.study.tally import FIRST, tally_after

_FIRST_ANSWER = Together(ADD_REVIEW, ADD_CARD, ADD_MEMBER, ADD_UNIT)
_NEXT_ANSWER = Together(ADD_REVIEW, ADD_MEMBER, ADD_UNIT, moving=MOVE_CARD)


class Answer(msgspec.Struct, frozen=True):
    """An answer as it arrives; `response` is canonical, as `bank.kinds` reads it from a form."""

    answer_id: str
    question_id: str
    revision: int
    version: int
    response: Any
    elapsed_ms: int
    way: str


class Answered(msgspec.Struct, frozen=True):
    """Whether the stored answer is right; what its page shows, unless that is to be read again.

    `progress` is that of the day, where it was read before the answer was stored.
    """

    right: bool
    shown: tuple[Feedback, Marks] | None = None
    progress: tuple[int, int] | None = None


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
    row = {  # the last day of the card and of the chapter are both the day of this answer
        **review_row(member_id, answer.question_id, review, **_given(answer), **told),
        **columns_of(moved),
        **sums_of(change, (asked.subject, asked.chapter_id)),
    }
    with writing() as place:
        if before.version is None:
            _FIRST_ANSWER.run(place, **row)
        elif not _NEXT_ANSWER.run(place, **row, version=before.version):
            _refuse()
    marks = marks_after(answer.version + 1, before.starred, before.suspended, moved, before.note)
    shown = feedback_on(asked, review, answer.response, card), marks
    return Answered(right, shown, before.progress(member_id, now, moved, bool(tally & FIRST)))


def _record_late(member_id: int, answer: Answer, review: Review, unit_id: int) -> None:
    """Write an answer by replaying the log: the clock has not gone forward, or it is taken back."""
    told = {**_given(answer), "before": 0, "unit_id": unit_id}
    with transaction() as session:
        append_review(session, member_id, answer.question_id, review, **told)
        rewrite_card(session, member_id, answer.question_id)


def _given(answer: Answer) -> dict[str, Any]:
    """Return what the log keeps of an answer as it was given."""
    given = given_columns(answer.response, answer.elapsed_ms)
    return {"revision": answer.revision, "way": answer.way, **given}


def _refuse() -> None:
    """Say that the card was answered elsewhere since its page was made."""
    raise Stale(_("这道题刚才已在别的页面答过，以先前那次为准。本次没有重复计入。"))


def look_again() -> None:
    """Let the next read see what others have written since the last."""
    db.session.rollback()

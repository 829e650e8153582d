"""The way of an answer into the log, its card and the summaries, in statements written out.

Everything is read and worked out before the lock is taken; then the card is moved on only if
nobody has moved it meanwhile, so that the one writer of SQLite is held for four short writes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.base.clock import study_day
from app.base.db import Place, db, transaction, writing
from app.base.errors import Stale
from app.base.sql import Row, Statement
from app.study.actions.summaries import Change, add_answer
from app.study.actions.writing import (
    ADD_CARD,
    MOVE_CARD,
    READ_CARD,
    append_review,
    card_from,
    milliseconds,
    rewrite_card,
)
from app.study.card import Card, Review, after_review
from app.study.log import columns_of
from app.study.memory import AGAIN, GOOD
from app.study.tally import tally_after

_STORED = Statement(
    'SELECT "right" FROM study_review WHERE member_id = :member AND answer_id = :answer'
)
_UNIT = Statement("SELECT unit_id FROM accounts_user WHERE id = :member")


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


def record_answer(member_id: int, answer: Answer, right: bool, now: datetime) -> bool:
    """Write an answer unless its id is known already; return whether the stored one is right.

    Raises Stale when the card has moved on since the page was made, IntegrityError when the same
    answer is being stored by somebody else at this moment.
    """
    stored = _STORED.one(member=member_id, answer=answer.answer_id)
    if stored is not None:
        return bool(stored[0])
    row = READ_CARD.one(member=member_id, question=answer.question_id)
    if (row[0] if row else 0) != answer.version:
        _refuse()
    unit_id: int = _UNIT.value(member=member_id) or 0
    card = card_from(row)
    day, at_ms = study_day(now), milliseconds(now)
    review = Review(answer.answer_id, at_ms, day, GOOD if right else AGAIN, right)
    if card is not None and at_ms <= card.last_at_ms:
        _record_late(member_id, answer, review, unit_id)
        return right
    moved = after_review(card, review)
    tally = tally_after(card.memory.last_day if card else None, day)
    change = Change(answer.question_id, answer.revision, unit_id, day, right, answer.way, 0, tally)
    state = card.memory.state if card else 0
    with writing() as place:
        _append(place, member_id, answer, review, before=state, unit_id=unit_id, tally=tally)
        _move_card(place, member_id, answer, row, moved)
        add_answer(place, member_id, change)
    return right


def _move_card(place: Place, member_id: int, answer: Answer, row: Row | None, card: Card) -> None:
    """Write the card, or raise Stale when somebody was faster."""
    values = columns_of(card)
    key = {"member_id": member_id, "question_id": answer.question_id}
    if row is None:
        ADD_CARD.run(place, **key, **values, no=False)
    elif MOVE_CARD.run(place, **key, **values, version=row[0]).rowcount != 1:
        _refuse()


def _record_late(member_id: int, answer: Answer, review: Review, unit_id: int) -> None:
    """Write an answer when the clock has not gone forward since the last: replay the log."""
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
        response=answer.response,
        elapsed_ms=answer.elapsed_ms,
        way=answer.way,
        **columns,
    )


def _refuse() -> None:
    """Say that the card was answered elsewhere since its page was made."""
    raise Stale(_("这道题刚才已在别的页面答过，以先前那次为准。本次没有重复计入。"))


def look_again() -> None:
    """Let the next read see what others have written since the last."""
    db.session.rollback()

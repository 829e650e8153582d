"""Reviews that members made and rated elsewhere: joined to the log, each once, cards replayed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.bank.queries import get_questions
from app.base.db import transaction
from app.base.errors import Invalid
from app.org.queries import list_stays, unit_at
from app.study.actions.writing import (
    append_review,
    given_columns,
    lock_cards,
    milliseconds,
    rewrite_card,
)
from app.study.queries.outside import count_self_rated, list_stored
from app.study.tally import SELF_RATED
from app.study.union import Outside, Stored, list_new

MOST_SELF_RATED = 300_000  # of one member: forty years of twenty a day
MOST_OF_ONE = 3_000  # of one question: its card is replayed at each answer taken back


def merge_reviews(member_id: int, reviews: Sequence[Outside], now: datetime) -> int:
    """Join reviews made elsewhere to the member's log and return how many were new.

    Sending them again, in any company, adds nothing. Each card is then the replay of all its
    reviews by time. Send no more than some hundreds at once: nobody else can write meanwhile.
    """
    try:
        return _merge(member_id, reviews, now)
    except IntegrityError:  # another delivery of the same at the same instant: it is stored by now
        return _merge(member_id, reviews, now)


def _merge(member_id: int, reviews: Sequence[Outside], now: datetime) -> int:
    """Write what is new in one transaction."""
    questions = get_questions(sorted({review.question_id for review in reviews}))
    with transaction() as session:
        lock_cards(session, member_id, questions)
        known = (review for review in reviews if review.question_id in questions)
        stored = list_stored(member_id, questions)
        new = list_new(known, stored)
        _check_room(member_id, new, stored)
        stays = list_stays(member_id)
        for review in new:
            revision = questions[review.question_id].revision
            unit_id = unit_at(stays, review.at_ms // 1000) or 0
            _append(session, member_id, review, now, revision=revision, unit_id=unit_id)
        for question_id in sorted({review.question_id for review in new}):
            rewrite_card(session, member_id, question_id)
    return len(new)


def _check_room(
    member_id: int, new: Sequence[Outside], stored: Mapping[str, Sequence[Stored]]
) -> None:
    """Refuse more than anybody can have done."""
    counts = Counter(review.question_id for review in new)
    crowded = any(n + len(stored[question_id]) > MOST_OF_ONE for question_id, n in counts.items())
    if new and (crowded or count_self_rated(member_id) + len(new) > MOST_SELF_RATED):
        raise Invalid(_("自评的复习记录太多，没有全部收下。"))


def _append(
    session: Session, member_id: int, outside: Outside, now: datetime, **columns: int
) -> None:
    """Write one into the log; its way says that nobody but the member marked it."""
    append_review(
        session,
        member_id,
        outside.question_id,
        outside.review,
        before=0,
        **given_columns(None, outside.elapsed_ms),
        way=SELF_RATED,
        arrived_ms=milliseconds(now),
        **columns,
    )

"""The statements that writes of study share: into the log, and cards made again from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base.db import Place
from app.base.sql import Row, Statement, as_day
from app.study.actions.summaries import Change, move_summaries
from app.study.card import Review, replay_states
from app.study.log import MAX_ELAPSED_MS, columns_of
from app.study.models import CardRow, ReviewRow
from app.study.tally import tally_log

CARD_COLUMNS = tuple(columns_of(None))
ENCODE = msgspec.json.Encoder().encode
REVIEW = tuple(column.name for column in ReviewRow.__table__.columns)
FLAGS = {"right", "disputed"}  # go in as 0 and 1: SQLite's driver is slow with true and false
ONLINE = {
    "device": None,
    "arrived_ms": None,
    "claimed_ms": None,
    "disputed": 0,
    "unit_id": 0,
    "tally": 0,
}


def _quoted(names: Iterable[str]) -> str:
    """Return columns to be named in a statement; some of ours are words of SQL."""
    return ", ".join(f'"{name}"' for name in names)


def _marks(names: Iterable[str]) -> str:
    """Return the places of values in a statement."""
    return ", ".join(f":{name} = 1" if name in FLAGS else f":{name}" for name in names)


ADD_REVIEW = Statement(f"INSERT INTO study_review ({_quoted(REVIEW)}) VALUES ({_marks(REVIEW)})")
_GIVEN = {"answer_id", "rating", "tally"}
_COPY_REVIEW = Statement(
    f"""INSERT INTO study_review ({_quoted(REVIEW)})
    SELECT {", ".join(f":{c}" if c in _GIVEN else f'"{c}"' for c in REVIEW)}
    FROM study_review WHERE member_id = :member_id AND answer_id = :old_id"""
)
_ADD_VOID = Statement(
    """INSERT INTO study_void (member_id, answer_id, replaced_by, at_ms)
    VALUES (:member_id, :answer_id, :replaced_by, :at_ms)"""
)
_LOCK_CARD = Statement(
    "SELECT version FROM study_card WHERE member_id = :member_id AND question_id = :question_id",
    locking=True,
)
_READ_LOG = Statement(
    """SELECT r.answer_id, r.at_ms, r.day, r.rating, r."right", v.at_ms, r.before, r.tally,
    r.revision, r.unit_id, r.way FROM study_review r
    LEFT JOIN study_void v ON v.member_id = r.member_id AND v.answer_id = r.answer_id
    WHERE r.member_id = :member_id AND r.question_id = :question_id"""
)
_CORRECT = Statement(
    """UPDATE study_review SET before = :before, tally = :tally
    WHERE member_id = :member_id AND answer_id = :answer_id"""
)
ADD_CARD = Statement(
    f"""INSERT INTO study_card ({_quoted(CARD_COLUMNS)}, member_id, question_id,
    version, starred, suspended)
    VALUES ({_marks(CARD_COLUMNS)}, :member_id, :question_id, 1, false, false)"""
)
_MOVED = ", ".join(f"{c} = :{c}" for c in CARD_COLUMNS)
_MOVED_OVER = ", ".join(f"{c} = excluded.{c}" for c in CARD_COLUMNS)
MOVE_CARD = Statement(
    f"""UPDATE study_card SET version = version + 1, {_MOVED}
    WHERE member_id = :member_id AND question_id = :question_id AND version = :version"""
)
KEEP_CARD = Statement(  # whether it is there or not
    f"""{ADD_CARD.sql} ON CONFLICT (member_id, question_id) DO UPDATE
    SET version = study_card.version + 1, {_MOVED_OVER}"""
)


def append_review(
    place: Place, member_id: int, question_id: str, review: Review, **columns: Any
) -> None:
    """Append one row to the review log; `columns` are those of `given_columns` and more.

    Without a `tally` it adds nothing to the summaries yet: `rewrite_card` sees to that.
    """
    ADD_REVIEW.run(place, **review_row(member_id, question_id, review, **columns))


def review_row(member_id: int, question_id: str, review: Review, **columns: Any) -> dict[str, Any]:
    """Return the row of the log that `append_review` appends."""
    return {**ONLINE, **columns, **review_columns(member_id, question_id, review)}


def given_columns(response: Any, elapsed_ms: int) -> dict[str, Any]:
    """Return what the log keeps of a canonical response, and of the time it took."""
    told = ENCODE(response).decode()
    return {"response": told, "elapsed_ms": max(0, min(MAX_ELAPSED_MS, elapsed_ms))}


def review_columns(member_id: int, question_id: str, review: Review) -> dict[str, Any]:
    """Return the columns of the log that say whose review of what it is."""
    return {
        "member_id": member_id,
        "answer_id": review.answer_id,
        "question_id": question_id,
        "at_ms": review.at_ms,
        "day": review.day,
        "rating": review.rating,
        "right": int(review.right),
    }


def copy_review(session: Session, member_id: int, old_id: str, answer_id: str, rating: int) -> None:
    """Append an answer once more, under another id and with another rating."""
    _COPY_REVIEW.run(
        session, member_id=member_id, old_id=old_id, answer_id=answer_id, rating=rating, tally=0
    )


def void_answer(
    session: Session, member_id: int, answer_id: str, at_ms: int, replaced_by: str | None = None
) -> None:
    """Append the taking back of an answer, which need not have arrived yet."""
    key = {"member_id": member_id, "answer_id": answer_id}
    _ADD_VOID.run(session, **key, replaced_by=replaced_by, at_ms=at_ms)


def lock_cards(session: Session, member_id: int, question_ids: Iterable[str]) -> set[str]:
    """Keep others from writing these cards of the member; return which of them there are.

    Whoever reads the log to write a card anew must hold the card first: in PostgreSQL two
    transactions could otherwise each miss the other's answer. SQLite has one writer anyhow.
    """
    query = (
        select(CardRow.question_id)
        .where(CardRow.member_id == member_id, CardRow.question_id.in_(set(question_ids)))
        .order_by(CardRow.question_id)
        .with_for_update()
    )
    return set(session.scalars(query))


def rewrite_card(session: Session, member_id: int, question_id: str) -> None:
    """Make the card again from its log, what the log says of each answer, and the summaries."""
    move_summaries(session, member_id, remake_card(session, member_id, question_id))


def remake_card(place: Place, member_id: int, question_id: str) -> list[Change]:
    """Make the card again from its log; return what the summaries are still to be moved by."""
    key = {"member_id": member_id, "question_id": question_id}
    _LOCK_CARD.run(place, **key).fetchone()
    rows = _READ_LOG.run(place, **key).fetchall()
    log = [
        Review(answer_id, at_ms, as_day(day), rating, bool(right))
        for answer_id, at_ms, day, rating, right, void, *_more in rows
        if void is None
    ]
    card, states = replay_states(log)
    changes = _correct_log(place, member_id, question_id, rows, states, tally_log(log))
    KEEP_CARD.run(place, **key, **columns_of(card))
    return changes


def milliseconds(moment: datetime) -> int:
    """Return milliseconds since 1970-01-01 UTC, rounded down."""
    return int(moment.timestamp() * 1000)


def _correct_log(
    place: Place,
    member_id: int,
    question_id: str,
    rows: list[Row],
    states: dict[str, int],
    tallies: dict[str, int],
) -> list[Change]:
    """Write states before answers, and tallies, where they have changed; return the changes.

    Answers that are not in `states` have been taken back: they add nothing any more.
    """
    changes = []
    for answer_id, _at_ms, day, _rating, right, _void, *facts in rows:
        before, old, revision, unit_id, way = facts
        state, tally = states.get(answer_id, before), tallies.get(answer_id, 0)
        if (before, old) == (state, tally):
            continue
        where = question_id, revision, unit_id
        changes.append(Change(*where, as_day(day), bool(right), way, old=old, new=tally))
        key = {"member_id": member_id, "answer_id": answer_id}
        _CORRECT.run(place, **key, before=state, tally=tally)
    return changes

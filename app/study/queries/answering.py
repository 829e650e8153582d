"""All that an answer asks of what is stored, in one read; on the short way who answers as well."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.queries import (
    IS_GOOD,
    SIGNED_IN,
    VIEWER,
    Viewer,
    is_ordinary,
    owner_of,
    viewer_of,
)
from app.bank.queries import TOKEN, Question, find_loaded
from app.base.clock import epoch
from app.base.ids import digest
from app.base.sql import Row, Statement
from app.quiz.queries import RESERVES
from app.study.card import Card
from app.study.log import CARD, card_from

PERSON = 11  # columns of VIEWER
_BEFORE = f"""r."right", v.at_ms, u.unit_id, n.text, c.starred, c.suspended, {CARD}"""
_OF_MEMBER = """LEFT JOIN study_review r ON r.member_id = :member AND r.answer_id = :answer
    LEFT JOIN study_void v ON v.member_id = :member AND v.answer_id = :answer
    LEFT JOIN study_note n ON n.member_id = :member AND n.question_id = :question
    LEFT JOIN study_card c ON c.member_id = :member AND c.question_id = :question"""
BEFORE = Statement(
    f"SELECT {_BEFORE} FROM (SELECT 1) AS one LEFT JOIN accounts_user u ON u.id = :member"
    f" {_OF_MEMBER}"
)
_SIGNED_IN = Statement(
    f"SELECT {VIEWER}, {TOKEN}, {RESERVES}, {_BEFORE} FROM {SIGNED_IN} {_OF_MEMBER} WHERE {IS_GOOD}"
)


@dataclass(frozen=True, slots=True)
class Before:
    """What is stored when an answer arrives.

    `right` is what the very answer was stored with, `voided` whether it was taken back; `version`
    is None where the card has no row, `card` where the question was never answered.
    """

    right: bool | None
    voided: bool
    unit_id: int
    note: str
    starred: bool
    suspended: bool
    version: int | None
    card: Card | None


def look_before(member_id: int, answer_id: str, question_id: str) -> Before:
    """Return what is stored when a member's answer to a question arrives."""
    row = BEFORE.one(member=member_id, answer=answer_id, question=question_id)
    assert row is not None
    return _before(row)


def look_signed_in(
    token: str, answer_id: str, question_id: str, revision: int, now: datetime
) -> tuple[Viewer, Question, Before] | None:
    """Return who is signed in by `token`, the question as it is asked now, and what is stored.

    None when anything is to be looked at in parts: questions held back, retired, of a unit's own,
    of another revision; or when there is something to be seen to first.
    """
    owner = owner_of(token)
    if owner is None:
        return None
    key = {"member": owner, "answer": answer_id, "question": question_id}
    row = _SIGNED_IN.alone(hash=digest(token), now=epoch(now), **key)
    if row is None:
        return None
    viewer, bank = viewer_of(row[:PERSON], token, now), find_loaded(row[PERSON])
    if bank is None or row[PERSON + 1] or bank.owners or not is_ordinary(viewer, now):
        return None
    asked = bank.questions.get(question_id)
    if asked is None or asked.revision != revision or asked.status != "active":
        return None
    return viewer, asked, _before(row[PERSON + 2 :])


def _before(row: Row) -> Before:
    """Return what a row of _BEFORE says."""
    right, void, unit_id, note, starred, suspended, *card = row
    return Before(
        right=None if right is None else bool(right),
        voided=void is not None,
        unit_id=unit_id or 0,
        note=note or "",
        starred=bool(starred),
        suspended=bool(suspended),
        version=card[0],
        card=card_from(tuple(card)),
    )

"""All that an answer asks of what is stored, in one read; on the short way who answers as well."""

from datetime import datetime

import msgspec

from app.accounts.queries import (
    IS_GOOD,
    SIGNED_IN,
    VIEWER,
    Viewer,
    is_ordinary,
    owner_of,
    viewer_of,
)
from app.bank.queries import Question, find_loaded
from app.base.ids import digest
from app.base.sql import Row, Statement
from app.study.card import Card
from app.study.log import CARD, card_from
from app.study.queries.asking import (
    GIVEN_AND_WANTED,
    PERSON,
    STANDING,
    STANDING_OF_OTHERS,
    moments,
    progress_after,
)

_BEFORE = f"""r."right", v.at_ms, u.unit_id, n.text, c.starred, c.suspended, {CARD}"""
_LAID_ASIDE = "(c.suspended OR c.buried_until > :day)"
_OF_MEMBER = """LEFT JOIN study_review r ON r.member_id = :member AND r.answer_id = :answer
    LEFT JOIN study_void v ON v.member_id = :member AND v.answer_id = :answer
    LEFT JOIN study_note n ON n.member_id = :member AND n.question_id = :question
    LEFT JOIN study_card c ON c.member_id = :member AND c.question_id = :question"""
BEFORE = Statement(
    f"SELECT {_BEFORE} FROM (SELECT 1) AS one LEFT JOIN accounts_user u ON u.id = :member"
    f" {_OF_MEMBER}"
)
_SIGNED_IN = Statement(
    f"""SELECT {VIEWER}, {STANDING_OF_OTHERS}, {_LAID_ASIDE}, {_BEFORE}
    FROM {SIGNED_IN} {GIVEN_AND_WANTED} {_OF_MEMBER} WHERE {IS_GOOD}"""
)


class Before(msgspec.Struct, frozen=True):
    """What is stored when an answer arrives.

    `right` is what the very answer was stored with, `voided` whether it was taken back; `version`
    is None where the card has no row, `card` where the question was never answered. `day` is how
    the day stands but for this card and whether the card is laid aside, where that was read too.
    """

    right: bool | None
    voided: bool
    unit_id: int
    note: str
    starred: bool
    suspended: bool
    version: int | None
    card: Card | None
    day: tuple[Row, bool] | None = None

    def progress(
        self, member_id: int, now: datetime, card: Card, met: bool
    ) -> tuple[int, int] | None:
        """Return the day's progress once the answer is stored; None where the day was not read.

        `card` is what the card will be, `met` whether the question is met for the first time.
        """
        if self.day is None:
            return None
        others, aside = self.day
        again = None if aside else card.due_at
        return progress_after(others, member_id, now, met, self.version is None, again)


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
    key = {"answer": answer_id, "question": question_id, **moments(owner, now)}
    row = _SIGNED_IN.alone(hash=digest(token), **key)
    if row is None:
        return None
    at = key["now"]
    viewer, bank = viewer_of(row[:PERSON], token, at), find_loaded(row[PERSON])
    if bank is None or row[PERSON + 1] or bank.owners or not is_ordinary(viewer, at):
        return None
    asked = bank.questions.get(question_id)
    if asked is None or asked.revision != revision or asked.status != "active":
        return None
    others, (aside, *stored) = row[PERSON : PERSON + STANDING], row[PERSON + STANDING :]
    return viewer, asked, _before(tuple(stored), (others, bool(aside)))


def _before(row: Row, day: tuple[Row, bool] | None = None) -> Before:
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
        day=day,
    )

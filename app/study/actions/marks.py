"""A member's own marks on questions, notes, and how much they want to study."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.base.db import transaction
from app.base.errors import Invalid
from app.study.models import CardRow, NoteRow, SettingRow
from app.study.queries.shelf import get_shown

NOTE_LENGTH = 500


def star_card(member_id: int, question_id: str, starred: bool) -> None:
    """Put a question on the member's starred list, or take it off."""
    _change_card(member_id, question_id, starred=starred)


def suspend_card(member_id: int, question_id: str, suspended: bool) -> None:
    """Stop asking a question until the member takes it back."""
    _change_card(member_id, question_id, suspended=suspended)


def bury_card(member_id: int, question_id: str, today: date) -> None:
    """Leave a question out until the next study day."""
    _change_card(member_id, question_id, buried_until=today + timedelta(days=1))


def write_note(member_id: int, question_id: str, text: str) -> None:
    """Keep the member's note on a question; an empty text removes it."""
    get_shown(member_id, question_id)
    text = text.strip()
    if len(text) > NOTE_LENGTH:
        raise Invalid(_("笔记最多 %(n)s 个字。", n=NOTE_LENGTH))
    with transaction() as session:
        note = session.get(NoteRow, (member_id, question_id))
        if note is not None and text:
            note.text = text
        elif note is not None:
            session.delete(note)
        elif text:
            session.add(NoteRow(member_id=member_id, question_id=question_id, text=text))


def change_settings(
    member_id: int, new_per_day: int, answers_per_day: int, subject: str | None
) -> None:
    """Keep how the member wants to study; 0…200 new and 1…1000 answers a day."""
    with transaction() as session:
        row = session.get(SettingRow, member_id) or SettingRow(member_id=member_id)
        row.new_per_day = max(0, min(200, new_per_day))
        row.answers_per_day = max(1, min(1000, answers_per_day))
        row.subject = subject
        session.add(row)


def _change_card(member_id: int, question_id: str, **values: Any) -> None:
    """Set the member's marks on a card, making the card when it is not there yet."""
    get_shown(member_id, question_id)
    with transaction() as session:
        row = session.execute(
            select(CardRow).where(
                CardRow.member_id == member_id, CardRow.question_id == question_id
            )
        ).scalar_one_or_none()
        if row is None:
            row = CardRow(member_id=member_id, question_id=question_id)
            session.add(row)
        for name, value in values.items():
            setattr(row, name, value)

"""The selections that reads of study share; each leaves out what is not to be seen."""

from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from app.bank.queries import list_hidden_ids, list_retired_ids
from app.study.log import VOID_OF_REVIEW
from app.study.models import CardRow, ReviewRow, VoidRow
from app.study.queries.shelf import list_held_back, shelf_of


def select_askable(member_id: int, day: date | None) -> Select[CardRow]:
    """Return the member's cards that may be asked: not suspended, buried, retired or out of reach.

    Out of reach are a unit's own questions when the member has left the unit, and what a paper
    holds back.
    """
    query = select(CardRow).where(
        CardRow.member_id == member_id,
        CardRow.due_at.is_not(None),
        CardRow.suspended.is_(False),
    )
    if day is not None:
        query = query.where(or_(CardRow.buried_until.is_(None), CardRow.buried_until <= day))
    hidden = list_hidden(member_id)
    return query.where(CardRow.question_id.not_in(hidden)) if hidden else query


def list_hidden(member_id: int) -> frozenset[str]:
    """Return the questions the member has or may have cards of and is not asked."""
    hidden, held = list_hidden_ids(shelf_of(member_id)), list_held_back()
    return hidden | held if held else hidden


def select_cards(member_id: int) -> Select[CardRow]:
    """Return the member's cards of questions that are still asked."""
    retired = list_retired_ids()
    query = select(CardRow).where(CardRow.member_id == member_id)
    return query.where(CardRow.question_id.not_in(retired)) if retired else query


def select_counted(*columns: Any, member_id: int) -> Select[Any]:
    """Select columns of the member's reviews, leaving out what was taken back."""
    query = select(*columns).select_from(ReviewRow).outerjoin(VoidRow, VOID_OF_REVIEW)
    return query.where(ReviewRow.member_id == member_id, VoidRow.answer_id.is_(None))

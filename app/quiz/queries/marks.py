"""Marks as assessment reads them: many rows at once, never one person's page."""

from typing import NamedTuple

from sqlalchemy import select

from app.base.db import db
from app.quiz.models import AttemptRow, SlotRow


class GivenMark(NamedTuple):
    """A marked question of an attempt that was handed in; `response` is the JSON stored.

    `revision` is what was asked; `submitted_at` is in epoch seconds.
    """

    member_id: int
    number: int
    submitted_at: int
    question_id: str
    revision: int
    mark: float
    points: int
    response: str | None


def list_given_marks(paper_id: int) -> list[GivenMark]:
    """Return every marked question of a paper, of everybody who handed it in."""
    query = (
        select(
            SlotRow.member_id,
            SlotRow.number,
            AttemptRow.submitted_at,
            SlotRow.question_id,
            SlotRow.revision,
            SlotRow.mark,
            SlotRow.points,
            SlotRow.response,
        )
        .join(
            AttemptRow,
            (AttemptRow.member_id == SlotRow.member_id)
            & (AttemptRow.paper_id == SlotRow.paper_id)
            & (AttemptRow.number == SlotRow.number),
        )
        .where(SlotRow.paper_id == paper_id, AttemptRow.state != "open", SlotRow.mark.is_not(None))
        .execution_options(yield_per=5000)
    )
    return list(map(GivenMark._make, db.session.execute(query)))

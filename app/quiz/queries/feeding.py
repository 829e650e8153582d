"""What the rooms above ask for: questions and marks to keep back, answers for the memory."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.base.clock import epoch
from app.base.db import db
from app.quiz.models import AttemptRow, PaperRow, SlotRow
from app.quiz.paper import Paper
from app.quiz.queries.papers import read_papers, select_papers
from app.quiz.window import has_ended, is_key_open, released_at

# Columns that would tell what is right; an order is stored against the key.
TELLING = frozenset(
    {"response", "score", "right", "mark", "marked_revision", "old_mark", "new_mark", "reason"}
)


@dataclass(frozen=True, slots=True)
class FedAnswer:
    """A marked answer of a paper that is over; `answer_id` is unique for the member."""

    answer_id: str
    question_id: str
    revision: int
    response: Any
    right: bool
    at_ms: int
    released_at: int


def list_reserved_ids(now: datetime) -> frozenset[str]:
    """Return the questions that practice must not show: of reserved papers not yet over.

    A draft reserves what was picked for it; a published paper its questions or its pool.
    """
    reserved = select_papers().where(PaperRow.reserved.is_(True), PaperRow.state != "closed")
    found: set[str] = set()
    for paper in read_papers(db.session.execute(reserved).all()):
        if not has_ended(paper.window, epoch(now)):
            found.update(item.question_id for item in paper.items)
            found.update(paper.plan.picked if paper.state == "draft" else ())
    return frozenset(found)


def list_fed_answers(member_id: int, since: int, now: datetime) -> list[FedAnswer]:
    """Return the member's answers of papers whose window ended after `since`, in time order.

    `since` is in epoch seconds; the end meant is `released_at`, so that asking each time from
    where the last answer left off loses nothing and repeats nothing.
    """
    attempts = db.session.scalars(
        select(AttemptRow).where(AttemptRow.member_id == member_id, AttemptRow.state != "open")
    ).all()
    papers = _papers({row.paper_id for row in attempts})
    due = {}
    for row in attempts:
        paper = papers[row.paper_id]
        window = paper.window_of(row.number)
        moment = released_at(paper.terms.key_shown, row.submitted_at or 0, window)
        if moment is not None and since < moment <= epoch(now):
            due[row.paper_id, row.number] = moment
    answered = select(SlotRow).where(
        SlotRow.member_id == member_id,
        SlotRow.paper_id.in_({paper_id for paper_id, _number in due}),
        SlotRow.response.is_not(None),
        SlotRow.right.is_not(None),
    )
    rows = db.session.scalars(answered.order_by(SlotRow.answered_at, SlotRow.slot))
    return [
        _fed(row, due[row.paper_id, row.number])
        for row in rows
        if (row.paper_id, row.number) in due
    ]


def list_sealed(member_id: int, now: datetime) -> frozenset[tuple[int, int]]:
    """Return (paper, number) of the member's attempts of which TELLING is not to be shown yet."""
    own = select(AttemptRow).where(AttemptRow.member_id == member_id)
    attempts = db.session.scalars(own).all()
    papers = _papers({row.paper_id for row in attempts})
    return frozenset(
        (row.paper_id, row.number)
        for row in attempts
        if not is_key_open(
            papers[row.paper_id].terms.key_shown,
            row.state != "open",
            papers[row.paper_id].window_of(row.number),
            epoch(now),
        )
    )


def _papers(paper_ids: set[int]) -> dict[int, Paper]:
    """Return papers by id."""
    rows = db.session.execute(select_papers().where(PaperRow.id.in_(paper_ids))).all()
    return {paper.id: paper for paper in read_papers(rows)}


def _fed(row: SlotRow, moment: int) -> FedAnswer:
    """Return the view of an answered slot."""
    return FedAnswer(
        answer_id=row.answer_id or "",
        question_id=row.question_id,
        revision=row.revision,
        response=json.loads(row.response or "null"),
        right=bool(row.right),
        at_ms=row.answered_at or 0,
        released_at=moment,
    )

"""What the rooms above ask for: questions and marks to keep back, answers for the memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.base.clock import epoch
from app.base.db import db
from app.base.sql import Row, Statement
from app.quiz.models import AttemptRow, PaperRow, RemarkRow, SlotRow
from app.quiz.paper import Paper
from app.quiz.queries.papers import read_papers, select_papers
from app.quiz.window import has_ended, is_key_open, must_close, released_at

# Columns that would tell what is right; an order is stored against the key.
TELLING = frozenset(
    {"response", "score", "right", "mark", "marked_revision", "old_mark", "new_mark", "reason"}
)

_OF_RESERVED = "FROM quiz_paper p WHERE p.reserved AND p.state <> 'closed'"
RESERVES = f"EXISTS (SELECT 1 {_OF_RESERVED})"  # whether `list_reserved_ids` may find any
_RESERVED = Statement(
    f"""SELECT p.*, (SELECT max(a.extra_s) FROM quiz_allowance a WHERE a.paper_id = p.id)
    {_OF_RESERVED} ORDER BY p.id"""
)
_TAKEN = Statement("SELECT 1 FROM quiz_attempt WHERE member_id = :member LIMIT 1")
_kept: list[tuple[list[Row], list[Paper]]] = [([], [])]


@dataclass(frozen=True, slots=True)
class Taken:
    """An attempt as the memory looks at it; `remarks` counts the marks given anew.

    `submitted_at` is None while it is under way.
    """

    paper_id: int
    number: int
    deadline: int | None
    submitted_at: int | None
    remarks: int

    def is_overdue(self, now: datetime) -> bool:
        """Say whether it has run out and nobody has marked it yet."""
        return self.submitted_at is None and must_close(self.deadline, epoch(now))


@dataclass(frozen=True, slots=True)
class FedAnswer:
    """A marked answer of an attempt that is over; `right` is None when everybody got the points.

    `turn` counts the marks this question was given anew, 0 for the first.
    """

    slot: int
    turn: int
    question_id: str
    revision: int
    response: Any
    right: bool | None
    at_ms: int


def list_reserved_ids(now: datetime) -> frozenset[str]:
    """Return the questions that practice must not show: of reserved papers not yet over.

    A draft reserves what was picked for it; a published paper its questions or its pool.
    """
    found: set[str] = set()
    for paper in _reserved_papers():
        if not has_ended(paper.window, epoch(now)):
            found.update(item.question_id for item in paper.items)
            found.update(paper.plan.picked if paper.state == "draft" else ())
    return frozenset(found)


def _reserved_papers() -> list[Paper]:
    """Return the reserved papers that are not closed, decoded anew only when a row has changed."""
    rows = _RESERVED.all()
    if not rows:
        return []
    seen, papers = _kept[0]
    if rows != seen:
        reserved = select_papers().where(PaperRow.reserved.is_(True), PaperRow.state != "closed")
        papers = read_papers(db.session.execute(reserved).all())
        _kept[0] = rows, papers  # replaced whole, so threads may share
    return papers


def list_taken(member_id: int) -> list[Taken]:
    """Return the member's attempts at papers, in the order they were begun."""
    of_attempt = (RemarkRow.paper_id == AttemptRow.paper_id, RemarkRow.number == AttemptRow.number)
    remarks = select(func.count()).where(RemarkRow.member_id == member_id, *of_attempt)
    query = select(
        AttemptRow.paper_id,
        AttemptRow.number,
        AttemptRow.deadline,
        AttemptRow.submitted_at,
        remarks.scalar_subquery().label("remarks"),
    ).where(AttemptRow.member_id == member_id)
    return [Taken(*row) for row in db.session.execute(query.order_by(AttemptRow.started_at))]


def has_taken(member_id: int) -> bool:
    """Say whether the member has ever begun a paper; asked at every visit."""
    return _TAKEN.one(member=member_id) is not None


def list_released(taken: Sequence[Taken], now: datetime) -> list[Taken]:
    """Return those of which the answers may be used elsewhere: handed in, and the window over."""
    if not taken:
        return []
    papers = _papers({one.paper_id for one in taken})
    return [one for one in taken if _is_released(papers[one.paper_id], one, now)]


def list_fed_answers(member_id: int, paper_id: int, number: int) -> list[FedAnswer]:
    """Return the answers of an attempt that may be used, in time order."""
    mine = {"member_id": member_id, "paper_id": paper_id, "number": number}
    # Turns are read before marks: a mark given in between is looked at once more, not missed.
    anew = select(RemarkRow.slot, func.count()).filter_by(**mine).group_by(RemarkRow.slot)
    turns = {row[0]: row[1] for row in db.session.execute(anew)}
    answered = select(SlotRow).filter_by(**mine).where(SlotRow.response.is_not(None))
    rows = db.session.scalars(answered.order_by(SlotRow.answered_at, SlotRow.slot))
    return [_fed(row, turns.get(row.slot, 0)) for row in rows]


def list_takers() -> list[int]:
    """Return everybody who has begun a paper."""
    query = select(AttemptRow.member_id).distinct().order_by(AttemptRow.member_id)
    return list(db.session.scalars(query))


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


def _is_released(paper: Paper, one: Taken, now: datetime) -> bool:
    """Say whether the answers of an attempt may be used elsewhere."""
    if one.submitted_at is None:
        return False
    moment = released_at(paper.terms.key_shown, one.submitted_at, paper.window_of(one.number))
    return moment is not None and moment <= epoch(now)


def _fed(row: SlotRow, turn: int) -> FedAnswer:
    """Return the view of an answered slot."""
    return FedAnswer(
        slot=row.slot,
        turn=turn,
        question_id=row.question_id,
        revision=row.revision,
        response=json.loads(row.response or "null"),
        right=row.right,
        at_ms=row.answered_at or 0,
    )

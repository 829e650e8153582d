"""Marks as assessment reads them: many rows at once, never one person's page."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from app.base.clock import epoch
from app.base.db import db
from app.quiz.models import AttemptRow, PaperRow, RemarkRow, SlotRow
from app.quiz.queries.papers import read_papers, select_papers
from app.quiz.scoring import has_passed
from app.quiz.window import is_key_open


class GivenMark(NamedTuple):
    """A marked question of an attempt that was handed in; `response` is the JSON stored."""

    member_id: int
    number: int
    question_id: str
    revision: int
    mark: float
    points: int
    response: str | None


class HandedIn(NamedTuple):
    """An attempt that was handed in at `submitted_at` (epoch seconds), with its score."""

    member_id: int
    number: int
    submitted_at: int
    score: float
    full: float


def list_handed_in(paper_id: int) -> list[HandedIn]:
    """Return every attempt at a paper that was handed in, by member and number."""
    query = (
        select(
            AttemptRow.member_id,
            AttemptRow.number,
            func.coalesce(AttemptRow.submitted_at, 0),
            func.coalesce(AttemptRow.score, 0.0),
            AttemptRow.full,
        )
        .where(AttemptRow.paper_id == paper_id, AttemptRow.state != "open")
        .order_by(AttemptRow.member_id, AttemptRow.number)
    )
    return list(map(HandedIn._make, db.session.execute(query)))


def iterate_marks(paper_id: int) -> Iterator[GivenMark]:
    """Yield every marked question of a paper; a hundred thousand are never held at once."""
    query = (
        select(
            SlotRow.member_id,
            SlotRow.number,
            SlotRow.question_id,
            SlotRow.revision,
            SlotRow.mark,
            SlotRow.points,
            SlotRow.response,
        )
        .where(SlotRow.paper_id == paper_id, SlotRow.mark.is_not(None))
        .execution_options(yield_per=2000)
    )
    # Plain rows, without what the session does for objects: half the time of a large paper.
    yield from map(GivenMark._make, db.session.connection().execute(query))


@dataclass(frozen=True, slots=True)
class Sat:
    """An attempt in somebody's record; without a score while its key may not be shown.

    `submitted_at` is in epoch seconds, None while the attempt is under way.
    """

    paper_id: int
    title: str
    mode: str
    number: int
    started_at: int
    submitted_at: int | None
    full: float
    score: float | None
    passed: bool | None


def list_sat(member_id: int, now: datetime) -> list[Sat]:
    """Return a member's attempts at all papers, the latest first."""
    rows = db.session.scalars(
        select(AttemptRow)
        .where(AttemptRow.member_id == member_id)
        .order_by(AttemptRow.started_at.desc(), AttemptRow.paper_id, AttemptRow.number)
    ).all()
    wanted = select_papers().where(PaperRow.id.in_({row.paper_id for row in rows}))
    papers = {paper.id: paper for paper in read_papers(db.session.execute(wanted).all())}
    found = []
    for row in rows:
        paper = papers[row.paper_id]
        window, ended = paper.window_of(row.number), row.state != "open"
        shown = is_key_open(paper.terms.key_shown, ended, window, epoch(now))
        score = row.score if shown else None
        passed = None
        if score is not None:
            passed = has_passed(score, row.full, paper.terms.pass_percent)
        submitted = row.submitted_at if ended else None
        told = (row.started_at, submitted, row.full, score, passed)
        found.append(Sat(paper.id, paper.terms.title, paper.terms.mode, row.number, *told))
    return found


def list_shares_as_of(member_id: int, paper_ids: Iterable[int], moment: int) -> dict[int, float]:
    """Return paper → share (0…1) of the full mark of a member's first attempt, as of a moment.

    That is in epoch seconds: what was handed in or marked anew later counts as it did before.
    """
    ids = list(paper_ids)
    attempts = db.session.scalars(
        select(AttemptRow)
        .where(AttemptRow.member_id == member_id, AttemptRow.paper_id.in_(ids))
        .where(AttemptRow.state != "open", AttemptRow.submitted_at <= moment)
        .order_by(AttemptRow.paper_id, AttemptRow.number)
    ).all()
    firsts: dict[int, AttemptRow] = {}
    for row in attempts:
        firsts.setdefault(row.paper_id, row)
    marks = _marks_as_of(member_id, ids, moment)
    return {
        paper_id: math.fsum(marks.get((paper_id, row.number), ())) / row.full
        for paper_id, row in firsts.items()
        if row.full
    }


def _marks_as_of(
    member_id: int, paper_ids: list[int], moment: int
) -> dict[tuple[int, int], list[float]]:
    """Return the marks by (paper, attempt), in the order of slots, before what came later."""
    later = db.session.scalars(
        select(RemarkRow)
        .where(RemarkRow.member_id == member_id, RemarkRow.paper_id.in_(paper_ids))
        .where(RemarkRow.given_at > moment)
        .order_by(RemarkRow.turn.desc())
    )
    before = {(one.paper_id, one.number, one.slot): one.old_mark for one in later}
    slots = db.session.execute(
        select(SlotRow.paper_id, SlotRow.number, SlotRow.slot, SlotRow.mark)
        .where(SlotRow.member_id == member_id, SlotRow.paper_id.in_(paper_ids))
        .order_by(SlotRow.paper_id, SlotRow.number, SlotRow.slot)
    )
    found: dict[tuple[int, int], list[float]] = {}
    for paper_id, number, slot, mark in slots:
        old = before.get((paper_id, number, slot))
        found.setdefault((paper_id, number), []).append(mark or 0.0 if old is None else old)
    return found

"""How papers stand in a unit: who was meant, who handed in, how marks spread; for reports."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from app.accounts.queries import listing
from app.base.clock import epoch
from app.base.db import db
from app.org import queries as org
from app.quiz.models import AttemptRow, PaperRow
from app.quiz.paper import Paper
from app.quiz.queries.audience import standing_unit
from app.quiz.queries.papers import read_papers, select_papers
from app.quiz.window import has_ended

ASKED_OF_ALL = ("exam", "practice")  # modes that everybody meant has to do
MOST_PAPERS = 30  # in one report, the latest


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """A paper in a unit: `meant` people it is asked of there, how many handed in and passed.

    `overdue` people have not handed in though it is over. `shares` holds the share (0…1) of the
    full mark of each one's first attempt that was handed in.
    """

    paper: Paper
    ended: bool
    meant: int
    submitted: int
    passed: int
    overdue: int
    shares: tuple[float, ...]


def list_standings(unit_id: int, since: int, until: int, now: datetime) -> list[PaperStanding]:
    """Return the papers published to a unit, to one above or below it, from `since` to `until`.

    These are epoch seconds between which a paper was published; the exempt are not counted.
    """
    found, meant = [], dict[int, int]()
    for paper in _papers(unit_id, since, until):
        home = standing_unit(paper.terms.unit_id)
        inside = home is not None and home != unit_id and org.is_within(home, unit_id)
        within = home if inside and home is not None else unit_id
        if within not in meant:
            meant[within] = org.count_obliged(within)
        found.append(_standing(paper, within, meant[within], now))
    return found


def _papers(unit_id: int, since: int, until: int) -> list[Paper]:
    """Return the papers that ask something of people of a unit, the latest first."""
    above = [unit.id for unit in org.chain_of(unit_id)]
    below = [unit.id for unit in org.list_units_below(unit_id)]
    units = {*above, *below}
    units |= {unit.id for unit in org.list_merged(units)}
    query = select_papers().where(
        or_(PaperRow.unit_id.is_(None), PaperRow.unit_id.in_(units)),
        PaperRow.state != "draft",
        PaperRow.mode.in_(ASKED_OF_ALL),
        PaperRow.published_at.between(since, until),
    )
    rows = db.session.execute(query.order_by(PaperRow.id.desc()).limit(MOST_PAPERS)).all()
    return read_papers(rows)


def _standing(paper: Paper, unit_id: int, meant: int, now: datetime) -> PaperStanding:
    """Return how a paper stands among the people of a unit and below of whom it is asked."""
    handed = select(AttemptRow.member_id, AttemptRow.score, AttemptRow.full).where(
        AttemptRow.paper_id == paper.id, AttemptRow.state != "open"
    )
    inside = org.only_obliged(handed, AttemptRow.member_id, unit_id)
    rows: list[Row[int, float, float]] = list(
        db.session.execute(inside.order_by(AttemptRow.number))
    )
    firsts: dict[int, float] = {}
    best: dict[int, float] = defaultdict(float)
    for member_id, score, full in rows:
        share = (score or 0.0) / full if full else 0.0
        firsts.setdefault(member_id, share)
        best[member_id] = max(best[member_id], share)
    bar = paper.terms.pass_percent / 100
    ended = has_ended(paper.window, epoch(now))
    return PaperStanding(
        paper=paper,
        ended=ended,
        meant=meant,
        submitted=len(firsts),
        passed=sum(share >= bar for share in best.values()),
        overdue=meant - len(firsts) if ended else 0,
        shares=tuple(firsts.values()),
    )


def list_missing(paper_id: int, unit_id: int, limit: int) -> list[int]:
    """Return people of a unit and below, by id, who have not handed a paper in; not the exempt."""
    done = select(AttemptRow.member_id).where(
        AttemptRow.paper_id == paper_id, AttemptRow.state != "open"
    )
    asked = org.select_obliged_ids(unit_id).subquery()
    query = select(asked.c.id).where(asked.c.id.not_in(done)).order_by(asked.c.id).limit(limit)
    return list(db.session.scalars(query))


def count_submitted(paper_ids: Iterable[int], unit_id: int) -> dict[int, int]:
    """Return unit → how many times obliged people of exactly that unit handed in these papers.

    Somebody who handed in one paper several times counts once for it.
    """
    handed = (
        select(AttemptRow.member_id, AttemptRow.paper_id)
        .where(AttemptRow.paper_id.in_(set(paper_ids)), AttemptRow.state != "open")
        .distinct()
        .subquery()
    )
    query = select(listing.c.unit_id, func.count()).select_from(handed)
    inside = org.only_obliged(query, handed.c.member_id, unit_id)
    rows = db.session.execute(inside.group_by(listing.c.unit_id))
    return {row[0]: row[1] for row in rows}


def count_handed_in(paper_id: int, members: Select[Any], since: int) -> int:
    """Return how many of the members (a selection of ids) handed a paper in, in an attempt begun
    at or after `since` (epoch seconds)."""
    query = select(func.count(AttemptRow.member_id.distinct())).where(
        AttemptRow.paper_id == paper_id,
        AttemptRow.state != "open",
        AttemptRow.started_at >= since,
        AttemptRow.member_id.in_(members),
    )
    return db.session.scalar(query) or 0


def list_ended_papers(unit_ids: Iterable[int], since: int, until: int) -> list[Paper]:
    """Return the papers of these units, or for everybody, that all had to take by a moment
    between these two (epoch seconds), oldest first."""
    query = select_papers().where(
        or_(PaperRow.unit_id.is_(None), PaperRow.unit_id.in_(set(unit_ids))),
        PaperRow.state != "draft",
        PaperRow.mode == "exam",
    )
    papers = read_papers(db.session.execute(query.order_by(PaperRow.id)).all())
    return [p for p in papers if since <= (p.window.ends_at or 0) <= until]

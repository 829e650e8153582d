"""Papers as members see them: which are theirs to take, and how their attempts went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select

from app.accounts.queries import Viewer
from app.bank.queries import get_question
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound
from app.org.queries import get_unit, units_of
from app.quiz.models import AllowanceRow, AttemptRow, PaperRow
from app.quiz.paper import IN_ORDER, Paper
from app.quiz.queries.attempts import Attempt, attempt_of
from app.quiz.reading import paper_of
from app.quiz.window import is_key_open, week_number, why_not_start

LONGEST = (
    select(func.coalesce(func.max(AllowanceRow.extra_s), 0))
    .where(AllowanceRow.paper_id == PaperRow.id)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper to one member: their attempts, newest first, and why no further one may begin.

    `open` is the attempt under way; `shown` holds the numbers whose marks may be shown.
    """

    paper: Paper
    attempts: tuple[Attempt, ...]
    refusal: str | None
    open: Attempt | None
    shown: frozenset[int]


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of question on a paper, how many there are and what each is worth."""

    kind: str
    count: int | None
    points: tuple[int, ...]


def select_papers() -> Select[PaperRow, int]:
    """Return a select of papers with the longest extra time that anybody has for each."""
    return select(PaperRow, LONGEST.label("longest"))


def read_papers(rows: Iterable[Row[PaperRow, int]]) -> list[Paper]:
    """Return the papers of `select_papers`, with the names of their units."""
    return [
        paper_of(row, get_unit(row.unit_id).name if row.unit_id is not None else None, longest)
        for row, longest in rows
    ]


def find_paper(paper_id: int) -> Paper | None:
    """Return a paper whoever asks, or None."""
    rows = db.session.execute(select_papers().where(PaperRow.id == paper_id)).all()
    return read_papers(rows)[0] if rows else None


def is_offered(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a paper is published to the viewer's unit or one above it.

    What was published to a unit since merged into these counts.
    """
    ours = or_(PaperRow.unit_id.is_(None), PaperRow.unit_id.in_(units_of(viewer.id)))
    return (PaperRow.state != "draft") & ours


def list_offers(viewer: Viewer, now: datetime) -> list[Offer]:
    """Return what the member can take or has taken, under way first, then by closing."""
    own = exists().where(AttemptRow.member_id == viewer.id, AttemptRow.paper_id == PaperRow.id)
    query = select_papers().where(own | (is_offered(viewer) & (PaperRow.state == "published")))
    papers = read_papers(db.session.execute(query.order_by(PaperRow.id.desc())).all())
    attempts: dict[int, list[Attempt]] = {}
    mine = select(AttemptRow).where(AttemptRow.member_id == viewer.id)
    for row in db.session.scalars(mine.order_by(AttemptRow.started_at.desc())):
        attempts.setdefault(row.paper_id, []).append(attempt_of(row))
    offers = [_offer(paper, attempts.get(paper.id, []), now) for paper in papers]
    return sorted(offers, key=_urgency)


def get_offer(viewer: Viewer, paper_id: int, now: datetime) -> Offer:
    """Return one paper as offered to the member; raise NotFound when it is none of theirs."""
    rows = db.session.scalars(
        select(AttemptRow)
        .where(AttemptRow.member_id == viewer.id, AttemptRow.paper_id == paper_id)
        .order_by(AttemptRow.started_at.desc())
    )
    attempts = [attempt_of(row) for row in rows]
    visible = select_papers().where(PaperRow.id == paper_id)
    if not attempts:
        visible = visible.where(is_offered(viewer))
    found = read_papers(db.session.execute(visible).all())
    if not found:
        raise NotFound(_("没有这份试卷。"))
    return _offer(found[0], attempts, now)


def find_extra(member_id: int, paper_id: int) -> int:
    """Return the extra seconds a person has for a paper."""
    row = db.session.get(AllowanceRow, (member_id, paper_id))
    return row.extra_s if row else 0


def list_kinds(paper: Paper) -> list[KindLine]:
    """Return the kinds a paper asks, in their usual order; `count` None where the draw decides."""
    counts: dict[str, int | None] = {}
    worth: dict[str, set[int]] = {}
    drawn = paper.is_drawn and paper.plan.rules
    for kind, count, points in _rule_parts(paper) if drawn else _item_parts(paper):
        before = counts.get(kind, 0)
        counts[kind] = None if before is None or count is None else before + count
        worth.setdefault(kind, set()).add(points)
    return [KindLine(k, counts[k], tuple(sorted(worth[k]))) for k in IN_ORDER if k in counts]


def _item_parts(paper: Paper) -> Iterator[tuple[str, int | None, int]]:
    """Yield (kind, 1, points) of each question that everybody gets."""
    for item in paper.items:
        yield get_question(item.question_id, item.revision).kind, 1, item.points


def _rule_parts(paper: Paper) -> Iterator[tuple[str, int | None, int]]:
    """Yield (kind, number, points) of each rule; of a rule for any kind, each kind in the pool."""
    pooled = {get_question(item.question_id, item.revision).kind for item in paper.items}
    for rule in paper.plan.rules:
        if rule.kind:
            yield rule.kind, rule.count, rule.points
        else:
            yield from ((kind, None, rule.points) for kind in sorted(pooled))


def count_attempts(paper_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return (attempts begun, attempts handed in) of each paper."""
    ended = func.sum(case((AttemptRow.state != "open", 1), else_=0))
    query = select(AttemptRow.paper_id, func.count(), ended).group_by(AttemptRow.paper_id)
    ids = list(paper_ids)
    rows = db.session.execute(query.where(AttemptRow.paper_id.in_(ids)))
    return dict.fromkeys(ids, (0, 0)) | {row[0]: (row[1], row[2]) for row in rows}


def count_under_way(paper_id: int) -> int:
    """Return how many attempts at a paper are under way."""
    query = select(func.count()).select_from(AttemptRow)
    under_way = query.where(AttemptRow.paper_id == paper_id, AttemptRow.state == "open")
    return db.session.scalar(under_way) or 0


def list_counts() -> list[tuple[Paper, int, int]]:
    """Return (paper, attempts begun, attempts handed in) of every paper, oldest first."""
    papers = read_papers(db.session.execute(select_papers().order_by(PaperRow.id)).all())
    counts = count_attempts(paper.id for paper in papers)
    return [(paper, *counts[paper.id]) for paper in papers]


def _offer(paper: Paper, attempts: list[Attempt], now: datetime) -> Offer:
    """Return the offer of a paper to somebody with these attempts."""
    weekly = paper.terms.mode == "weekly"
    week = week_number(now) if weekly else 0
    used = sum(a.number == week for a in attempts) if weekly else len(attempts)
    allowed = 1 if weekly else paper.terms.attempts_allowed
    refusal = why_not_start(paper.state, paper.window, epoch(now), used, allowed)
    shown = frozenset(
        a.number
        for a in attempts
        if is_key_open(
            paper.terms.key_shown, a.state != "open", paper.window_of(a.number), epoch(now)
        )
    )
    under_way = next((a for a in attempts if a.state == "open"), None)
    return Offer(paper, tuple(attempts), refusal, under_way, shown)


def _urgency(offer: Offer) -> tuple[int, int, int]:
    """Sort what is under way first, then what may be begun, the earliest to close first."""
    stage = 0 if offer.open else 1 if offer.refusal is None else 2
    return stage, offer.paper.terms.closes_at or 2**62, -offer.paper.id

"""What a paper can be made of: the bank as candidates, previews of a draw, clashes of papers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from app.bank.queries import (
    Question,
    get_question,
    get_questions,
    list_question_ids,
    search,
)
from app.base.clock import epoch
from app.base.db import db
from app.quiz.blueprint import Candidate, Drawn, Rule, draw
from app.quiz.models import PaperRow, SlotRow
from app.quiz.paper import Item, Paper
from app.quiz.queries.audience import shelf_of
from app.quiz.queries.papers import read_papers, select_papers
from app.quiz.window import has_ended, overlap


def list_candidates(unit_id: int | None) -> list[Candidate]:
    """Return every active question that a paper for a unit may ask as something to be drawn."""
    ids = list_question_ids(units=shelf_of(unit_id))
    return [candidate(q) for q in get_questions(ids).values()]


def candidates_of(items: Iterable[Item]) -> list[Candidate]:
    """Return the frozen pool of a published paper, each at the revision it has there."""
    return [candidate(get_question(item.question_id, item.revision)) for item in items]


def candidate(question: Question) -> Candidate:
    """Return a question as something that can be drawn."""
    return Candidate(
        question.id,
        question.revision,
        question.kind,
        question.subject,
        question.chapter_id,
        question.difficulty,
    )


def count_met(member_id: int) -> dict[str, int]:
    """Return how often a member met each question on papers."""
    met = func.count().label("met")
    query = select(SlotRow.question_id, met).where(SlotRow.member_id == member_id)
    rows = db.session.execute(query.group_by(SlotRow.question_id))
    return {row.question_id: row.met for row in rows}


def preview_draw(
    rules: tuple[Rule, ...], seed: str, reserved: frozenset[str], unit_id: int | None = None
) -> list[tuple[Drawn, Question]]:
    """Return what the rules would draw for somebody new; raise Invalid when items lack."""
    bank = [c for c in list_candidates(unit_id) if c.question_id not in reserved]
    drawn = draw(rules, bank, seed, {})
    return [(one, get_question(one.question_id, one.revision)) for one in drawn]


def find_questions(
    text: str, kind: str, subject: str, chapter: str, difficulty: str, unit_id: int | None = None
) -> list[Question]:
    """Return what a paper for a unit may ask that holds every word of `text` and is of the sort."""
    units = shelf_of(unit_id)
    pool = list_question_ids(subject or None, chapter or None, units)
    if text:
        wanted = set(search(text, len(pool) + 10_000, 0, units)[0])
        pool = tuple(i for i in pool if i in wanted)
    return [
        q
        for q in get_questions(pool).values()
        if kind in ("", q.kind) and difficulty in ("", q.difficulty)
    ]


def list_clashing(paper: Paper, now: datetime) -> list[Paper]:
    """Return the published papers that must not share questions with this one.

    They run at the same time, and one of the two keeps its questions reserved: whoever is through
    with the other would know them. Papers drawn per person from an open pool are left out when
    this one is reserved, because they leave reserved questions out themselves.
    """
    published = select_papers().where(PaperRow.state == "published", PaperRow.id != paper.id)
    others = read_papers(db.session.execute(published.order_by(PaperRow.id)).all())
    return [
        other
        for other in others
        if (other.terms.reserved or (paper.terms.reserved and not other.is_drawn))
        and overlap(paper.window, other.window)
        and not has_ended(other.window, epoch(now))
    ]


def list_pool(paper: Paper, now: datetime) -> list[Candidate]:
    """Return what a copy of a published paper is drawn from: without others' reserved questions."""
    pool = candidates_of(paper.items)
    if not paper.is_drawn:
        return pool
    reserved = {i.question_id for p in list_clashing(paper, now) for i in p.items}
    return [c for c in pool if c.question_id not in reserved]

"""What those who assign papers ask of them: papers by their ids, and attempts of many people."""

from collections.abc import Iterable

from sqlalchemy import select

from app.base.db import db
from app.quiz.models import AttemptRow, PaperRow
from app.quiz.paper import Paper
from app.quiz.queries.attempts import Attempt, attempt_of
from app.quiz.queries.papers import read_papers, select_papers


def find_papers(paper_ids: Iterable[int]) -> dict[int, Paper]:
    """Return the papers that exist among these ids, whoever asks."""
    query = select_papers().where(PaperRow.id.in_(set(paper_ids)))
    return {paper.id: paper for paper in read_papers(db.session.execute(query).all())}


def list_attempts_of_paper(paper_id: int) -> dict[int, list[Attempt]]:
    """Return the attempts at a paper by member, of everybody."""
    query = select(AttemptRow).where(AttemptRow.paper_id == paper_id)
    found: dict[int, list[Attempt]] = {}
    for row in db.session.scalars(query.order_by(AttemptRow.member_id, AttemptRow.number)):
        found.setdefault(row.member_id, []).append(attempt_of(row))
    return found


def list_attempts_of_member(member_id: int, paper_ids: Iterable[int]) -> dict[int, list[Attempt]]:
    """Return a member's attempts at these papers, by paper."""
    query = select(AttemptRow).where(
        AttemptRow.member_id == member_id, AttemptRow.paper_id.in_(set(paper_ids))
    )
    found: dict[int, list[Attempt]] = {}
    for row in db.session.scalars(query.order_by(AttemptRow.paper_id, AttemptRow.number)):
        found.setdefault(row.paper_id, []).append(attempt_of(row))
    return found

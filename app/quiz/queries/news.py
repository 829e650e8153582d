"""What a member is to be told about papers they have taken."""

from datetime import datetime

from sqlalchemy import func, select

from app.base.clock import epoch
from app.base.db import db
from app.quiz.models import RemarkRow
from app.quiz.paper import Paper
from app.quiz.queries.papers import find_paper
from app.quiz.window import is_key_open

NEWS_S = 14 * 24 * 3600  # for how long a mark given anew is told on the home page


def list_remarked(member_id: int, now: datetime) -> list[tuple[Paper, int]]:
    """Return the attempts (paper, number) of which a mark was given anew of late, newest first.

    Those are left out of which the marks may not be shown yet.
    """
    anew = (
        select(RemarkRow.paper_id, RemarkRow.number)
        .where(RemarkRow.member_id == member_id, RemarkRow.given_at >= epoch(now) - NEWS_S)
        .group_by(RemarkRow.paper_id, RemarkRow.number)
        .order_by(func.max(RemarkRow.given_at).desc())
    )
    rows = db.session.execute(anew).all()
    found = [(find_paper(row.paper_id), row.number) for row in rows]
    return [(p, number) for p, number in found if p is not None and _is_open(p, number, now)]


def _is_open(paper: Paper, number: int, now: datetime) -> bool:
    """Say whether the member may see the marks of an attempt that is handed in."""
    return is_key_open(paper.terms.key_shown, True, paper.window_of(number), epoch(now))

"""What a member is to be told about papers they have taken."""

from datetime import datetime

from app.base.clock import epoch
from app.base.sql import Statement
from app.quiz.paper import Paper
from app.quiz.queries.papers import find_paper
from app.quiz.window import is_key_open

NEWS_S = 14 * 24 * 3600  # for how long a mark given anew is told on the home page


_OF_MARKS = "FROM quiz_remark WHERE member_id = :member AND given_at >="
_ANEW = Statement(
    f"""SELECT paper_id, number {_OF_MARKS} :since
    GROUP BY paper_id, number ORDER BY max(given_at) DESC"""
)
ANEW = f"EXISTS (SELECT 1 {_OF_MARKS} :now - {NEWS_S})"  # whether `list_remarked` may find any


def list_remarked(member_id: int, now: datetime) -> list[tuple[Paper, int]]:
    """Return the attempts (paper, number) of which a mark was given anew of late, newest first.

    Those are left out of which the marks may not be shown yet.
    """
    rows = _ANEW.all(member=member_id, since=epoch(now) - NEWS_S)
    found = [(find_paper(paper_id), number) for paper_id, number in rows]
    return [(p, number) for p, number in found if p is not None and _is_open(p, number, now)]


def _is_open(paper: Paper, number: int, now: datetime) -> bool:
    """Say whether the member may see the marks of an attempt that is handed in."""
    return is_key_open(paper.terms.key_shown, True, paper.window_of(number), epoch(now))

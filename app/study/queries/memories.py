"""What a member remembers of each question, for those who look ahead."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.base.db import db
from app.study.models import CardRow, ReviewRow
from app.study.queries.selects import select_counted
from app.study.tally import SELF_RATED


@dataclass(frozen=True, slots=True)
class Remembered:
    """A question that was answered: stability in days, difficulty, when, and when it is due.

    `due_at` is in epoch seconds; `suspended` ones are not asked any more.
    """

    stability: float
    difficulty: float
    last_day: date
    due_at: int
    suspended: bool


def list_remembered(member_id: int) -> dict[str, Remembered]:
    """Return what the member remembers, by question, of every one they have answered."""
    query = select(
        CardRow.question_id,
        CardRow.stability,
        CardRow.difficulty,
        CardRow.last_day,
        CardRow.due_at,
        CardRow.suspended,
    ).where(CardRow.member_id == member_id, CardRow.reps > 0)
    rows = (dict(row._mapping) for row in db.session.execute(query))
    return {row.pop("question_id"): Remembered(**row) for row in rows}


def count_firsts(member_id: int) -> tuple[int, int]:
    """Return (right, all) of the member's answers to questions they met for the first time.

    What they judged themselves, away from the site, says nothing of right and wrong.
    """
    query = select_counted(ReviewRow.right, func.count(), member_id=member_id)
    firsts = query.where(ReviewRow.before == 0, ReviewRow.way != SELF_RATED)
    rows = db.session.execute(firsts.group_by(ReviewRow.right))
    counts = {bool(right): n for right, n in rows}
    return counts.get(True, 0), sum(counts.values())

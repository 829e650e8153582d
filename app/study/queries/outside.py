"""What the log knows of reviews made elsewhere."""

from collections.abc import Iterable

from sqlalchemy import func, select

from app.base.db import db
from app.study.models import ReviewRow
from app.study.tally import SELF_RATED
from app.study.union import Stored


def list_stored(member_id: int, question_ids: Iterable[str]) -> dict[str, list[Stored]]:
    """Return when the member reviewed these questions, answers taken back too, by question.

    What was taken back here is not to come back from elsewhere.
    """
    wanted = set(question_ids)
    query = select(ReviewRow.question_id, ReviewRow.at_ms, ReviewRow.way).where(
        ReviewRow.member_id == member_id, ReviewRow.question_id.in_(wanted)
    )
    found: dict[str, list[Stored]] = {question_id: [] for question_id in wanted}
    for row in db.session.execute(query):
        found[row.question_id].append(Stored(row.at_ms, row.way != SELF_RATED))
    return found


def count_self_rated(member_id: int) -> int:
    """Return how many reviews of the member came from elsewhere."""
    query = select(func.count()).where(
        ReviewRow.member_id == member_id, ReviewRow.way == SELF_RATED
    )
    return db.session.scalar(query) or 0

"""What the people of each unit are expected to recall, worked out once a night."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.accounts.queries import listing
from app.bank.queries import list_places
from app.base.clock import study_day
from app.base.db import db, transaction
from app.study.actions.erasure import LEAST_PEOPLE
from app.study.memory import recall_after
from app.study.models import CardRow, UnitRecallRow
from app.study.tally import month_of

BATCH = 10_000  # cards held in memory at once


@dataclass(slots=True)
class Expected:
    """Sums over the cards of one unit and chapter while they are read."""

    people: int = 0
    cards: int = 0
    recall: float = 0.0
    last_member: int = 0


def fold_recall(now: datetime) -> int:
    """Work out what every unit's present people are expected to recall today; return the rows.

    The month's earlier result is replaced, those of past months stay. Disabled people are left
    out, so are questions that are no longer asked. Cards are read before anything is written.
    """
    day = study_day(now)
    found = expect_recall(day)
    rows = [
        {
            "unit_id": unit_id,
            "month": month_of(day),
            "subject": subject,
            "chapter": chapter,
            "day": day,
            "people": one.people,
            "cards": one.cards,
            "recall": one.recall,
        }
        for (unit_id, subject, chapter), one in sorted(found.items())
    ]
    with transaction() as session:
        session.execute(delete(UnitRecallRow).where(UnitRecallRow.month == month_of(day)))
        if rows:
            session.execute(insert(UnitRecallRow), rows)
    return len(rows)


def expect_recall(day: date) -> dict[tuple[int, str, str], Expected]:
    """Return (unit, subject, chapter) → the sums over all cards, on `day`."""
    places, people = list_places(), listing.c
    query = (
        select(
            people.unit_id,
            CardRow.member_id,
            CardRow.question_id,
            CardRow.stability,
            CardRow.last_day,
        )
        .join(listing, people.id == CardRow.member_id)
        .where(CardRow.reps > 0, people.state != "disabled")
        .order_by(CardRow.member_id, CardRow.question_id)
        .execution_options(yield_per=BATCH)
    )
    found: dict[tuple[int, str, str], Expected] = defaultdict(Expected)
    for unit_id, member_id, question_id, stability, last_day in db.session.execute(query):
        if question_id in places:
            sums = found[unit_id or 0, *places[question_id]]
            sums.people += member_id != sums.last_member
            sums.last_member = member_id
            sums.cards += 1
            sums.recall += recall_after(stability, (day - last_day).days)
    return dict(found)


def forget_small_recall(session: Session) -> None:
    """Delete sums over fewer than five people, in which one who is erased could be made out."""
    session.execute(delete(UnitRecallRow).where(UnitRecallRow.people < LEAST_PEOPLE))

"""What the people of each unit are expected to recall, worked out once a night."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.accounts.queries import listing
from app.bank.queries import list_places
from app.base.clock import study_day
from app.base.db import db, transaction
from app.org.queries import Scope, list_units
from app.study.actions.erasure import LEAST_PEOPLE
from app.study.fitting import model_of, stability_after
from app.study.memory import recall_after
from app.study.models import CardRow, UnitRecallRow
from app.study.queries.fits import EVERYBODY, list_courses, list_used_fits
from app.study.scheduling import Model
from app.study.tally import month_of

BATCH = 10_000  # cards held in memory at once
Recalled = tuple[int, int, str, float]  # unit (0: none), member, question, the chance of recall


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
    Where FSRS-6 fitted to a unit foretells better than the defaults, the fit is used here.
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
    places, used = list_places(), _used_models()
    found: dict[tuple[int, str, str], Expected] = defaultdict(Expected)
    for unit_id, member_id, question_id, recall in chain(
        _as_stored(day, used), _as_fitted(day, used)
    ):
        if question_id in places:
            sums = found[unit_id, *places[question_id]]
            sums.people += member_id != sums.last_member
            sums.last_member = member_id
            sums.cards += 1
            sums.recall += recall
    return dict(found)


def _used_models() -> dict[int, Model]:
    """Return the fitted model of each unit whose people, or those above it, have one in use."""
    used = {unit_id: model_of(one) for unit_id, one in list_used_fits().items()}
    if not used:
        return {}
    found = {EVERYBODY: used[EVERYBODY]} if EVERYBODY in used else {}
    for unit in list_units(Scope(None)):
        nearest = next((i for i in _upwards(unit.path) if i in used), EVERYBODY)
        if nearest in used:
            found[unit.id] = used[nearest]
    return found


def _upwards(path: str) -> list[int]:
    """Return the units of a path, the lowest first."""
    return [int(step) for step in reversed(path.strip("/").split("/"))]


def _as_stored(day: date, without: Collection[int]) -> Iterator[Recalled]:
    """Yield what is expected of each card as everybody's memory goes, some units left out."""
    people = listing.c
    unit = func.coalesce(people.unit_id, EVERYBODY)
    query = (
        select(unit, CardRow.member_id, CardRow.question_id, CardRow.stability, CardRow.last_day)
        .join(listing, people.id == CardRow.member_id)
        .where(CardRow.reps > 0, people.state != "disabled", unit.not_in(without))
        .order_by(CardRow.member_id, CardRow.question_id)
        .execution_options(yield_per=BATCH)
    )
    for unit_id, member_id, question_id, stability, last_day in db.session.execute(query):
        recall = recall_after(stability, (day - last_day).days)
        yield unit_id, member_id, question_id, recall


def _as_fitted(day: date, used: Mapping[int, Model]) -> Iterator[Recalled]:
    """Yield what is expected of each card of units whose own fit foretells better."""
    if not used:
        return
    for one in list_courses(used, simulated=True):
        by = used[one.unit_id]
        stability, last = stability_after(by, one.course), max(at for _rating, at in one.course)
        recall = by.retrievability(stability, max(0, day.toordinal() - last))
        yield one.unit_id, one.member_id, one.question_id, recall


def forget_small_recall(session: Session) -> None:
    """Delete sums over fewer than five people, in which one who is erased could be made out."""
    session.execute(delete(UnitRecallRow).where(UnitRecallRow.people < LEAST_PEOPLE))

"""Who was answerable for what in a period, and what became of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.assign.models.duties import DutyRow
from app.assign.ownership import Span, spans
from app.assign.progress import WITHDRAWN
from app.assign.queries.bearers import Bearers
from app.assign.queries.standing import load_standing
from app.base.clock import day_start as start_of
from app.base.clock import epoch
from app.base.db import db
from app.org import queries as org


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A person (None: nobody) was answerable for a duty from `since` to the day before `until`.

    `until` is None when they still are. `outcome` is done (settled while they were), late (its day
    passed, or had passed, while they were), handed_over (somebody else took over before either),
    or open. `late_days` counts the days it was late while it lay on them.
    """

    duty_id: int
    title: str
    plan_id: int | None
    unit_id: int
    unit_name: str
    post: str | None
    member_id: int | None
    name: str | None
    since: date
    until: date | None
    due_on: date
    settled_on: date | None
    outcome: str
    late_days: int


def list_responsibility(
    unit_ids: Collection[int], since: date, until: date, today: date
) -> tuple[Responsibility, ...]:
    """Return who was answerable in the units from `since` to the day before `until`, by duty.

    Duties that units took over from merged or closed ones count among theirs; nothing is told of
    the time after `today` or after a duty was settled.
    """
    standing = load_standing()
    units = {u for one in unit_ids for u in standing.taken_over(one)}
    rows = db.session.scalars(
        select(DutyRow)
        .where(DutyRow.unit_id.in_(units), DutyRow.created_at < epoch(start_of(until)))
        .where(DutyRow.state != WITHDRAWN)
        .order_by(DutyRow.due_on, DutyRow.id)
    ).all()
    if not rows:
        return ()
    bearers, names = Bearers(rows, standing), org.list_names({*units, *unit_ids})
    found = []
    for row in rows:
        home_id = standing.now(row.unit_id) or row.unit_id
        for span in _within(row, spans(bearers.ground(row), _after(row, today)), since, until):
            person = bearers.people.get(span.member_id) if span.member_id is not None else None
            found.append(
                Responsibility(
                    duty_id=row.id,
                    title=row.title,
                    plan_id=row.plan_id,
                    unit_id=home_id,
                    unit_name=names[home_id],
                    post=span.post,
                    member_id=span.member_id,
                    name=person.name if person else None,
                    since=span.since,
                    until=span.until,
                    due_on=row.due_on,
                    settled_on=row.settled_on,
                    outcome=_outcome(row, span, today),
                    late_days=_late_days(row, span, today),
                )
            )
    return tuple(found)


def _after(row: DutyRow, today: date) -> date:
    """Return the first day of which nothing is told."""
    last = today if row.settled_on is None else min(today, row.settled_on)
    return date.fromordinal(last.toordinal() + 1)


def _within(row: DutyRow, told: tuple[Span, ...], since: date, until: date) -> Iterator[Span]:
    """Yield the spans that touch the period."""
    for span in told:
        if span.since < until and (span.until is None or since < span.until):
            yield span


def _outcome(row: DutyRow, span: Span, today: date) -> str:
    if row.settled_on is not None and span.until is None:
        return "done"
    if _late_days(row, span, today):
        return "late"
    return "open" if span.until is None else "handed_over"


def _late_days(row: DutyRow, span: Span, today: date) -> int:
    """Return the days after the due day, up to today or settling, that fall into a span."""
    first = max(row.due_on.toordinal() + 1, span.since.toordinal())
    end = _after(row, today) if span.until is None else span.until
    return max(0, end.toordinal() - first)

"""FSRS-6 as fitted to the people of units: how it fared, and which fits are used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import msgspec
from sqlalchemy import ColumnElement, func, select, true

from app.accounts.queries import Viewer, listing
from app.base.db import db
from app.org.queries import Unit, list_units, scope_of
from app.study.fitting import Course
from app.study.log import VOID_OF_REVIEW
from app.study.models import FitRow, ReviewRow, UnitChapterRow, VoidRow

EVERYBODY = 0  # what stands for the unit in the fit of all people
SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class UnitFit:
    """How a fit fared: of a unit, None for everybody; log losses in nats, less is better."""

    unit: Unit | None
    since: date
    people: int
    learned: int
    judged: int
    log_loss: float
    default_log_loss: float
    better: bool


def list_fits(viewer: Viewer) -> list[UnitFit]:
    """Return the fits of the units a person may see, and of everybody first."""
    units = {unit.id: unit for unit in list_units(scope_of(viewer))}
    rows = {row.unit_id: row for row in db.session.scalars(select(FitRow))}
    return [
        UnitFit(
            units.get(unit_id),
            row.since,
            row.people,
            row.learned,
            row.judged,
            row.log_loss,
            row.default_log_loss,
            row.better,
        )
        for unit_id in (EVERYBODY, *units)
        if (row := rows.get(unit_id)) is not None
    ]


def list_used_fits() -> dict[int, tuple[float, ...]]:
    """Return the parameters of the fits that foretold better than the defaults, by unit."""
    query = select(FitRow.unit_id, FitRow.parameters).where(FitRow.better)
    return {
        unit_id: msgspec.json.decode(told, type=tuple[float, ...])
        for unit_id, told in db.session.execute(query)
    }


def count_delayed() -> dict[int, int]:
    """Return how many answers a day or more after the one before each unit has, alone."""
    row = UnitChapterRow
    counts = func.sum(row.delayed + row.self_delayed)
    query = select(row.unit_id, counts).group_by(row.unit_id)
    return {unit_id: int(n) for unit_id, n in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class Studied:
    """The answers that somebody, in a unit, gave to one question."""

    unit_id: int
    member_id: int
    question_id: str
    course: Course


def list_courses(
    unit_ids: Iterable[int] | None, share: int = 1, simulated: bool = False
) -> Iterator[Studied]:
    """Yield the counted answers of the present people of units (None: of all), card by card.

    Of `share` equal parts of the people one is read; simulated answers only when asked for.
    """
    people = listing.c
    query = (
        select(
            people.unit_id,
            ReviewRow.member_id,
            ReviewRow.question_id,
            ReviewRow.rating,
            ReviewRow.day,
        )
        .join(listing, people.id == ReviewRow.member_id)
        .outerjoin(VoidRow, VOID_OF_REVIEW)
        .where(VoidRow.answer_id.is_(None), people.state != "disabled", _within(unit_ids))
        .where(ReviewRow.member_id % share == 0)
        .order_by(ReviewRow.member_id, ReviewRow.question_id, ReviewRow.at_ms, ReviewRow.answer_id)
        .execution_options(yield_per=5000)
    )
    if not simulated:
        query = query.where(ReviewRow.way != SIMULATED)
    rows = db.session.execute(query)
    for key, own in groupby(rows, key=lambda r: (r.unit_id, r.member_id, r.question_id)):
        course = [(row.rating, row.day.toordinal()) for row in own]
        yield Studied(key[0] or EVERYBODY, key[1], key[2], course)


def _within(unit_ids: Iterable[int] | None) -> ColumnElement[bool]:
    """Return the condition that people are in one of the units; 0 stands for those in none."""
    if unit_ids is None:
        return true()
    ids = set(unit_ids)
    inside = listing.c.unit_id.in_(ids)
    return inside | listing.c.unit_id.is_(None) if EVERYBODY in ids else inside

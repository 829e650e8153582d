"""The fit of last night read back: forecasts of scores, and how forecasts fared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import select

from app.assess.backtest import Backtest
from app.assess.expected import Asked, Forecast, expected, shortages, slots_on
from app.assess.guess import guess
from app.assess.models import FitRow, ItemOffsetRow, MemberOffsetRow
from app.assess.offsets import Model, Offset
from app.bank.queries import Question
from app.base.db import db
from app.study.memory import Memory


@dataclass(frozen=True, slots=True)
class Outlook:
    """The score to expect of a set of questions, or why there is none (`lacks`)."""

    forecast: Forecast | None
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fared:
    """How forecasts fared, of real or simulated members, and what the fit rests on."""

    simulated: bool
    fitted_at: int
    samples: int
    tried: Backtest


def get_model(member_id: int) -> Model:
    """Return the model that forecasts for a member: simulated members have one of their own."""
    own = db.session.get(MemberOffsetRow, member_id)
    simulated = own is not None and own.simulated
    row = db.session.get(FitRow, simulated)
    if row is None:
        return Model()
    query = select(ItemOffsetRow.question_id, ItemOffsetRow.value, ItemOffsetRow.variance)
    items = db.session.execute(query.where(ItemOffsetRow.simulated.is_(simulated)))
    return Model(
        coefficients=msgspec.json.decode(row.coefficients, type=tuple[float, ...]),
        members={member_id: Offset(own.value, own.variance)} if own else {},
        items={i: Offset(value, variance) for i, value, variance in items},
        member_variance=row.member_variance,
        item_variance=row.item_variance,
        samples=row.samples,
    )


def forecast(
    model: Model,
    member_id: int,
    asked: Iterable[tuple[Question, int]],
    memories: Mapping[str, Memory],
    day: date,
) -> Outlook:
    """Return what score to expect on `day` of (question, points), given the member's memories."""
    parts = [
        Asked(question.id, points, guess(question.kind, question.content).right)
        for question, points in asked
    ]
    slots = slots_on(parts, memories, day)
    lacks = tuple(shortages(model, slots))
    return Outlook(None if lacks else expected(model, member_id, slots), lacks)


def list_fared() -> list[Fared]:
    """Return how forecasts fared, of real members first, then of simulated ones."""
    rows = db.session.scalars(select(FitRow).order_by(FitRow.simulated))
    return [
        Fared(
            row.simulated,
            row.fitted_at,
            row.samples,
            msgspec.json.decode(row.judged, type=Backtest),
        )
        for row in rows
    ]

"""What is worked out at night: the forecast's fit, how forecasts fared, how each question does.

Everything is read and computed before the one short transaction that stores it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.assess.backtest import Backtest, backtest
from app.assess.guess import guess
from app.assess.history import Dated, list_dated
from app.assess.item_analysis import Answer, analyse
from app.assess.models import (
    FitRow,
    ItemOffsetRow,
    ItemRow,
    MemberOffsetRow,
)
from app.assess.offsets import Model, fit
from app.assess.responses import chosen, item_of
from app.bank.queries import Question, get_questions, list_question_ids
from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.study.queries import count_logged, list_first_answers, list_logs

MOST_ANSWERS = 100_000  # read for a fit; with more, each night another part of the members
MOST_FIRSTS = 200_000  # the newest first answers, for the analysis of the bank


@dataclass(frozen=True, slots=True)
class Refit:
    """What a night's work rests on; Brier scores are None without enough later answers."""

    samples: int
    simulated: int
    questions: int
    brier: float | None
    constant: float | None
    held: float | None


def refit_forecasts(now: datetime) -> Refit:
    """Fit the forecast anew, judge the one before, and count the figures of all questions."""
    today = study_day(now)
    real, judged = _fit(False, today)
    made, judged_made = _fit(True, today)
    items = _count_items(now)
    with transaction() as session:
        for simulated, model, told in ((False, real, judged), (True, made, judged_made)):
            if model.samples:
                _store(session, simulated, model, told, now)
        session.execute(delete(ItemRow))
        if items:
            session.execute(insert(ItemRow), items)
    shown = judged if judged.calibration else judged_made
    good, held = shown.calibration, shown.coverage
    return Refit(
        samples=real.samples,
        simulated=made.samples,
        questions=len(items),
        brier=good.brier if good else None,
        constant=good.constant_brier if good else None,
        held=held.held if held else None,
    )


def _fit(simulated: bool, today: date) -> tuple[Model, Backtest]:
    """Return the model of the answers, and how one of the older answers did on the newer."""
    share = -(-count_logged(simulated) // MOST_ANSWERS) or 1
    dated = list(_list_dated(simulated, share, today.toordinal() % share))
    last = max((day for day, _sample in dated), default=today)
    return fit([sample for _day, sample in dated]), backtest(dated, min(last, today))


def _list_dated(simulated: bool, share: int, turn: int) -> Iterator[Dated]:
    """Yield the samples of every card whose question is still known."""
    known = get_questions(list_question_ids())
    for log in list_logs(simulated, share, turn):
        question = known.get(log.question_id)
        if question is not None:
            floor = guess(question.kind, question.content).right
            key = log.member_id, log.question_id
            yield from list_dated(*key, floor, log.reviews, log.self_rated)


def _count_items(now: datetime) -> list[dict[str, object]]:
    """Return a row for every question: first answers to its newest revision, of everybody.

    All first answers of a member stand for one attempt, so that the rest of it is what the same
    person knew of other questions.
    """
    rows = list_first_answers(MOST_FIRSTS)
    known: dict[str, Question] = get_questions({row.question_id for row in rows})
    answers = [
        Answer(
            str(row.member_id), row.question_id, float(row.right), 1.0, chosen(q.kind, row.response)
        )
        for row in rows
        if (q := known.get(row.question_id)) is not None and q.revision == row.revision
    ]
    found = analyse(answers, {i: item_of(question) for i, question in known.items()})
    return [
        {
            "question_id": i,
            "revision": known[i].revision,
            "answers": one.answers,
            "flagged": bool(one.flags),
            "figures": msgspec.json.encode(one).decode(),
            "counted_at": epoch(now),
        }
        for i, one in found.items.items()
    ]


def _store(
    session: Session, simulated: bool, model: Model, judged: Backtest, now: datetime
) -> None:
    """Put a fit in the place of the one before; members not read tonight keep theirs."""
    session.merge(
        FitRow(
            simulated=simulated,
            fitted_at=epoch(now),
            samples=model.samples,
            coefficients=msgspec.json.encode(model.coefficients).decode(),
            member_variance=model.member_variance,
            item_variance=model.item_variance,
            judged=msgspec.json.encode(judged).decode(),
        )
    )
    session.flush()
    session.execute(delete(ItemOffsetRow).where(ItemOffsetRow.simulated.is_(simulated)))
    members = list(model.members.items())
    ids = [member for member, _offset in members]
    for place in range(0, len(ids), 500):
        some = MemberOffsetRow.member_id.in_(ids[place : place + 500])
        session.execute(delete(MemberOffsetRow).where(some))
    session.execute(
        insert(MemberOffsetRow),
        [
            {"member_id": m, "simulated": simulated, "value": o.value, "variance": o.variance}
            for m, o in members
        ],
    )
    session.execute(
        insert(ItemOffsetRow),
        [
            {"question_id": i, "simulated": simulated, "value": o.value, "variance": o.variance}
            for i, o in model.items.items()
        ],
    )

"""Attempts: begun once, answered one by one, handed in once; limits hold inside the transaction."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.bank.queries import get_question
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import is_id, new_id
from app.quiz.actions.holding import find_extra, hold_attempt, hold_paper, list_slots
from app.quiz.actions.marking import finish, mark_slot
from app.quiz.blueprint import Drawn
from app.quiz.compose import copy_for
from app.quiz.models import AttemptRow, PaperRow, SlotRow
from app.quiz.paper import Paper
from app.quiz.queries.drawing import candidates_of, count_met, list_pool
from app.quiz.queries.papers import is_offered
from app.quiz.reading import paper_of
from app.quiz.window import (
    GRACE,
    deadline_of,
    may_answer,
    must_close,
    week_number,
    why_not_start,
)

AT_A_TIME = 50  # attempts marked in one transaction, so that others get their turn


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it arrives; `version` is that of the slot when the page was made."""

    slot: int
    answer_id: str
    version: int
    response: Any


def start_attempt(viewer: Viewer, paper_id: int, now: datetime) -> int:
    """Begin an attempt and return its number; one under way is returned instead.

    Raises Invalid with the reason when none may begin. Attempts are numbered, and a number can be
    taken once: of two that race for the last one allowed, the second gets the first's.
    """
    try:
        return _start(viewer, paper_id, now)
    except IntegrityError:  # another delivery took the number: its attempt is there by now
        return _start(viewer, paper_id, now)


def answer_slot(member_id: int, paper_id: int, number: int, sent: Sent, now: datetime) -> bool:
    """Save an answer and return whether the attempt is still under way.

    Saved by the time this returns. A repeated answer id changes nothing. Raises Stale after the
    deadline (plus the grace), when handed in, or when the slot was answered on another page since.
    In a challenge an answer is final, and a wrong one ends the attempt.
    """
    if not is_id(sent.answer_id):
        raise Invalid(_("这一页不完整，请返回试卷重新打开题目。没有保存。"))
    with transaction() as session:
        paper = paper_of(hold_paper(session, paper_id, share=True))
        attempt = hold_attempt(session, member_id, paper_id, number)
        slot = session.get(SlotRow, (member_id, paper_id, number, sent.slot))
        if slot is None:
            raise NotFound(_("没有这一题。"))
        if slot.answer_id == sent.answer_id:
            return attempt.state == "open"
        _check_open(attempt, now)
        _check_turn(session, paper, attempt, slot, sent)
        slot.response = json.dumps(sent.response, ensure_ascii=False)
        slot.answer_id, slot.answered_at = sent.answer_id, int(now.timestamp() * 1000)
        slot.version += 1
        if paper.terms.mode == "challenge":
            _go_on(session, paper, attempt, slot, now)
        return attempt.state == "open"


def submit_attempt(member_id: int, paper_id: int, number: int, now: datetime) -> None:
    """Hand an attempt in and mark it; a second time changes nothing."""
    with transaction() as session:
        paper = paper_of(hold_paper(session, paper_id, share=True))
        attempt = hold_attempt(session, member_id, paper_id, number)
        if attempt.state == "open":
            _finish_by(session, paper, attempt, now)


def expire_attempts(
    now: datetime, member_id: int | None = None, paper_id: int | None = None
) -> int:
    """Mark attempts past their deadline as they are saved, those of a member or of a paper.

    The time they count as handed in is the deadline, whenever somebody looks. Returns how many
    were marked, at most AT_A_TIME.
    """
    overdue = select(AttemptRow.paper_id, AttemptRow.member_id, AttemptRow.number).where(
        AttemptRow.state == "open", AttemptRow.deadline < epoch(now) - GRACE
    )
    if member_id is not None:
        overdue = overdue.where(AttemptRow.member_id == member_id)
    if paper_id is not None:
        overdue = overdue.where(AttemptRow.paper_id == paper_id)
    ordered = overdue.order_by(AttemptRow.paper_id, AttemptRow.member_id, AttemptRow.number)
    marked = 0
    with transaction() as session:
        for own_paper_id, own_id, number in session.execute(ordered.limit(AT_A_TIME)).all():
            paper = paper_of(hold_paper(session, own_paper_id, share=True))
            attempt = hold_attempt(session, own_id, own_paper_id, number)
            if attempt.state == "open" and must_close(attempt.deadline, epoch(now)):
                _finish_by(session, paper, attempt, now)
                marked += 1
    return marked


def _start(viewer: Viewer, paper_id: int, now: datetime) -> int:
    """Begin an attempt in one transaction."""
    with transaction() as session:
        row = hold_paper(session, paper_id, share=True)
        paper = paper_of(row)
        own = _own_attempts(session, viewer.id, paper_id)
        under_way = _under_way(session, paper, own, now)
        if under_way is not None:
            return under_way
        offered = select(PaperRow.id).where(PaperRow.id == paper_id, is_offered(viewer))
        if session.scalar(offered) is None:
            raise NotFound(_("没有这份试卷。"))
        weekly = paper.terms.mode == "weekly"
        number = week_number(now) if weekly else max((a.number for a in own), default=0) + 1
        used = sum(a.number == number for a in own) if weekly else len(own)
        allowed = 1 if weekly else paper.terms.attempts_allowed
        refusal = why_not_start(paper.state, paper.window, epoch(now), used, allowed)
        if refusal:
            raise Invalid(refusal)
        _write_attempt(session, viewer.id, paper, number, now)
        return number


def _own_attempts(session: Session, member_id: int, paper_id: int) -> list[AttemptRow]:
    """Return a member's attempts at a paper."""
    own = select(AttemptRow).where(
        AttemptRow.member_id == member_id, AttemptRow.paper_id == paper_id
    )
    return list(session.scalars(own.order_by(AttemptRow.number)))


def _under_way(session: Session, paper: Paper, own: list[AttemptRow], now: datetime) -> int | None:
    """Return the number of the attempt under way; one past its deadline is marked first."""
    for row in own:
        attempt = hold_attempt(session, row.member_id, row.paper_id, row.number)
        if attempt.state == "open" and must_close(attempt.deadline, epoch(now)):
            _finish_by(session, paper, attempt, now)
        if attempt.state == "open":
            return attempt.number
    return None


def _write_attempt(
    session: Session, member_id: int, paper: Paper, number: int, now: datetime
) -> None:
    """Insert an attempt with its questions, drawn for this person where the paper says so."""
    seed, at = new_id(), epoch(now)
    drawn = _draw_copy(paper, seed, count_met(member_id), now)
    extra = find_extra(session, member_id, paper.id)
    key = {"member_id": member_id, "paper_id": paper.id, "number": number}
    session.execute(
        insert(AttemptRow).values(
            **key,
            seed=seed,
            state="open",
            started_at=at,
            deadline=deadline_of(at, paper.terms.duration_s, paper.window_of(number), extra),
            full=float(sum(d.points for d in drawn)),
        )
    )
    session.execute(
        insert(SlotRow),
        [
            {
                **key,
                "slot": place,
                "question_id": d.question_id,
                "revision": d.revision,
                "points": d.points,
                "seed": new_id(),
                "version": 0,
            }
            for place, d in enumerate(drawn, 1)
        ],
    )


def _draw_copy(paper: Paper, seed: str, met: dict[str, int], now: datetime) -> tuple[Drawn, ...]:
    """Return a person's questions, without those reserved elsewhere as long as others suffice."""
    try:
        return copy_for(paper, list_pool(paper, now), seed, met)
    except Invalid:  # a paper that is offered can be begun, whatever was reserved since
        return copy_for(paper, candidates_of(paper.items), seed, met)


def _check_open(attempt: AttemptRow, now: datetime) -> None:
    """Refuse an answer that comes too late."""
    if attempt.state != "open":
        raise Stale(_("这份试卷已经交了，这次的答案没有记入；先前保存的答案都算数。"))
    if not may_answer(attempt.deadline, epoch(now)):
        raise Stale(_("时间已到，这次的答案没有记入；先前保存的答案都算数。"))


def _check_turn(
    session: Session, paper: Paper, attempt: AttemptRow, slot: SlotRow, sent: Sent
) -> None:
    """Refuse an answer that another page has overtaken, or that a challenge does not ask for."""
    if slot.version != sent.version:
        raise Stale(_("这道题刚才已在别的页面答过，以先前那次为准。要改的话请重新打开这道题。"))
    if paper.terms.mode != "challenge":
        return
    earlier = [one for one in list_slots(session, attempt) if one.slot < slot.slot]
    if slot.response is not None or any(one.response is None for one in earlier):
        raise Stale(_("挑战答题要一题一题往下答，答过的不能改。"))


def _go_on(
    session: Session, paper: Paper, attempt: AttemptRow, slot: SlotRow, now: datetime
) -> None:
    """End a challenge at its first mistake or its last question."""
    mark_slot(slot, get_question(slot.question_id, slot.revision), paper)
    last = max(one.slot for one in list_slots(session, attempt))
    if not slot.right or slot.slot == last:
        _finish_by(session, paper, attempt, now)


def _finish_by(session: Session, paper: Paper, attempt: AttemptRow, now: datetime) -> None:
    """Mark an attempt as handed in now, or at its deadline when that has passed."""
    late = must_close(attempt.deadline, epoch(now))
    at = attempt.deadline if late and attempt.deadline is not None else epoch(now)
    finish(session, paper, attempt, at, "expired" if late else "submitted")

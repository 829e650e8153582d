"""One attempt: the question to answer, what is saved, and the result once it may be shown."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.bank.kinds import KINDS, Presented
from app.bank.queries import Question, get_question
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound, Stale
from app.base.sql import Statement
from app.quiz.correction import can_translate, translate
from app.quiz.models import AttemptRow, RemarkRow, SlotRow
from app.quiz.paper import Paper
from app.quiz.scoring import has_passed
from app.quiz.sheet import fields_of
from app.quiz.window import GRACE, is_key_open, time_left

_OVERDUE = Statement(
    """SELECT 1 FROM quiz_attempt
    WHERE member_id = :member AND state = 'open' AND deadline < :before LIMIT 1"""
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt without its secrets; times in epoch seconds."""

    member_id: int
    paper_id: int
    number: int
    state: str
    started_at: int
    deadline: int | None
    submitted_at: int | None
    score: float | None
    full: float


@dataclass(frozen=True, slots=True)
class SlotPage:
    """A question to answer: nothing here that goes onto the page tells the key.

    `saved` says of each slot whether an answer is stored; `fields` holds the one stored here.
    """

    paper: Paper
    attempt: Attempt
    slot: int
    question: Question
    presented: Presented
    fields: dict[str, list[str]]
    version: int
    saved: tuple[bool, ...]
    seed: str
    left_s: int | None


@dataclass(frozen=True, slots=True)
class Remark:
    """A mark given anew."""

    old_mark: float
    new_mark: float
    reason: str
    given_at: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked question: what was given, what is right, what it earned; `chosen` are indexes."""

    slot: int
    question: Question
    presented: Presented
    chosen: tuple[int, ...]
    given: str | None
    key: str
    mark: float
    points: int
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt went; while the key is not open, `slots` is empty and no score is told."""

    paper: Paper
    attempt: Attempt
    answered: int
    total: int
    key_open: bool
    passed: bool
    slots: tuple[Marked, ...]

    @property
    def is_remarked(self) -> bool:
        """Whether a question was marked anew."""
        return any(one.remarks for one in self.slots)


def attempt_of(row: AttemptRow) -> Attempt:
    """Return the frozen view of a row."""
    return Attempt(**{name: getattr(row, name) for name in Attempt.__slots__})


def get_attempt(member_id: int, paper_id: int, number: int) -> Attempt:
    """Return one attempt of a member; raise NotFound."""
    return attempt_of(_row(member_id, paper_id, number))


def get_slot_page(member_id: int, paper: Paper, number: int, slot: int, now: datetime) -> SlotPage:
    """Return a question of an attempt under way; raise Stale when it cannot be answered any more.

    In a challenge only the first question without an answer can be looked at.
    """
    row = _row(member_id, paper.id, number)
    slots = _slots(row)
    saved = tuple(one.response is not None for one in slots)
    if not 1 <= slot <= len(slots):
        raise NotFound(_("没有这一题。"))
    if row.state != "open":
        raise Stale(_("这份试卷已经交了，这次的答案没有记入；先前保存的答案都算数。"))
    if paper.terms.mode == "challenge" and slot != first_open(saved):
        raise Stale(_("挑战答题要一题一题往下答，答过的不能改。"))
    asked = slots[slot - 1]
    question = get_question(asked.question_id, asked.revision)
    return SlotPage(
        paper=paper,
        attempt=attempt_of(row),
        slot=slot,
        question=question,
        presented=KINDS[question.kind].present(question.content, asked.seed),
        fields=fields_of(question.kind, question.content, asked.seed, _response(asked)),
        version=asked.version,
        saved=saved,
        seed=asked.seed,
        left_s=time_left(row.deadline, epoch(now)),
    )


def first_open(saved: tuple[bool, ...]) -> int:
    """Return the first slot (from 1) without an answer, or the last one when all have one."""
    return saved.index(False) + 1 if False in saved else len(saved)


def get_turn(member_id: int, paper_id: int, number: int) -> int:
    """Return the first slot of an attempt without an answer, the last when all have one."""
    slots = _slots(_row(member_id, paper_id, number))
    return first_open(tuple(one.response is not None for one in slots))


def is_saved(member_id: int, paper_id: int, number: int, slot: int, answer_id: str) -> bool:
    """Say whether this very answer is what is stored for the slot."""
    row = db.session.get(SlotRow, (member_id, paper_id, number, slot))
    return row is not None and row.answer_id == answer_id


def get_result(member_id: int, paper: Paper, number: int, now: datetime) -> Result:
    """Return how a member's attempt went; marks and key only when they may be shown."""
    row = _row(member_id, paper.id, number)
    is_open = is_key_open(
        paper.terms.key_shown, row.state != "open", paper.window_of(number), epoch(now)
    )
    return read_result(row, paper, is_open)


def read_result(row: AttemptRow, paper: Paper, key_open: bool) -> Result:
    """Return the result of an attempt's row."""
    slots = _slots(row)
    answered = [one for one in slots if one.response is not None]
    shown = answered if paper.terms.mode == "challenge" else slots
    remarks = _remarks(row) if key_open else {}
    return Result(
        paper=paper,
        attempt=attempt_of(row),
        answered=len(answered),
        total=len(slots),
        key_open=key_open,
        passed=has_passed(row.score or 0.0, row.full, paper.terms.pass_percent),
        slots=tuple(_marked(one, remarks.get(one.slot, ())) for one in shown) if key_open else (),
    )


def has_overdue(now: datetime, member_id: int | None = None, paper_id: int | None = None) -> bool:
    """Say whether attempts under way, of a member or a paper, are past their deadline."""
    if member_id is not None and paper_id is None:  # asked at every visit
        return _OVERDUE.one(member=member_id, before=epoch(now) - GRACE) is not None
    query = select(AttemptRow.number).where(
        AttemptRow.state == "open", AttemptRow.deadline < epoch(now) - GRACE
    )
    if member_id is not None:
        query = query.where(AttemptRow.member_id == member_id)
    if paper_id is not None:
        query = query.where(AttemptRow.paper_id == paper_id)
    return db.session.scalar(query.limit(1)) is not None


def _row(member_id: int, paper_id: int, number: int) -> AttemptRow:
    """Return the row of an attempt; raise NotFound."""
    row = db.session.get(AttemptRow, (member_id, paper_id, number))
    if row is None:
        raise NotFound(_("没有这次答卷。"))
    return row


def _slots(row: AttemptRow) -> list[SlotRow]:
    """Return the slots of an attempt in order."""
    own = select(SlotRow).where(
        SlotRow.member_id == row.member_id,
        SlotRow.paper_id == row.paper_id,
        SlotRow.number == row.number,
    )
    return list(db.session.scalars(own.order_by(SlotRow.slot)))


def _remarks(row: AttemptRow) -> dict[int, tuple[Remark, ...]]:
    """Return what was marked anew, by slot, in time order."""
    own = select(RemarkRow).where(
        RemarkRow.member_id == row.member_id,
        RemarkRow.paper_id == row.paper_id,
        RemarkRow.number == row.number,
    )
    found: dict[int, tuple[Remark, ...]] = {}
    for one in db.session.scalars(own.order_by(RemarkRow.slot, RemarkRow.turn)):
        remark = Remark(one.old_mark, one.new_mark, one.reason, one.given_at)
        found[one.slot] = (*found.get(one.slot, ()), remark)
    return found


def _response(row: SlotRow) -> Any:
    """Return the stored response, None when there is none."""
    return None if row.response is None else json.loads(row.response)


def _marked(row: SlotRow, remarks: tuple[Remark, ...]) -> Marked:
    """Return a slot with its key, as the revision says that marked it where that is readable."""
    question, response = get_question(row.question_id, row.revision), _response(row)
    if row.marked_revision not in (None, row.revision):
        later = get_question(row.question_id, row.marked_revision)
        if can_translate(question.content, later.content):
            response = translate(question.content, later.content, response)
            question = later
    kind = KINDS[question.kind]
    return Marked(
        slot=row.slot,
        question=question,
        presented=kind.present(question.content, row.seed),
        chosen=_chosen(question.kind, response),
        given=None if response is None else kind.describe_response(question.content, response),
        key=kind.describe_key(question.content),
        mark=row.mark or 0.0,
        points=row.points,
        remarks=remarks,
    )


def _chosen(kind: str, response: Any) -> tuple[int, ...]:
    """Return the indexes of the chosen options, empty for kinds without options."""
    if response is None or kind in ("blank", "order"):
        return ()
    return ((0 if response else 1),) if kind == "truefalse" else tuple(response)

"""Answers that a phone kept: taken in exactly once each, in whatever order they arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import msgspec
from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.bank.kinds import KINDS
from app.bank.marking import mark
from app.base.db import db, transaction
from app.base.errors import XuejiError
from app.base.sql import Statement, as_day
from app.org.queries import Stay, list_stays, unit_at
from app.study.actions.summaries import move_summaries
from app.study.actions.writing import (
    append_review,
    copy_review,
    lock_cards,
    milliseconds,
    remake_card,
    void_answer,
)
from app.study.arrival import Arrival, Claim, settle_times
from app.study.card import Review
from app.study.delivery import Item
from app.study.memory import AGAIN, GOOD, HARD
from app.study.models import ReviewRow, WaitingRow
from app.study.queries.queue import WAYS
from app.study.queries.shelf import find_kept, list_held_back

Outcome = Literal["ok", "duplicate", "rejected"]


class Result(NamedTuple):
    """What became of one item; `reason` is a sentence when it was rejected."""

    id: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An item as it is to be taken in; `handshake_ms` is None when the phone cannot prove one."""

    item: Item
    handshake_ms: int | None


@dataclass(frozen=True, slots=True)
class Marked:
    """What the bank says of an answer: its canonical response and whether it is right.

    `right` is None while a paper holds the question back: then nothing may tell of the key.
    """

    response: Any
    right: bool | None


def absorb_answers(
    member_id: int, device: str, phone_now_ms: int, items: Sequence[Kept], now: datetime
) -> list[Result]:
    """Take in what a phone kept and return what became of each item, in the order given.

    An answer counts once, however often and in whatever order it is sent; its card is then the
    replay of all counted answers by time. A version of the card that the phone has not seen
    refuses nothing. What is taken back (`voids`) before it arrives does not count when it does.
    """
    marked = {kept.item.id: _mark(member_id, kept.item) for kept in items if kept.item.question}
    try:
        return _Absorption(member_id, device, marked).run(phone_now_ms, items, now)
    except IntegrityError:  # another delivery of the same at the same instant: it is stored by now
        return _Absorption(member_id, device, marked).run(phone_now_ms, items, now)


def absorb_waiting(member_id: int, now: datetime) -> int:
    """Take in the answers that waited for the end of a paper; return how many there were."""
    if _ANY_WAITING.one(member=member_id) is None:
        return 0
    mine = select(WaitingRow).where(WaitingRow.member_id == member_id)
    rows = list(db.session.scalars(mine.order_by(WaitingRow.at_ms, WaitingRow.answer_id)))
    held = list_held_back() if rows else frozenset()
    items = {
        row.answer_id: msgspec.json.decode(row.item, type=Item)
        for row in rows
        if row.question_id not in held
    }
    marked = {i: _mark(member_id, item) for i, item in items.items()}
    return _Absorption(member_id, "", marked).release(items) if items else 0


def _mark(member_id: int, item: Item) -> Marked | str:
    """Return the mark of an answer, or a sentence why it cannot be marked.

    What is no longer asked since the phone took it along still counts: it was asked then. So does
    what belongs to a unit the member has left, and what a paper has reserved: that once it is over.
    """
    try:
        question, held = find_kept(member_id, item.question or "", item.revision)
        response = KINDS[question.kind].accept(question.content, item.response)
    except XuejiError as error:
        return str(error.message)
    return Marked(response, None if held else mark(question, response).right)


class Stored(NamedTuple):
    """What taking in asks of an answer that is stored."""

    question_id: str
    day: date
    right: bool


class Void(NamedTuple):
    """The taking back of an answer, and what stands for it instead."""

    replaced_by: str | None


_REVIEW = Statement(
    """SELECT question_id, day, "right" FROM study_review
    WHERE member_id = :member AND answer_id = :answer"""
)
_ANY_WAITING = Statement("SELECT 1 FROM study_waiting WHERE member_id = :member LIMIT 1")
_WAITS = Statement("SELECT 1 FROM study_waiting WHERE member_id = :member AND answer_id = :answer")
_VOID = Statement(
    "SELECT replaced_by FROM study_void WHERE member_id = :member AND answer_id = :answer"
)


class _Absorption:
    """One delivery being taken in: what is stored of it so far, and the cards it touches."""

    def __init__(self, member_id: int, device: str, marked: Mapping[str, Marked | str]) -> None:
        self.member_id, self.device, self.marked = member_id, device, marked
        self.touched: set[str] = set()
        self.session: Session = db.session()
        self.stays: tuple[Stay, ...] = ()

    def run(self, phone_now_ms: int, items: Sequence[Kept], now: datetime) -> list[Result]:
        """Take the items in, in the order they were made in, within one transaction."""
        arrived_ms, results = milliseconds(now), dict[int, Result]()
        order = sorted(range(len(items)), key=lambda n: items[n].item.sequence)
        claims = [Claim(items[n].item.at, items[n].handshake_ms) for n in order]
        times = settle_times(claims, phone_now_ms, arrived_ms)
        with transaction() as session:
            lock_cards(session, self.member_id, self._questions(items))
            self.stays = list_stays(self.member_id)
            for n, time in zip(order, times, strict=True):
                results[n] = self._take(items[n].item, time, arrived_ms)
            self._remake_cards()
        return [results[n] for n in range(len(items))]

    def release(self, items: Mapping[str, Item]) -> int:
        """Take in items that were laid aside, at the times that were settled then."""
        taken = 0
        with transaction() as session:
            kept = [Kept(item, None) for item in items.values()]
            lock_cards(session, self.member_id, self._questions(kept))
            self.stays = list_stays(self.member_id)
            for answer_id, item in items.items():
                row = self._waiting(answer_id)
                if row is None:  # another visit at the same instant was faster
                    continue
                self.device, time = row.device, Arrival(row.at_ms, row.disputed)
                session.delete(row)
                session.flush()
                taken += self._take(item, time, row.arrived_ms).outcome == "ok"
            self._remake_cards()
        return taken

    def _remake_cards(self) -> None:
        """Make the cards again that the items have touched, and move the summaries at once."""
        changes = []
        for question_id in sorted(self.touched):
            changes += remake_card(self.session, self.member_id, question_id)
        move_summaries(self.session, self.member_id, changes)

    def _questions(self, items: Sequence[Kept]) -> set[str]:
        """Return the questions whose cards the items may touch."""
        voided = [kept.item.voids for kept in items if kept.item.voids]
        query = select(ReviewRow.question_id).where(
            ReviewRow.member_id == self.member_id, ReviewRow.answer_id.in_(voided)
        )
        named = {kept.item.question for kept in items if kept.item.question}
        return named | set(self.session.scalars(query))

    def _take(self, item: Item, time: Arrival, arrived_ms: int) -> Result:
        """Take one item in."""
        if item.question is None:
            return self._take_back(item, time)
        if self._review(item.id) is not None or self._waits(item.id):
            return Result(item.id, "duplicate")
        marked = self.marked[item.id]
        if isinstance(marked, str):
            return Result(item.id, "rejected", marked)
        if marked.right is None:
            self._lay_aside(item, time, arrived_ms)
            return Result(item.id, "ok")
        opinion = item.rating if item.rating >= HARD else GOOD
        replaced = self._review(item.voids) if item.voids else None
        if replaced is not None:
            if replaced.question_id != item.question or not replaced.right:
                return Result(item.id, "rejected", _("答错的题会很快再来，不用评难易。"))
            copy_review(self.session, self.member_id, item.voids or "", item.id, opinion)
        else:
            self._append(item, marked, opinion if marked.right else AGAIN, time, arrived_ms)
        self.touched.add(item.question)
        if item.voids:
            self._replace(item.voids, item.id, time)
        return Result(item.id, "ok")

    def _lay_aside(self, item: Item, time: Arrival, arrived_ms: int) -> None:
        """Keep an answer, unmarked, until the paper that reserves its question is over."""
        self.session.execute(
            insert(WaitingRow).values(
                member_id=self.member_id,
                answer_id=item.id,
                question_id=item.question,
                item=msgspec.json.encode(item).decode(),
                device=self.device,
                at_ms=time.at_ms,
                arrived_ms=arrived_ms,
                disputed=time.disputed,
            )
        )

    def _append(
        self, item: Item, marked: Marked, rating: int, time: Arrival, arrived_ms: int
    ) -> None:
        """Write an answer into the log; the replay then says what state came before it."""
        append_review(
            self.session,
            self.member_id,
            item.question or "",
            Review(item.id, time.at_ms, time.day, rating, bool(marked.right)),
            revision=item.revision,
            before=0,
            response=marked.response,
            elapsed_ms=item.elapsed,
            way=item.way if item.way in WAYS else "due",
            device=self.device,
            arrived_ms=arrived_ms,
            claimed_ms=item.at,
            disputed=time.disputed,
            unit_id=unit_at(self.stays, time.at_ms // 1000) or 0,
        )

    def _replace(self, old_id: str, new_id: str, time: Arrival) -> None:
        """Let an answer stand for an older one; when that is gone already, it is gone too."""
        if self._void(old_id) is None:
            void_answer(self.session, self.member_id, old_id, time.at_ms, replaced_by=new_id)
        elif self._void(new_id) is None:
            void_answer(self.session, self.member_id, new_id, time.at_ms)

    def _take_back(self, item: Item, time: Arrival) -> Result:
        """Take back an answer, or what has replaced it, on the study day it was given on."""
        target, void = self._last(item.voids or "")
        if void is not None:
            return Result(item.id, "duplicate")
        review = self._review(target)
        if review is not None and review.day != time.day:
            return Result(item.id, "rejected", _("只能撤销今天的作答。"))
        void_answer(self.session, self.member_id, target, time.at_ms)
        if review is not None:
            self.touched.add(review.question_id)
        return Result(item.id, "ok")

    def _last(self, answer_id: str) -> tuple[str, Void | None]:
        """Return the answer that stands for this one now, and its taking back, if there is one."""
        seen: set[str] = set()
        void = self._void(answer_id)
        while void is not None and void.replaced_by and answer_id not in seen:
            seen.add(answer_id)  # what a phone makes up may go round in a circle
            answer_id = void.replaced_by
            void = self._void(answer_id)
        return answer_id, void

    def _review(self, answer_id: str) -> Stored | None:
        """Return the member's stored answer of that id."""
        row = _REVIEW.run(self.session, member=self.member_id, answer=answer_id).fetchone()
        return Stored(row[0], as_day(row[1]), bool(row[2])) if row else None

    def _waiting(self, answer_id: str) -> WaitingRow | None:
        """Return the answer of that id that waits for the end of a paper."""
        return self.session.get(WaitingRow, (self.member_id, answer_id))

    def _waits(self, answer_id: str) -> bool:
        """Say whether the answer of that id waits for the end of a paper."""
        key = {"member": self.member_id, "answer": answer_id}
        return _WAITS.run(self.session, **key).fetchone() is not None

    def _void(self, answer_id: str) -> Void | None:
        """Return the taking back of an answer."""
        row = _VOID.run(self.session, member=self.member_id, answer=answer_id).fetchone()
        return Void(row[0]) if row else None

"""Answers that a phone kept: taken in exactly once each, in whatever order they arrive."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
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
from app.base.db import Place, db, transaction, writing
from app.base.errors import XuejiError
from app.base.sql import Statement, as_day
from app.org.queries import Stay, list_stays, unit_at
from app.study.actions.summaries import Change, move_summaries
from app.study.actions.writing import (
    ADD_CARD,
    HOLD_CARD,
    SET_CARD,
    append_review,
    card_from,
    copy_review,
    milliseconds,
    remake_card,
    void_answer,
)
from app.study.arrival import Arrival, Claim, settle_times
from app.study.card import Card, Review, after_review
from app.study.delivery import Item
from app.study.log import columns_of
from app.study.memory import AGAIN, GOOD, HARD
from app.study.models import WaitingRow
from app.study.queries.queue import WAYS
from app.study.queries.shelf import find_kept, list_held_back
from app.study.tally import tally_after

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
        self.touched: set[str] = set()  # questions whose cards are the replay of their logs
        self.moved: set[str] = set()  # those whose answers all came after what was known
        self.cards: dict[str, tuple[bool, Card | None]] = {}  # is there a row, and what it holds
        self.changes: list[Change] = []
        self.stays: tuple[Stay, ...] = ()
        self.has_waiting, self.alone = True, False
        self.place: Place = db.session()

    def run(self, phone_now_ms: int, items: Sequence[Kept], now: datetime) -> list[Result]:
        """Take the items in, in the order they were made in, within one transaction."""
        arrived_ms, results = milliseconds(now), dict[int, Result]()
        order = sorted(range(len(items)), key=lambda n: items[n].item.sequence)
        claims = [Claim(items[n].item.at, items[n].handshake_ms) for n in order]
        times = settle_times(claims, phone_now_ms, arrived_ms)
        self.stays = list_stays(self.member_id)
        with self._writing(items) as self.place:
            self._hold_cards(items)
            self.has_waiting = _ANY_WAITING.one(member=self.member_id) is not None
            for n, time in zip(order, times, strict=True):
                results[n] = self._take(items[n].item, time, arrived_ms)
            self._settle_cards()
        return [results[n] for n in range(len(items))]

    def _writing(self, items: Sequence[Kept]) -> AbstractContextManager[Place]:
        """Return the transaction to write in: answers alone need no session."""
        self.alone = all(kept.item.question and not kept.item.voids for kept in items)
        held = any(isinstance(m, Marked) and m.right is None for m in self.marked.values())
        return writing() if self.alone and not held else transaction()

    def release(self, items: Mapping[str, Item]) -> int:
        """Take in items that were laid aside, at the times that were settled then."""
        taken = 0
        self.stays = list_stays(self.member_id)
        with transaction() as session:
            self.place = session
            self._hold_cards([Kept(item, None) for item in items.values()])
            for answer_id, item in items.items():
                row = self._waiting(answer_id)
                if row is None:  # another visit at the same instant was faster
                    continue
                self.device, time = row.device, Arrival(row.at_ms, row.disputed)
                session.delete(row)
                session.flush()
                taken += self._take(item, time, row.arrived_ms).outcome == "ok"
            self._settle_cards()
        return taken

    def _hold_cards(self, items: Sequence[Kept]) -> None:
        """Read the cards the items may touch, and keep others from writing them.

        In the order of their keys, so that two deliveries cannot wait for each other.
        """
        for question_id in sorted(self._questions(items)):
            cursor = HOLD_CARD.run(self.place, member=self.member_id, question=question_id)
            row = cursor.fetchone()
            self.cards[question_id] = row is not None, card_from(row)

    def _settle_cards(self) -> None:
        """Write the cards that the items have moved or touched, and the summaries at once."""
        changes = self.changes
        for question_id in sorted(self.moved | self.touched):
            if question_id in self.touched:
                changes += remake_card(self.place, self.member_id, question_id)
                continue
            exists, card = self.cards[question_id]
            key = {"member_id": self.member_id, "question_id": question_id}
            if exists:
                SET_CARD.run(self.place, **key, **columns_of(card))
            else:
                ADD_CARD.run(self.place, **key, **columns_of(card), no=False)
        move_summaries(self.place, self.member_id, changes)

    def _questions(self, items: Sequence[Kept]) -> set[str]:
        """Return the questions whose cards the items may touch."""
        named = {kept.item.question for kept in items if kept.item.question}
        voided = (self._review(kept.item.voids) for kept in items if kept.item.voids)
        return named | {review.question_id for review in voided if review is not None}

    def _take(self, item: Item, time: Arrival, arrived_ms: int) -> Result:
        """Take one item in."""
        if item.question is None:
            return self._take_back(item, time)
        if self._review(item.id) is not None or (self.has_waiting and self._waits(item.id)):
            return Result(item.id, "duplicate")
        marked = self.marked[item.id]
        if isinstance(marked, str):
            return Result(item.id, "rejected", marked)
        if marked.right is None:
            self._lay_aside(item, time, arrived_ms)
            return Result(item.id, "ok")
        opinion = item.rating if item.rating >= HARD else GOOD
        rating = opinion if marked.right else AGAIN
        if self._follows(item, time):
            self._move(item, marked, rating, time, arrived_ms)
            return Result(item.id, "ok")
        replaced = self._review(item.voids) if item.voids else None
        if replaced is not None:
            if replaced.question_id != item.question or not replaced.right:
                return Result(item.id, "rejected", _("答错的题会很快再来，不用评难易。"))
            copy_review(self._session, self.member_id, item.voids or "", item.id, opinion)
        else:
            self._append(item, marked, rating, time, arrived_ms)
        self.touched.add(item.question)
        if item.voids:
            self._replace(item.voids, item.id, time)
        return Result(item.id, "ok")

    def _lay_aside(self, item: Item, time: Arrival, arrived_ms: int) -> None:
        """Keep an answer, unmarked, until the paper that reserves its question is over."""
        self.has_waiting = True
        self._session.execute(
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

    def _follows(self, item: Item, time: Arrival) -> bool:
        """Say whether an answer comes after all that is known of its card: no replay is needed.

        Where anything is taken back everything is replayed, and what was taken back before it
        arrived does not count.
        """
        question_id = item.question or ""
        replayed = question_id in self.touched or not self.alone
        if replayed or self._void(item.id) is not None:
            return False
        _exists, card = self.cards[question_id]
        return card is None or time.at_ms > card.last_at_ms

    def _move(
        self, item: Item, marked: Marked, rating: int, time: Arrival, arrived_ms: int
    ) -> None:
        """Write an answer that comes after all others, and move its card on."""
        question_id = item.question or ""
        exists, card = self.cards[question_id]
        tally = tally_after(card.memory.last_day if card else None, time.day)
        state = card.memory.state if card else 0
        review = self._append(item, marked, rating, time, arrived_ms, before=state, tally=tally)
        self.cards[question_id] = exists, after_review(card, review)
        self.moved.add(question_id)
        where = question_id, item.revision, self._unit_at(time), time.day, review.right
        self.changes.append(Change(*where, _way(item), old=0, new=tally))

    def _unit_at(self, time: Arrival) -> int:
        """Return the unit the member belonged to, 0 for none."""
        return unit_at(self.stays, time.at_ms // 1000) or 0

    @property
    def _session(self) -> Session:
        """The session that writes; deliveries that need one have it."""
        assert isinstance(self.place, Session)
        return self.place

    def _append(
        self,
        item: Item,
        marked: Marked,
        rating: int,
        time: Arrival,
        arrived_ms: int,
        before: int = 0,
        tally: int = 0,
    ) -> Review:
        """Write an answer into the log; a replay says later what state came before it."""
        review = Review(item.id, time.at_ms, time.day, rating, bool(marked.right))
        append_review(
            self.place,
            self.member_id,
            item.question or "",
            review,
            revision=item.revision,
            before=before,
            tally=tally,
            response=marked.response,
            elapsed_ms=item.elapsed,
            way=_way(item),
            device=self.device,
            arrived_ms=arrived_ms,
            claimed_ms=item.at,
            disputed=time.disputed,
            unit_id=self._unit_at(time),
        )
        return review

    def _replace(self, old_id: str, new_id: str, time: Arrival) -> None:
        """Let an answer stand for an older one; when that is gone already, it is gone too."""
        if self._void(old_id) is None:
            void_answer(self._session, self.member_id, old_id, time.at_ms, replaced_by=new_id)
        elif self._void(new_id) is None:
            void_answer(self._session, self.member_id, new_id, time.at_ms)

    def _take_back(self, item: Item, time: Arrival) -> Result:
        """Take back an answer, or what has replaced it, on the study day it was given on."""
        target, void = self._last(item.voids or "")
        if void is not None:
            return Result(item.id, "duplicate")
        review = self._review(target)
        if review is not None and review.day != time.day:
            return Result(item.id, "rejected", _("只能撤销今天的作答。"))
        void_answer(self._session, self.member_id, target, time.at_ms)
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
        row = _REVIEW.run(self.place, member=self.member_id, answer=answer_id).fetchone()
        return Stored(row[0], as_day(row[1]), bool(row[2])) if row else None

    def _waiting(self, answer_id: str) -> WaitingRow | None:
        """Return the answer of that id that waits for the end of a paper."""
        return self._session.get(WaitingRow, (self.member_id, answer_id))

    def _waits(self, answer_id: str) -> bool:
        """Say whether the answer of that id waits for the end of a paper."""
        key = {"member": self.member_id, "answer": answer_id}
        return _WAITS.run(self.place, **key).fetchone() is not None

    def _void(self, answer_id: str) -> Void | None:
        """Return the taking back of an answer."""
        row = _VOID.run(self.place, member=self.member_id, answer=answer_id).fetchone()
        return Void(row[0]) if row else None


def _way(item: Item) -> str:
    """Return the way in that is written down."""
    return item.way if item.way in WAYS else "due"

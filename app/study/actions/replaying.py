"""Items of every kind that a phone kept: answers, ratings, takings back, what papers hold back.

Each is written by itself and the cards it touches are made again from the log, so that they may
come in any order and take back what has not come yet.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.base.db import db, transaction
from app.base.sql import Statement, as_day
from app.org.queries import list_stays, unit_at
from app.study.actions.receiving import Received, Result, mark_item, phone_row, rating_of
from app.study.actions.summaries import Change, move_summaries
from app.study.actions.writing import (
    ADD_REVIEW,
    copy_review,
    lock_cards,
    remake_card,
    void_answer,
)
from app.study.arrival import Arrival
from app.study.card import Review
from app.study.delivery import Item
from app.study.models import WaitingRow
from app.study.queries.shelf import Luggage, list_held_back


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


def list_released(member_id: int) -> list[Item]:
    """Return the answers that no paper holds back any more, in time order."""
    if _ANY_WAITING.one(member=member_id) is None:
        return []
    mine = select(WaitingRow).where(WaitingRow.member_id == member_id)
    rows = list(db.session.scalars(mine.order_by(WaitingRow.at_ms, WaitingRow.answer_id)))
    held = list_held_back() if rows else frozenset()
    return [msgspec.json.decode(r.item, type=Item) for r in rows if r.question_id not in held]


def take_any(member_id: int, device: str, received: Sequence[Received]) -> list[Result]:
    """Take in items of every kind in one transaction; return what became of each, in order."""
    with transaction() as session:
        taken = _Replaying(session, member_id, device)
        taken.hold_cards(one.item for one in received)
        results = [taken.take(one) for one in received]
        taken.settle()
    return results


def take_waiting(member_id: int, items: Sequence[Item]) -> int:
    """Take in answers that were laid aside, at the times settled then; return how many."""
    luggage = Luggage(member_id)
    marked = {item.id: mark_item(luggage, item) for item in items}
    number = 0
    with transaction() as session:
        taken = _Replaying(session, member_id, "")
        taken.hold_cards(items)
        for item in items:
            row = session.get(WaitingRow, (member_id, item.id))
            if row is None:  # another visit at the same instant was faster
                continue
            taken.device, time = row.device, Arrival(row.at_ms, row.disputed)
            session.delete(row)
            session.flush()
            one = Received(0, item, time, row.arrived_ms, marked[item.id])
            number += taken.take(one).outcome == "ok"
        taken.settle()
    return number


class _Replaying:
    """Items being taken in within a transaction, and the questions whose cards they touch."""

    def __init__(self, session: Session, member_id: int, device: str) -> None:
        self.session, self.member_id, self.device = session, member_id, device
        self.stays = list_stays(member_id)
        self.touched: set[str] = set()

    def hold_cards(self, items: Iterable[Item]) -> None:
        """Keep others from writing the cards the items may touch.

        In the order of their keys, so that two deliveries cannot wait for each other.
        """
        lock_cards(self.session, self.member_id, self._questions(list(items)))

    def settle(self) -> None:
        """Make the cards again that the items have touched, and move the summaries at once."""
        changes: list[Change] = []
        for question_id in sorted(self.touched):
            changes += remake_card(self.session, self.member_id, question_id)
        move_summaries(self.session, self.member_id, changes)

    def _questions(self, items: Sequence[Item]) -> set[str]:
        """Return the questions whose cards the items may touch."""
        named = {item.question for item in items if item.question}
        voided = (self._review(item.voids) for item in items if item.voids)
        return named | {review.question_id for review in voided if review is not None}

    def take(self, one: Received) -> Result:
        """Take one item in."""
        item, marked = one.item, one.marked
        if item.question is None or marked is None:
            return self._take_back(item, one.time)
        if self._review(item.id) is not None or self._waits(item.id):
            return Result(item.id, "duplicate")
        if isinstance(marked, str):
            return Result(item.id, "rejected", marked)
        if marked.right is None:
            self._lay_aside(one)
            return Result(item.id, "ok")
        replaced = self._review(item.voids) if item.voids else None
        if replaced is None:
            self._append(one, marked.right)
        elif replaced.question_id != item.question or not replaced.right:
            return Result(item.id, "rejected", _("答错的题会很快再来，不用评难易。"))
        else:
            opinion = rating_of(item, right=True)
            copy_review(self.session, self.member_id, item.voids or "", item.id, opinion)
        self.touched.add(item.question)
        if item.voids:
            self._replace(item.voids, item.id, one.time)
        return Result(item.id, "ok")

    def _lay_aside(self, one: Received) -> None:
        """Keep an answer, unmarked, until the paper that reserves its question is over."""
        self.session.execute(
            insert(WaitingRow).values(
                member_id=self.member_id,
                answer_id=one.item.id,
                question_id=one.item.question,
                item=msgspec.json.encode(one.item).decode(),
                device=self.device,
                at_ms=one.time.at_ms,
                arrived_ms=one.arrived_ms,
                disputed=one.time.disputed,
            )
        )

    def _append(self, one: Received, right: bool) -> None:
        """Write an answer into the log; the replay says later what state came before it."""
        item, time = one.item, one.time
        review = Review(item.id, time.at_ms, time.day, rating_of(item, right), right)
        unit_id = unit_at(self.stays, time.at_ms // 1000) or 0
        row = phone_row(self.member_id, self.device, one, review, unit_id)
        ADD_REVIEW.run_many(self.session, [row])

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

    def _waits(self, answer_id: str) -> bool:
        """Say whether the answer of that id waits for the end of a paper."""
        key = {"member": self.member_id, "answer": answer_id}
        return _WAITS.run(self.session, **key).fetchone() is not None

    def _void(self, answer_id: str) -> Void | None:
        """Return the taking back of an answer."""
        row = _VOID.run(self.session, member=self.member_id, answer=answer_id).fetchone()
        return Void(row[0]) if row else None

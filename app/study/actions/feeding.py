"""What a member answered in papers that are over, taken into their memory: once each.

The answers lie in quiz, which study may ask and never the other way round; so study looks when the
member opens the site, and for everybody in a nightly pass. Giving an answer does not wait for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.base.clock import from_epoch, study_day
from app.base.db import db, transaction
from app.org.queries import Stay, list_stays, unit_at
from app.quiz import actions as quiz_actions
from app.quiz import queries as quiz
from app.quiz.queries import FedAnswer, Taken
from app.study.actions.absorbing import absorb_waiting
from app.study.actions.writing import (
    append_review,
    given_columns,
    lock_cards,
    milliseconds,
    rewrite_card,
    void_answer,
)
from app.study.card import Review
from app.study.memory import AGAIN, GOOD
from app.study.models import FedRow, ReviewRow, VoidRow
from app.study.queries.cards import PAPER, list_waiting_members


def catch_up(member_id: int, now: datetime) -> int:
    """Take in what papers have held back and now release; return how many attempts and answers.

    Costs two small reads when there is nothing to do.
    """
    return _absorb_papers(member_id, now) + absorb_waiting(member_id, now)


def catch_up_all(now: datetime) -> tuple[int, int]:
    """Do the same for everybody; return how many members and how much was taken in."""
    members = sorted({*quiz.list_takers(), *list_waiting_members()})
    taken = [catch_up(member_id, now) for member_id in members]
    return sum(map(bool, taken)), sum(taken)


def _absorb_papers(member_id: int, now: datetime) -> int:
    """Bring the memory up to date with the member's papers.

    An answer counts at the time it was given, right as Good and wrong as Again. A question marked
    anew afterwards counts by its new mark; one that gave everybody the points counts no more.
    """
    taken = 0
    for one in quiz.list_released(_list_unfed(member_id, now), now):
        try:
            taken += _absorb(member_id, one, now)
        except IntegrityError:  # the member opened the site twice at the same instant
            continue
    return taken


def _list_unfed(member_id: int, now: datetime) -> list[Taken]:
    """Return the attempts that are handed in and of which the memory does not have everything."""
    if not quiz.has_taken(member_id):
        return []
    attempts = quiz.list_taken(member_id)
    if any(one.is_overdue(now) for one in attempts):
        quiz_actions.expire_attempts(now, member_id=member_id)
        attempts = quiz.list_taken(member_id)
    if not attempts:
        return []
    rows = db.session.scalars(select(FedRow).where(FedRow.member_id == member_id))
    fed = {(row.paper_id, row.number): row.remarks for row in rows}
    return [one for one in attempts if fed.get((one.paper_id, one.number), -1) < one.remarks]


def _absorb(member_id: int, one: Taken, now: datetime) -> bool:
    """Take one attempt in, in one transaction; say whether there was anything to do."""
    key = (member_id, one.paper_id, one.number)
    with transaction() as session:
        row = session.get(FedRow, key, with_for_update=True)
        if row is not None and row.remarks >= one.remarks:
            return False
        if row is None:
            names = ("member_id", "paper_id", "number")
            values = dict(zip(names, key, strict=True))
            session.execute(insert(FedRow).values(**values, remarks=one.remarks))
        else:
            row.remarks = one.remarks
        answers = quiz.list_fed_answers(*key)
        lock_cards(session, member_id, {answer.question_id for answer in answers})
        log = _Log(session, member_id, list_stays(member_id), milliseconds(now))
        touched = {a.question_id for a in answers if log.put(_names(one, a), a)}
        for question_id in sorted(touched):
            rewrite_card(session, member_id, question_id)
    return True


def _names(one: Taken, answer: FedAnswer) -> list[str]:
    """Return the ids of an answer in the log: one for each mark it was given, the newest last.

    They have another form than the ids that pages and phones make, so nobody can take one back.
    """
    place = f"paper:{one.paper_id}.{one.number}.{answer.slot}"
    return [f"{place}.{turn}" for turn in range(answer.turn + 1)]


@dataclass(frozen=True, slots=True)
class _Log:
    """A member's log, into which answers of papers are written."""

    session: Session
    member_id: int
    stays: tuple[Stay, ...]
    now_ms: int

    def put(self, names: Sequence[str], answer: FedAnswer) -> bool:
        """Let the log say what the newest mark says; return whether it said something else."""
        logged = self._find_counted(names)
        if (logged.right if logged else None) == answer.right:
            return False
        if logged is not None:
            by = names[-1] if answer.right is not None else None
            void_answer(self.session, self.member_id, logged.answer_id, self.now_ms, replaced_by=by)
        if answer.right is not None:
            self._append(names[-1], answer, answer.right)
        return True

    def _append(self, name: str, answer: FedAnswer, right: bool) -> None:
        """Write an answer into the log; the replay then says what state came before it."""
        second = answer.at_ms // 1000
        rating = GOOD if right else AGAIN
        append_review(
            self.session,
            self.member_id,
            answer.question_id,
            Review(name, answer.at_ms, study_day(from_epoch(second)), rating, right),
            revision=answer.revision,
            before=0,
            **given_columns(answer.response, 0),
            way=PAPER,
            unit_id=unit_at(self.stays, second) or 0,
        )

    def _find_counted(self, names: Sequence[str]) -> ReviewRow | None:
        """Return the entry that counts among these, if there is one."""
        gone = select(VoidRow.answer_id).where(
            VoidRow.member_id == self.member_id, VoidRow.answer_id.in_(names)
        )
        counted = select(ReviewRow).where(
            ReviewRow.member_id == self.member_id,
            ReviewRow.answer_id.in_(names),
            ReviewRow.answer_id.not_in(gone),
        )
        return self.session.scalars(counted).first()

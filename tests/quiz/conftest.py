"""A unit with a trainer and members, and papers made for it."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.accounts.queries import Viewer, get_user
from app.bank.kinds import KINDS, Blank, Multiple, Order, Single, TrueFalse
from app.bank.kinds.kind import key_of
from app.bank.queries import Question, get_question, list_question_ids
from app.base.clock import epoch
from app.base.db import db
from app.base.ids import new_id
from app.quiz import actions
from app.quiz.actions import Sent
from app.quiz.blueprint import Rule
from app.quiz.models import AttemptRow, SlotRow
from app.quiz.paper import Plan, Terms
from tests.conftest import Cast, Clock

HOUR = 3600


def viewer_of(user_id: int) -> Viewer:
    """Return a person as somebody who is signed in."""
    user = get_user(user_id)
    return Viewer(user.id, user.name, user.role, user.unit_id, "zh", "auto", 18, True)


def right_response(question: Question) -> Any:
    """Return the canonical right response to a question."""
    content = question.content
    if isinstance(content, Single | Multiple):
        return list(key_of(content.answer))
    if isinstance(content, TrueFalse):
        return content.answer
    if isinstance(content, Order):
        return list(range(len(content.items)))
    assert isinstance(content, Blank)
    return [variants[0] for variants in content.answers]


def wrong_response(question: Question) -> Any:
    """Return a canonical response that earns nothing."""
    content = question.content
    if isinstance(content, Single | Multiple):
        return [next(n for n in range(len(content.options)) if n not in key_of(content.answer))]
    if isinstance(content, TrueFalse):
        return not content.answer
    if isinstance(content, Order):
        return list(reversed(range(len(content.items))))
    assert isinstance(content, Blank)
    return ["不对"] * len(content.answers)


class Room:
    """A small unit in which papers are made and taken."""

    def __init__(self, app: Flask, cast: Cast, clock: Clock) -> None:
        self.app, self.cast, self.clock = app, cast, clock
        cast.make_unit("A")
        cast.make_unit("B", "A")
        self.trainer = viewer_of(cast.make_member("书记", role="trainer", unit="A"))
        self.member = viewer_of(cast.make_member("甲", unit="A"))
        self.other = viewer_of(cast.make_member("乙", unit="B"))

    def terms(self, **parts: Any) -> Terms:
        """Return the terms of an examination of an hour that closes in a day."""
        usual = Terms(
            "测验", "exam", self.cast.units["A"], duration_s=HOUR, closes_at=self.now() + 24 * HOUR
        )
        return replace(usual, **parts)

    def now(self) -> int:
        """Return what time it is, in epoch seconds."""
        return epoch(self.clock())

    def make(self, plan: Plan | None = None, publish: bool = True, **parts: Any) -> int:
        """Make a paper, of every question of the test bank unless a plan is given."""
        plan = plan or Plan(picked=list_question_ids(), points=dict.fromkeys(KINDS, 2))
        paper_id = actions.make_paper(self.trainer, self.terms(**parts), plan, self.clock())
        if publish:
            actions.publish_paper(self.trainer, paper_id, self.clock())
        return paper_id

    def start(self, paper_id: int, who: Viewer | None = None) -> int:
        """Begin an attempt."""
        return actions.start_attempt(who or self.member, paper_id, self.clock())

    def slots(self, paper_id: int, number: int = 1, who: Viewer | None = None) -> list[SlotRow]:
        """Return the stored slots of an attempt."""
        db.session.rollback()
        key = {"member_id": (who or self.member).id, "paper_id": paper_id, "number": number}
        query = db.select(SlotRow).filter_by(**key).order_by(SlotRow.slot)
        return list(db.session.scalars(query))

    def attempt(self, paper_id: int, number: int = 1, who: Viewer | None = None) -> AttemptRow:
        """Return the stored attempt."""
        db.session.rollback()
        row = db.session.get(AttemptRow, ((who or self.member).id, paper_id, number))
        assert row is not None
        return row

    def answer(
        self,
        paper_id: int,
        slot: int,
        right: bool = True,
        number: int = 1,
        who: Viewer | None = None,
        response: Any = None,
    ) -> bool:
        """Answer a slot, rightly unless told otherwise."""
        row = self.slots(paper_id, number, who)[slot - 1]
        question = get_question(row.question_id, row.revision)
        if response is None:
            response = right_response(question) if right else wrong_response(question)
        sent = Sent(slot, new_id(), row.version, response)
        member = (who or self.member).id
        return actions.answer_slot(member, paper_id, number, sent, self.clock())

    def submit(self, paper_id: int, number: int = 1, who: Viewer | None = None) -> AttemptRow:
        """Hand an attempt in and return it."""
        member = (who or self.member).id
        actions.submit_attempt(member, paper_id, number, self.clock())
        return self.attempt(paper_id, number, who)


@pytest.fixture
def room(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """A unit A with B below it, a trainer and a member of A, a member of B."""
    return Room(bank, cast, clock)


def rule(count: int, points: int = 2, **sort: str) -> Rule:
    """Return a rule."""
    return Rule(count, points, **sort)

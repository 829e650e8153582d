"""A small tree in which papers and goals are asked of people."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask

from app.accounts.actions import add_user
from app.accounts.queries import Viewer
from app.assign import actions
from app.assign.assignment import Terms
from app.assign.audience import Audience, make_audience
from app.assign.goal import Goal
from app.bank.kinds import KINDS
from app.bank.queries import get_question, list_chapters, list_question_ids, list_subjects
from app.base.clock import day_start, epoch, study_day
from app.base.ids import new_id
from app.org.actions import Edited, edit_person
from app.org.queries import get_profile
from app.quiz import actions as quiz
from app.quiz.paper import Plan
from app.quiz.paper import Terms as PaperTerms
from tests.conftest import Cast, Clock
from tests.quiz.conftest import right_response, viewer_of, wrong_response

DAY = 24 * 3600


class Asking:
    """A above B and D, E apart; a trainer in each, members in A, B and D, one of B exempt."""

    def __init__(self, app: Flask, cast: Cast, clock: Clock) -> None:
        self.app, self.cast, self.clock = app, cast, clock
        for code, parent in (("A", None), ("B", "A"), ("D", "A"), ("E", None)):
            cast.make_unit(code, parent)
        for code in "ABDE":
            self.add(f"书记{code}", "trainer", code)
        self.add("总管", "admin", None)
        for name, code in (("甲", "A"), ("乙", "B"), ("老王", "B"), ("丁", "D")):
            self.add(name, "member", code)
        self.record("老王", "full", "exempt")

    def add(self, name: str, role: str, unit: str | None) -> None:
        """Add somebody who cannot sign in, which is quicker than making a password."""
        unit_id = self.cast.units[unit] if unit else None
        self.cast.people[name] = add_user(name, role, self.clock(), unit_id=unit_id)

    def record(self, name: str, status: str, standing: str) -> None:
        """Record status and standing."""
        one = get_profile(self.cast.people[name], study_day(self.clock()))
        told = Edited(one.name, one.phone, one.role, one.unit_id, status, standing, one.seen)
        edit_person(one.member_id, told, self.who("总管"), self.clock())

    def who(self, name: str) -> Viewer:
        """Return somebody as the one who acts."""
        return viewer_of(self.cast.people[name])

    def now(self) -> int:
        """Return what time it is in epoch seconds."""
        return epoch(self.clock())

    def paper(self, unit: str = "A", by: str = "书记A", publish: bool = True, **more: Any) -> int:
        """Make a paper of every question, open for ten days, for one attempt."""
        usual = PaperTerms(
            "党章测验",
            "exam",
            self.cast.units[unit],
            duration_s=3600,
            closes_at=self.now() + 10 * DAY,
        )
        plan = Plan(picked=list_question_ids(), points=dict.fromkeys(KINDS, 2))
        paper_id = quiz.make_paper(self.who(by), replace(usual, **more), plan, self.clock())
        if publish:
            quiz.publish_paper(self.who(by), paper_id, self.clock())
        return paper_id

    def terms(self, paper_id: int, **more: Any) -> Terms:
        """Return terms that end in five days."""
        return replace(Terms("测验", self.now() + 5 * DAY, paper_id=paper_id), **more)

    def goal(self, days: int = 30, percent: int = 80, **more: Any) -> Terms:
        """Return a goal about every chapter, so many days ahead."""
        pairs = [(s.id, c.id) for s in list_subjects() for c in list_chapters(s.id)]
        ends = day_start(study_day(self.clock()) + timedelta(days=days + 1))
        return replace(Terms("学会", epoch(ends), goal=Goal(tuple(pairs), percent)), **more)

    def audience(self, *codes: str, **more: Any) -> Audience:
        """Return the people of units and below."""
        return make_audience([self.cast.units[code] for code in codes], **more)

    def ask(self, terms: Terms, audience: Audience | None = None, by: str = "书记A") -> int:
        """Ask it of a unit, of B unless told otherwise."""
        audience = audience or self.audience("B")
        return actions.make_assignment(self.who(by), terms, audience, new_id(), self.clock())

    def take(self, name: str, paper_id: int, right: bool = True, hand_in: bool = True) -> int:
        """Let somebody take a paper, answering all rightly or all wrongly."""
        from app.quiz.actions import Sent
        from app.quiz.models import SlotRow

        number = quiz.start_attempt(self.who(name), paper_id, self.clock())
        member_id = self.cast.people[name]
        for slot in _slots(SlotRow, member_id, paper_id, number):
            question = get_question(slot.question_id, slot.revision)
            response = right_response(question) if right else wrong_response(question)
            sent = Sent(slot.slot, new_id(), slot.version, response)
            quiz.answer_slot(member_id, paper_id, number, sent, self.clock())
        if hand_in:
            quiz.submit_attempt(member_id, paper_id, number, self.clock())
        return number


def _slots(table: Any, member_id: int, paper_id: int, number: int) -> list[Any]:
    """Return the slots of an attempt as they are stored."""
    from app.base.db import db

    db.session.rollback()
    key = {"member_id": member_id, "paper_id": paper_id, "number": number}
    return list(db.session.scalars(db.select(table).filter_by(**key).order_by(table.slot)))

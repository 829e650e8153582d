"""A demonstration branch: simulated members whose forgetting is drawn from a seed.

Everything made here says 演示 in its name, so that nobody takes it for real people.
"""

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.accounts.actions import add_user
from app.accounts.queries import Viewer, get_user
from app.assign.actions import make_assignment, refresh_everybody
from app.assign.assignment import Terms
from app.assign.audience import make_audience
from app.assign.goal import Goal
from app.bank.kinds import KINDS
from app.bank.queries import Question, get_questions, list_question_ids
from app.base.clock import day_start, epoch, study_day
from app.base.errors import Invalid
from app.base.ids import new_id
from app.ops.affairs import load_affairs
from app.org.actions import add_unit
from app.org.queries import find_unit
from app.quiz.actions import make_paper, publish_paper
from app.quiz.paper import Plan
from app.quiz.paper import Terms as PaperTerms
from app.study.actions import Simulated, import_simulated
from app.study.card import Card, Review, after_review
from app.study.memory import AGAIN, EASY, GOOD, HARD

DEMO_UNIT = "demo"
NEW_A_DAY = 5
DEMO_PASSWORD = "demo-2026-xueji"


@dataclass(frozen=True, slots=True)
class Made:
    """How much was made."""

    members: int
    reviews: int


def load_demo(members: int, days: int, seed: int, now: datetime) -> Made:
    """Add a demo branch with a secretary and `members` people who have studied for `days` days."""
    if find_unit(DEMO_UNIT) is not None:
        raise Invalid(_("演示支部已经存在，没有再添加。"))
    unit_id = add_unit(DEMO_UNIT, "演示支部（模拟数据）", now=now)
    secretary = add_user("演示书记", "trainer", now, password=DEMO_PASSWORD, unit_id=unit_id)
    questions = get_questions(list_question_ids())
    reviews, added = 0, []
    for number in range(1, members + 1):
        # One password hash a person is slow by design, so only the first can sign in.
        password = DEMO_PASSWORD if number == 1 else None
        name = f"演示学员{number:02d}"
        member_id = add_user(name, "member", now, password=password, unit_id=unit_id)
        added.append(member_id)
        rng = random.Random(f"{seed}/{number}")
        reviews += import_simulated(member_id, simulate(rng, list(questions.values()), days, now))
    load_affairs(secretary, added, unit_id, seed, now)
    if questions:
        _ask(unit_id, secretary, list(questions.values()), now)
    return Made(members, reviews)


def _ask(unit_id: int, secretary_id: int, questions: list[Question], now: datetime) -> None:
    """Let the secretary ask a paper and a study goal of the branch."""
    person = get_user(secretary_id)
    by = Viewer(person.id, person.name, person.role, unit_id, "zh", "auto", 18, True)
    closes_at = epoch(day_start(study_day(now) + timedelta(days=14)) + timedelta(hours=14))
    terms = PaperTerms("演示测验（模拟）", "exam", unit_id, duration_s=1200, closes_at=closes_at)
    plan = Plan(picked=tuple(q.id for q in questions[:10]), points=dict.fromkeys(KINDS, 2))
    paper_id = make_paper(by, terms, plan, now)
    publish_paper(by, paper_id, now)
    branch = make_audience([unit_id])
    asked = Terms(terms.title, closes_at, paper_id=paper_id, remind_days=(3, 1))
    make_assignment(by, asked, branch, new_id(), now)
    chapters = dict.fromkeys((q.subject, q.chapter_id) for q in questions)
    goal = Goal(tuple(chapters)[:2], 80)
    ends = epoch(day_start(study_day(now) + timedelta(days=61)))
    make_assignment(by, Terms("演示目标：前两章", ends, goal=goal), branch, new_id(), now)
    refresh_everybody(now)


def simulate(
    rng: random.Random, questions: list[Question], days: int, now: datetime
) -> list[Simulated]:
    """Return the answers of one simulated member, in time order.

    The true memory is exponential forgetting with a strength that doubles at each success; it is
    deliberately not the model the site schedules with.
    """
    ability = rng.uniform(0.7, 1.4)
    diligence = rng.uniform(0.5, 0.95)
    strength: dict[str, float] = {}
    cards: dict[str, Card] = {}
    fresh = iter(questions)
    made: list[Simulated] = []
    for back in range(days, 0, -1):
        if rng.random() > diligence:
            continue
        day = study_day(now) - timedelta(days=back)
        start = day_start(day) + timedelta(hours=rng.uniform(3, 17))
        due = [q for q in questions if q.id in cards and cards[q.id].memory.due_day <= day][:40]
        new = [q for _n, q in zip(range(NEW_A_DAY), fresh, strict=False)]
        for place, question in enumerate(due + new):
            at_ms = int((start + timedelta(seconds=20 * place)).timestamp() * 1000)
            right = rng.random() < _recall(question.id, strength, cards, day, ability)
            strength[question.id] = _learn(strength.get(question.id), right, ability)
            rating = rng.choices((HARD, GOOD, EASY), (2, 6, 1))[0] if right else AGAIN
            review = Review(f"{rng.getrandbits(128):032x}"[:22], at_ms, day, rating, right)
            before = cards.get(question.id)
            cards[question.id] = after_review(before, review)
            elapsed = int(rng.lognormvariate(9, 0.4))
            state = before.memory.state if before else 0
            made.append(Simulated(question.id, question.revision, review, state, elapsed))
    return made


def _recall(
    question_id: str, strength: dict[str, float], cards: dict[str, Any], day: Any, ability: float
) -> float:
    """Return the chance (0…1) of a right answer: guessing first, then exponential forgetting."""
    if question_id not in strength:
        return min(0.9, 0.5 * ability)
    elapsed = (day - cards[question_id].memory.last_day).days
    return max(0.25, math.exp(-elapsed / (4 * strength[question_id])))


def _learn(strength: float | None, right: bool, ability: float) -> float:
    """Return the strength after an answer: doubled by success, halved by failure."""
    if strength is None:
        return ability
    return strength * 2 if right else max(0.5, strength / 2)

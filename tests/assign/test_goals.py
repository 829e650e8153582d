"""What goals take of members: worked out once a day, kept, and told again."""

import pytest
from sqlalchemy import select

from app.assign import queries
from app.assign.actions import (
    change_assignment,
    refresh_everybody,
    refresh_goal,
    refresh_loads,
    withdraw_assignment,
)
from app.assign.audience import make_audience
from app.assign.models import LoadRow
from app.assign.queries import list_tasks, work_out_load
from app.bank.queries import get_question, list_question_ids
from app.base.clock import study_day
from app.base.db import db
from app.base.ids import new_id
from app.study import queries as study
from app.study.actions import Answer, answer_card, suspend_card
from tests.assign.asking import Asking
from tests.quiz.conftest import right_response


def answer(asking: Asking, name: str, how_many: int) -> None:
    """Let somebody answer the first questions of the bank."""
    for question_id in list_question_ids()[:how_many]:
        response = right_response(get_question(question_id))
        sent = Answer(new_id(), question_id, 1, 0, response, 1000, "due")
        answer_card(asking.cast.people[name], sent, asking.clock())


def rows() -> dict[int, LoadRow]:
    """Return the stored loads by member."""
    db.session.rollback()
    return {row.member_id: row for row in db.session.scalars(select(LoadRow))}


def test_a_load_follows_what_the_member_remembers(asking: Asking) -> None:
    me, terms = asking.cast.people["乙"], asking.goal(days=30, percent=80)
    assert terms.goal is not None
    total = len(list_question_ids())
    before = work_out_load(me, terms.goal, terms.closes_at, asking.clock())
    assert before is not None
    assert (before.total, before.unseen, before.now) == (total, total, 0.0)
    answer(asking, "乙", 3)
    after = work_out_load(me, terms.goal, terms.closes_at, asking.clock())
    assert after is not None
    assert (after.total, after.unseen) == (total, total - 3)
    known = study.list_knowledge(me, study_day(asking.clock()))
    assert after.now == pytest.approx(sum(known.values()) / total)


def test_a_suspended_question_counts_and_fades(asking: Asking) -> None:
    me, terms = asking.cast.people["乙"], asking.goal(days=30, percent=80)
    assert terms.goal is not None
    answer(asking, "乙", 1)
    suspend_card(me, list_question_ids()[0], True)
    load = work_out_load(me, terms.goal, terms.closes_at, asking.clock())
    assert load is not None
    assert load.unseen == load.total - 1


def test_loads_are_worked_out_once_a_day(asking: Asking) -> None:
    one = asking.ask(asking.goal())
    me = asking.cast.people["乙"]
    assert refresh_loads(me, asking.clock()) == 1
    assert refresh_loads(me, asking.clock()) == 0
    first = rows()[me]
    assert (first.assignment_id, first.day) == (one, study_day(asking.clock()))
    asking.clock.move(days=1)
    answer(asking, "乙", 2)
    assert refresh_loads(me, asking.clock()) == 1
    assert rows()[me].recall > 0
    assert refresh_loads(asking.cast.people["甲"], asking.clock()) == 0


def test_everybody_is_worked_out_at_night_the_exempt_left_alone(asking: Asking) -> None:
    asking.ask(asking.goal())
    asking.ask(asking.goal(), asking.audience("D"))
    refresh_loads(asking.cast.people["丁"], asking.clock())
    assert refresh_everybody(asking.clock()) == 3
    assert refresh_everybody(asking.clock()) == 0
    wanted = {asking.cast.people[name] for name in ("乙", "书记B", "丁", "书记D")}
    assert set(rows()) == wanted
    asking.clock.move(days=1)
    assert refresh_everybody(asking.clock()) == 4


def test_trainers_see_who_can_make_it(asking: Asking) -> None:
    one = asking.ask(asking.goal())
    me = asking.cast.people["乙"]
    states = {row.person.name: row.state for row in watch(asking, one).rows}
    assert states == {"乙": "unknown", "书记B": "unknown"}
    assert refresh_goal(one, [me], asking.clock()) == 1
    assert refresh_goal(one, [me], asking.clock()) == 0
    states = {row.person.name: row.state for row in watch(asking, one).rows}
    assert states["乙"] == "on_way"
    row = rows()[me]
    row.recall, row.reachable = 0.9, False
    db.session.commit()
    assert watch(asking, one).counts["reached"] == 1


def watch(asking: Asking, one: int) -> queries.Watch:
    """Return what the trainer of A sees."""
    return queries.get_watch(asking.who("书记A"), one, asking.clock())


def test_a_changed_goal_is_worked_out_anew(asking: Asking) -> None:
    by, me = asking.who("书记A"), asking.cast.people["乙"]
    one = asking.ask(asking.goal(days=30))
    refresh_loads(me, asking.clock())
    kept = queries.get_desk(by, one).assignment
    change_assignment(by, one, kept.terms, kept.audience, 1, asking.clock())
    assert len(rows()) == 1
    change_assignment(by, one, asking.goal(days=20), kept.audience, 2, asking.clock())
    assert rows() == {}
    refresh_loads(me, asking.clock())
    withdraw_assignment(by, one, asking.clock())
    assert rows() == {}
    assert refresh_goal(one, [me], asking.clock()) == 0


def test_the_last_figures_stay_when_a_goal_is_over(asking: Asking) -> None:
    asking.ask(asking.goal(days=5))
    me = asking.cast.people["乙"]
    asking.clock.move(days=5)
    assert refresh_loads(me, asking.clock()) == 1
    asking.clock.move(days=2)
    assert refresh_loads(me, asking.clock()) == 0
    (task,) = list_tasks(me, asking.clock(), past=True)
    assert task.over
    assert task.load is not None
    assert list_tasks(me, asking.clock()) == []


def test_an_outlook_looks_at_people_and_at_somebody_new(asking: Asking) -> None:
    terms, home = asking.goal(days=30), asking.cast.units["A"]
    assert terms.goal is not None
    people = [asking.cast.people[name] for name in ("甲", "乙")]
    found = queries.look_ahead(terms.goal, terms.closes_at, home, people, asking.clock())
    assert (found.sampled, found.reachable, found.is_hopeless) == (2, 2, False)
    assert found.newcomer.total == len(list_question_ids())


def test_named_people_alone_are_asked(asking: Asking) -> None:
    asking.ask(asking.goal(), make_audience(persons=[asking.cast.people["乙"]]))
    assert refresh_everybody(asking.clock()) == 1
    assert set(rows()) == {asking.cast.people["乙"]}

"""Assignments made, changed, withdrawn and watched; nothing half-done."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from app.assign import actions, queries
from app.assign.actions import change_assignment, withdraw_assignment
from app.assign.audience import make_audience
from app.assign.models import AssignmentRow, NamedRow
from app.assign.queries import get_watch, list_tasks
from app.base.audit import list_entries
from app.base.db import db
from app.base.errors import Invalid, NotFound, Stale, TooMany
from app.base.ids import new_id
from app.quiz import actions as quiz
from app.quiz.actions.timing import Times
from tests.assign.asking import DAY, Asking


def count() -> int:
    """Return how many assignments are stored."""
    return db.session.scalar(select(func.count()).select_from(AssignmentRow)) or 0


def states(asking: Asking, assignment_id: int, by: str = "书记A") -> dict[str, str]:
    """Return name → state as a trainer sees it."""
    watch = get_watch(asking.who(by), assignment_id, asking.clock())
    return {row.person.name: row.state for row in watch.rows}


def test_a_paper_is_asked_watched_and_done(asking: Asking) -> None:
    paper_id = asking.paper()
    one = asking.ask(asking.terms(paper_id))
    watch = get_watch(asking.who("书记A"), one, asking.clock())
    assert states(asking, one) == {"乙": "todo", "书记B": "todo"}
    assert [person.name for person in watch.exempt] == ["老王"]
    asking.take("乙", paper_id, hand_in=False)
    assert states(asking, one)["乙"] == "begun"
    quiz.submit_attempt(asking.cast.people["乙"], paper_id, 1, asking.clock())
    watch = get_watch(asking.who("书记A"), one, asking.clock())
    assert watch.counts == {"handed_in": 1, "todo": 1}
    assert (watch.passed, watch.late) == (1, 0)


def test_people_see_what_is_missing(asking: Asking) -> None:
    paper_id = asking.paper(key_shown="submission", attempts_allowed=1)
    asking.ask(asking.terms(paper_id))

    def mine(name: str) -> Any:
        return [
            (task.progress.state, task.progress.passed, task.exempt, task.is_done)
            for task in list_tasks(asking.cast.people[name], asking.clock())
            if task.progress
        ]

    assert mine("乙") == [("todo", None, False, False)]
    assert mine("老王") == [("todo", None, True, False)]
    assert mine("甲") == []
    asking.take("乙", paper_id)
    assert mine("乙") == [("handed_in", True, False, True)]


def test_marks_are_not_told_before_the_paper_tells_them(asking: Asking) -> None:
    paper_id = asking.paper(key_shown="closing")
    asking.ask(asking.terms(paper_id))
    asking.take("乙", paper_id, right=False)
    (task,) = list_tasks(asking.cast.people["乙"], asking.clock())
    assert task.progress is not None
    assert (task.progress.passed, task.is_done) == (None, True)
    asking.clock.move(days=11)
    (task,) = list_tasks(asking.cast.people["乙"], asking.clock(), past=True)
    assert task.progress is not None
    assert task.progress.passed is False


def test_the_same_form_sent_twice_asks_once(asking: Asking) -> None:
    terms, audience, form_id = asking.terms(asking.paper()), asking.audience("B"), new_id()
    by, now = asking.who("书记A"), asking.clock()
    first = actions.make_assignment(by, terms, audience, form_id, now)
    assert actions.make_assignment(by, terms, audience, form_id, now) == first
    assert count() == 1
    with pytest.raises(NotFound):
        actions.make_assignment(asking.who("书记E"), terms, audience, form_id, now)
    with pytest.raises(Invalid):
        actions.make_assignment(by, terms, audience, "x", now)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"closes_at": 0}, "closes"),
        ({"closes_at": 2_000_000_000}, "closes"),
        ({"attempts": -1}, "attempts"),
        ({"attempts": 2}, "attempts"),
        ({"pass_percent": 101}, "pass_percent"),
    ],
)
def test_terms_that_do_not_fit_are_refused(
    asking: Asking, parts: dict[str, Any], field: str
) -> None:
    terms = asking.terms(asking.paper(), **parts)
    with pytest.raises(Invalid) as refused:
        asking.ask(terms)
    assert field in refused.value.fields
    assert count() == 0


def test_the_window_lies_within_that_of_the_paper(asking: Asking) -> None:
    paper_id = asking.paper(opens_at=asking.now() + 2 * DAY)
    for parts, field in (
        ({"closes_at": asking.now() + 11 * DAY}, "closes"),
        ({"opens_at": asking.now() + DAY}, "opens"),
        ({"opens_at": asking.now() + 6 * DAY}, "closes"),
    ):
        with pytest.raises(Invalid) as refused:
            asking.ask(asking.terms(paper_id, **parts))
        assert list(refused.value.fields) == [field]
    assert count() == 0


def test_drafts_weekly_and_ended_papers_are_not_asked(asking: Asking) -> None:
    from app.quiz.blueprint import Rule
    from app.quiz.paper import Plan, Terms

    draft = asking.paper(publish=False)
    ended = asking.paper()
    quiz.close_paper(asking.who("书记A"), ended, "换卷", asking.clock())
    terms = Terms("每周", "weekly", asking.cast.units["A"], per_person=True)
    weekly = quiz.make_paper(asking.who("书记A"), terms, Plan((Rule(1, 1),)), asking.clock())
    quiz.publish_paper(asking.who("书记A"), weekly, asking.clock())
    for paper_id in (draft, ended, weekly):
        with pytest.raises(Invalid) as refused:
            asking.ask(asking.terms(paper_id))
        assert list(refused.value.fields) == ["paper"]
    assert count() == 0


@pytest.mark.parametrize("wanted", ["nobody", "exempt"])
def test_an_audience_without_anybody_to_ask_is_refused(asking: Asking, wanted: str) -> None:
    persons = [asking.cast.people["老王"]] if wanted == "exempt" else []
    posts = [] if wanted == "exempt" else ["secretary"]
    with pytest.raises(Invalid) as refused:
        asking.ask(asking.terms(asking.paper()), make_audience(persons=persons, posts=posts))
    assert list(refused.value.fields) == ["units"]
    assert count() == 0


def test_a_paper_for_one_unit_is_not_asked_of_another(asking: Asking) -> None:
    paper_id = asking.paper("B")
    with pytest.raises(Invalid) as refused:
        asking.ask(asking.terms(paper_id), asking.audience("A"))
    assert "4 人" in refused.value.message
    assert "甲" in refused.value.message
    asking.ask(asking.terms(paper_id))
    assert count() == 1


def test_the_same_paper_is_not_asked_twice_at_the_same_time(asking: Asking) -> None:
    paper_id = asking.paper(attempts_allowed=0, key_shown="closing")
    first = asking.ask(asking.terms(paper_id))
    with pytest.raises(Invalid) as refused:
        asking.ask(asking.terms(paper_id), asking.audience("A"))
    assert "2 人（乙、书记B）" in refused.value.message
    with pytest.raises(Invalid):
        asking.ask(asking.terms(paper_id), asking.audience("B"), by="书记B")
    asking.ask(asking.terms(paper_id), asking.audience("D"))
    later = {"opens_at": asking.now() + 5 * DAY, "closes_at": asking.now() + 9 * DAY}
    second = asking.ask(asking.terms(paper_id, **later))
    found = queries.get_desk(asking.who("书记A"), second).assignment
    earlier = replace(found.terms, opens_at=asking.now() + 4 * DAY)
    with pytest.raises(Invalid):
        change_assignment(asking.who("书记A"), second, earlier, found.audience, 1, asking.clock())
    withdraw_assignment(asking.who("书记A"), first, asking.clock())
    change_assignment(asking.who("书记A"), second, earlier, found.audience, 1, asking.clock())
    assert queries.get_desk(asking.who("书记A"), second).assignment.terms == earlier


def test_nobody_is_left_without_an_attempt(asking: Asking) -> None:
    paper_id = asking.paper()
    asking.take("乙", paper_id)
    asking.clock.move(hours=1)
    with pytest.raises(Invalid) as refused:
        asking.ask(asking.terms(paper_id, opens_at=asking.now()))
    assert list(refused.value.fields) == ["opens"]
    one = asking.ask(asking.terms(paper_id))
    assert states(asking, one)["乙"] == "handed_in"


def test_a_change_is_all_or_nothing(asking: Asking) -> None:
    paper_id, by = asking.paper(), asking.who("书记A")
    audience = make_audience(persons=[asking.cast.people["乙"]])
    one = asking.ask(asking.terms(paper_id), audience)
    before = queries.get_desk(by, one).assignment
    wrong = replace(before.terms, closes_at=asking.now() + 11 * DAY, title="改了")
    with pytest.raises(Invalid):
        change_assignment(by, one, wrong, asking.audience("D"), 1, asking.clock())
    assert queries.get_desk(by, one).assignment == before
    right = replace(before.terms, title="改了", remind_days=(3,))
    change_assignment(by, one, right, asking.audience("D"), 1, asking.clock())
    after = queries.get_desk(by, one).assignment
    assert (after.terms, after.audience, after.version) == (right, asking.audience("D"), 2)
    assert db.session.scalar(select(func.count()).select_from(NamedRow)) == 0
    with pytest.raises(Stale):
        change_assignment(by, one, before.terms, audience, 1, asking.clock())
    assert states(asking, one) == {"丁": "todo", "书记D": "todo"}


def test_what_is_withdrawn_is_asked_no_more(asking: Asking) -> None:
    by = asking.who("书记A")
    one = asking.ask(asking.terms(asking.paper()))
    for _twice in range(2):
        withdraw_assignment(by, one, asking.clock())
    assert list_tasks(asking.cast.people["乙"], asking.clock(), past=True) == []
    assert not queries.has_tasks(asking.clock())
    desk = queries.get_desk(by, one).assignment
    with pytest.raises(Stale):
        change_assignment(by, one, desk.terms, desk.audience, 1, asking.clock())
    acts = [e.action for e in list_entries() if e.action.startswith("assign.")]
    assert acts == ["assign.withdraw_assignment", "assign.make_assignment"]


def test_late_and_missed_are_told_apart(asking: Asking) -> None:
    paper_id = asking.paper()
    one = asking.ask(asking.terms(paper_id, closes_at=asking.now() + DAY))
    asking.clock.move(days=2)
    assert states(asking, one) == {"乙": "missed", "书记B": "missed"}
    asking.take("乙", paper_id)
    watch = get_watch(asking.who("书记A"), one, asking.clock())
    assert (states(asking, one)["乙"], watch.late) == ("handed_in", 1)


def test_a_paper_ended_by_hand_ends_what_was_asked(asking: Asking) -> None:
    paper_id = asking.paper()
    one = asking.ask(asking.terms(paper_id))
    quiz.close_paper(asking.who("书记A"), paper_id, "换卷", asking.clock())
    asking.clock.move(minutes=1)
    assert states(asking, one)["乙"] == "missed"


def test_an_audience_whose_only_person_is_erased_becomes_nobody(asking: Asking) -> None:
    from app.ops.actions import erase_member

    me = asking.cast.people["乙"]
    one = asking.ask(asking.terms(asking.paper()), make_audience(persons=[me]))
    erase_member(me, None, asking.clock())
    watch = get_watch(asking.who("书记A"), one, asking.clock())
    assert (watch.rows, watch.exempt) == ((), ())


def test_two_trainers_at_once_do_not_both_ask_the_same(asking: Asking) -> None:
    paper_id = asking.paper()
    makers = ["书记A", "书记B"] * 2
    audience, terms = asking.audience("B"), asking.terms(paper_id)
    gate, found = threading.Barrier(len(makers)), list[object]()

    def run(name: str) -> None:
        with asking.app.app_context():
            by = asking.who(name)
            db.session.rollback()
            gate.wait()
            try:
                made = actions.make_assignment(by, terms, audience, new_id(), asking.clock())
                found.append(made)
            except Invalid as error:
                found.append(error)

    db.session.rollback()
    threads = [threading.Thread(target=run, args=(name,)) for name in makers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, int) for one in found) == 1
    assert sum(isinstance(one, Invalid) for one in found) == 3
    db.session.rollback()
    assert count() == 1


def test_when_the_papers_time_changes_what_was_asked_changes_with_it(asking: Asking) -> None:
    paper_id, by = asking.paper(), asking.who("书记A")
    one = asking.ask(asking.terms(paper_id))
    closes_at = asking.now() + DAY
    quiz.change_window(by, paper_id, Times(None, closes_at, "会议提前", 0), asking.clock())
    (task,) = list_tasks(asking.cast.people["乙"], asking.clock())
    assert task.terms.closes_at == closes_at
    asking.clock.move(days=1, seconds=1)
    assert states(asking, one)["乙"] == "missed"


def test_too_many_assignments_are_refused(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.assign.actions.assignments.MOST_LIVE", 1)
    asking.ask(asking.goal())
    with pytest.raises(TooMany):
        asking.ask(asking.goal())
    asking.ask(asking.goal(), by="书记B")
    assert count() == 2


@pytest.mark.parametrize(
    ("reader", "seen", "changes"),
    [
        ("书记A", {"乙", "书记B"}, True),
        ("书记B", {"乙", "书记B"}, False),
        ("书记D", set(), False),
        ("书记E", None, False),
        ("总管", {"乙", "书记B"}, True),
        ("乙", None, False),
    ],
)
def test_who_watches_and_who_changes(
    asking: Asking, reader: str, seen: set[str] | None, changes: bool
) -> None:
    one = asking.ask(asking.terms(asking.paper()))
    by, now = asking.who(reader), asking.clock()
    desk = queries.get_desk(asking.who("书记A"), one).assignment
    if seen is None:
        with pytest.raises(NotFound):
            get_watch(by, one, now)
    else:
        assert {row.person.name for row in get_watch(by, one, now).rows} == seen
        assert (queries.list_desk(by, "now", "", "", now, 9, 0)[1] == 1) is True
    change = (desk.terms, desk.audience, 1, now)
    if changes:
        change_assignment(by, one, *change)
        withdraw_assignment(by, one, now)
        return
    with pytest.raises(NotFound):
        change_assignment(by, one, *change)
    with pytest.raises(NotFound):
        withdraw_assignment(by, one, now)


def test_lists_are_narrowed_by_time_kind_and_words(asking: Asking) -> None:
    paper_id, by = asking.paper(), asking.who("书记A")
    later = asking.ask(
        asking.terms(paper_id, title="以后", opens_at=asking.now() + DAY), asking.audience("D")
    )
    open_one = asking.ask(asking.terms(paper_id, title="现在"))
    goal = asking.ask(asking.goal(title="章程"))
    gone = asking.ask(asking.goal(title="撤了"))
    withdraw_assignment(by, gone, asking.clock())

    def found(when: str = "", kind: str = "", text: str = "") -> list[int]:
        listed, total = queries.list_desk(by, when, kind, text, asking.clock(), 9, 0)
        assert total == len(listed)
        return [one.assignment.id for one in listed]

    assert found() == [gone, goal, open_one, later]
    assert found("now") == [goal, open_one]
    assert found("later") == [later]
    assert found("withdrawn") == [gone]
    assert found(kind="goal") == [gone, goal]
    assert found("now", "paper") == [open_one]
    assert found(text="章") == [goal]
    assert found(text="%") == []
    asking.clock.move(days=6)
    assert found("past") == [open_one, later]

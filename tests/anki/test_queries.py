"""What goes into a deck: nothing retired, reserved or examined; times of change that stay."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.anki import queries
from app.anki.wanted import Wanted
from app.assign.queries import list_own_goals
from app.bank.actions import publish_bank
from app.bank.kinds import KINDS
from app.bank.queries import list_question_ids, list_retired_ids
from app.base.clock import epoch
from app.base.errors import NotFound
from app.quiz.paper import Plan
from app.study.actions import answer_card, star_card
from tests.assign.asking import Asking
from tests.conftest import FIXTURE_BANK, Cast, Clock
from tests.quiz.conftest import Room, rule
from tests.study.test_actions import sent


@pytest.fixture
def member(bank: Flask, cast: Cast, clock: Clock) -> int:
    """A member who answered the first question of a chapter while it was still asked."""
    member = cast.make_member("甲")
    answer_card(member, sent("fx-a01-01"), clock())
    return member


@pytest.fixture
def retired(member: int, tmp_path: Path, clock: Clock) -> str:
    """A question that was published once and is gone from the files now."""
    folder = Path(shutil.copytree(FIXTURE_BANK, tmp_path / "bank"))
    file = folder / "dangzhang" / "ch1.toml"
    head, _first, *rest = file.read_text().split("[[question]]")
    file.write_text("[[question]]".join((head, *rest)))
    clock.move(days=1)
    publish_bank(folder, clock())
    (question_id,) = list_retired_ids()
    return question_id


def test_retired_questions_stay_at_home(retired: str, cast: Cast) -> None:
    stranger = cast.make_member("乙")
    for selection in (
        queries.get_subject("dangzhang"),
        queries.get_subject("dangzhang", stranger, True),
    ):
        assert [q.id for q in selection.questions] == list(list_question_ids())


def test_retired_questions_come_along_with_progress_on_them(retired: str, member: int) -> None:
    assert retired == "fx-a01-01"
    selection = queries.get_subject("dangzhang", member, True)
    assert selection.questions[-1].id == retired
    assert selection.progress is not None
    assert selection.progress[retired].suspended


def test_an_unknown_subject_is_refused(bank: Flask) -> None:
    with pytest.raises(NotFound, match="nothing"):
        queries.get_subject("nothing")


@pytest.fixture
def papers(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """A unit in which papers are made and taken."""
    return Room(bank, cast, clock)


PRACTICE = {"mode": "practice", "key_shown": "submission", "attempts_allowed": 0}
DAY = 24 * 3600


def test_a_practice_paper_is_its_questions(papers: Room, clock: Clock) -> None:
    picked = list_question_ids()[:3]
    plan = Plan(picked=picked, points=dict.fromkeys(KINDS, 2))
    paper = papers.make(plan, **PRACTICE)
    assert [one.id for one in queries.list_papers(papers.member.id, clock())] == [paper]
    selection = queries.collect(papers.member.id, Wanted(paper=paper), clock())
    assert {q.id for q in selection.questions} == set(picked)
    assert selection.progress is None
    with_it = queries.collect(papers.member.id, Wanted(paper=paper, progress=True), clock())
    assert with_it.progress == {}
    stranger = papers.cast.make_member("丙")
    with pytest.raises(NotFound):
        queries.collect(stranger, Wanted(paper=paper), clock())


@pytest.mark.parametrize(
    "terms",
    [
        {"mode": "exam"},
        {"mode": "exam", "key_shown": "submission"},
        {"mode": "weekly", "key_shown": "submission"},
        {"mode": "challenge", "key_shown": "submission"},
        {**PRACTICE, "per_person": True},
        {**PRACTICE, "key_shown": "closing"},
        {**PRACTICE, "opens_at": DAY},
    ],
)
def test_other_papers_stay_here(papers: Room, clock: Clock, terms: dict[str, Any]) -> None:
    if "opens_at" in terms:
        terms = {**terms, "opens_at": papers.now() + 3600}
    plan = Plan(rules=(rule(3),)) if terms["mode"] == "weekly" else None
    paper = papers.make(plan, **terms)
    assert queries.list_papers(papers.member.id, clock()) == []
    with pytest.raises(NotFound):
        queries.get_paper(papers.member.id, paper, False, clock())
    clock.move(days=2)
    ended = [one.id for one in queries.list_papers(papers.member.id, clock())]
    assert ended == ([paper] if terms.get("key_shown") == "closing" or "opens_at" in terms else [])


def test_what_an_examination_holds_back_is_in_no_deck(papers: Room, clock: Clock) -> None:
    held = list_question_ids()[:4]
    plan = Plan(picked=held, points=dict.fromkeys(KINDS, 2))
    star_card(papers.member.id, held[0], True)
    star_card(papers.member.id, list_question_ids()[5], True)
    papers.make(plan, reserved=True)
    member = papers.member.id
    for wanted in (
        Wanted(subject="dangzhang"),
        Wanted(subject="dangzhang", progress=True),
        Wanted(subject="dangzhang", chapter="ch1"),
        Wanted(marked=True),
        Wanted(shared=True),
    ):
        questions = queries.collect(member, wanted, clock()).questions
        assert questions
        assert not {q.id for q in questions} & set(held), wanted


def test_a_study_goal_is_its_chapters(bank: Flask, cast: Cast, clock: Clock) -> None:
    asking = Asking(bank, cast, clock)
    asking.ask(asking.goal())
    member = cast.people["乙"]
    (goal,) = list_own_goals(member, clock())
    assert goal.terms.goal is not None
    ids = [i for pair in goal.terms.goal.chapters for i in list_question_ids(*pair)]
    selection = queries.collect(member, Wanted(goal=goal.id), clock())
    assert [q.id for q in selection.questions] == ids
    assert len(ids) == 12
    with pytest.raises(NotFound):
        queries.collect(cast.make_member("丙"), Wanted(goal=goal.id), clock())


def test_times_of_change_are_those_of_the_questions_for_ever(
    bank: Flask, tmp_path: Path, clock: Clock
) -> None:
    """Only what says something else becomes newer, so that members' own edits elsewhere stay."""
    folder = Path(shutil.copytree(FIXTURE_BANK, tmp_path / "bank"))
    before = {q.id: q.updated_at for q in queries.get_subject("dangzhang").questions}
    clock.move(days=400)
    publish_bank(folder, clock())
    assert {q.id: q.updated_at for q in queries.get_subject("dangzhang").questions} == before
    file = folder / "dangzhang" / "ch1.toml"
    head, first, *rest = file.read_text().split("[[question]]")
    changed = first.replace('stem = "', 'stem = "更正：', 1)
    assert changed != first
    file.write_text("[[question]]".join((head, changed, *rest)))
    publish_bank(folder, clock())
    after = {q.id: q.updated_at for q in queries.get_subject("dangzhang").questions}
    assert {i for i in before if after[i] != before[i]} == {"fx-a01-01"}
    assert after["fx-a01-01"] == epoch(clock())

"""How a question is answered: counted over people in general, shown only of five or more."""

import pytest
from flask import Flask

from app.assess.intervals import jeffreys
from app.assess.queries import get_question_figures
from app.study.actions import answer_card, undo_answer
from app.study.queries import Tally, tally_question
from tests.conftest import Cast, Clock
from tests.study.test_actions import sent, single


@pytest.fixture
def answered(bank: Flask, cast: Cast, clock: Clock) -> str:
    """A question that four people answered, one of them twice and one only to take it back."""
    question_id = single()
    for number, right in enumerate((True, True, False, True)):
        answer_card(cast.make_member(f"甲{number}"), sent(question_id, right), clock())
    clock.move(days=1)
    answer_card(cast.people["甲0"], sent(question_id, False, 1), clock())
    gone = sent(question_id, False)
    answer_card(cast.make_member("退"), gone, clock())
    undo_answer(cast.people["退"], gone.answer_id, clock())
    return question_id


def test_answers_taken_back_are_not_counted(answered: str) -> None:
    assert tally_question(answered) == Tally(4, 5, 3, 4, 3)


def test_shares_wait_for_five_people(answered: str, cast: Cast, clock: Clock) -> None:
    few = get_question_figures(answered)
    assert (few.enough, few.right, few.first_interval) == (False, None, None)
    answer_card(cast.make_member("戊"), sent(answered, True), clock())
    figures = get_question_figures(answered)
    assert figures.first_right == pytest.approx(4 / 5)
    assert figures.first_interval == jeffreys(4, 5)
    assert figures.right == pytest.approx(4 / 6)


def test_a_question_nobody_was_asked(bank: Flask) -> None:
    assert get_question_figures(single()).tally == Tally(0, 0, 0, 0, 0)


def test_the_page_names_nobody(answered: str, cast: Cast, clock: Clock) -> None:
    cast.make_member("书记", role="trainer")
    trainer = cast.sign_in("书记")
    page = f"/bank/questions/{answered}/answers"
    assert "还不到 5 人" in trainer.get(page).text
    answer_card(cast.make_member("戊"), sent(answered, True), clock())
    shown = trainer.get(page).text
    assert "80%（95% 区间" in shown
    assert "甲0" not in shown

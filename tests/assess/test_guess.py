"""Guessing gives what counting all answers gives, whatever the kind."""

import math

import pytest

from app.assess.guess import Guess, guess
from app.bank.kinds import Blank, Content, Multiple, Order, Single, TrueFalse

pytestmark = pytest.mark.pure


def of(content: Content) -> Guess:
    """Return the guess at a content under the kind it says it has."""
    return guess(type(content).__struct_config__.tag, content)  # type: ignore[arg-type]


def fields() -> dict[str, str]:
    """Return the fields every question has."""
    return {"id": "x", "provision": "a1", "difficulty": "know", "stem": "___"}


@pytest.mark.parametrize("options", [2, 3, 4, 6])
def test_single_choice_is_one_of_the_options(options: int) -> None:
    found = of(Single(**fields(), options=tuple("甲乙丙丁戊己"[:options]), answer="B"))
    assert found == Guess(pytest.approx(1 / options), pytest.approx(1 / options))


def test_a_statement_is_even() -> None:
    assert of(TrueFalse(**fields(), answer=False)) == Guess(0.5, 0.5)


def test_multiple_choice_is_one_of_the_sets_of_two_or_more() -> None:
    found = of(Multiple(**fields(), options=("甲", "乙", "丙", "丁"), answer="ABC"))
    # eleven sets of two or more; right: ABC; part right: AB, AC, BC with two thirds each
    assert found.right == pytest.approx(1 / 11)
    assert found.share == pytest.approx((1 + 3 * 2 / 3) / 11)


def test_an_order_is_one_of_the_permutations() -> None:
    found = of(Order(**fields(), items=("甲", "乙", "丙", "丁")))
    assert found.right == pytest.approx(1 / math.factorial(4))
    assert found.share == pytest.approx(1 / 4)  # one item is in its place on average


def test_nobody_guesses_a_blank() -> None:
    assert of(Blank(**fields(), answers=(("一",),))) == Guess(0, 0)

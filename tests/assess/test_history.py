"""Each study day gives one sample, with the recall that was expected before it."""

from datetime import date, timedelta

import pytest

from app.assess.history import list_dated, list_samples
from app.study.card import Review
from app.study.memory import replay, retrievability

pytestmark = pytest.mark.pure
START = date(2026, 1, 1)


def review(number: int, day: int, right: bool) -> Review:
    """Return an answer on a day, right ones rated Good."""
    moment = 86_400_000 * day + number
    return Review(f"a{number}", moment, START + timedelta(days=day), 3 if right else 1, right)


def test_samples_hold_the_recall_before_the_answer() -> None:
    reviews = [review(1, 0, False), review(2, 0, True), review(3, 1, True), review(4, 9, False)]
    first, second, third = list_samples(7, "q", 0.25, reviews)
    assert first == (7, "q", None, 0.25, False)
    before = replay([(1, START), (3, START)])
    assert before is not None
    assert second.recall is not None
    day = START + timedelta(days=1)
    assert second.recall == (retrievability(before, day), 1, before.difficulty)
    assert second.right
    assert third.recall is not None
    assert (third.recall.days, third.right) == (8, False)


def test_the_order_given_does_not_matter() -> None:
    reviews = [review(n, n // 2, n % 3 > 0) for n in range(9)]
    assert list_samples(1, "q", 0.0, reviews) == list_samples(1, "q", 0.0, reviews[::-1])
    assert len(list_samples(1, "q", 0.0, reviews)) == 5


def test_without_answers_there_are_no_samples() -> None:
    assert list_samples(1, "q", 0.0, []) == []


def test_what_people_rate_themselves_is_remembered_and_no_evidence() -> None:
    reviews = [review(1, 0, False), review(2, 3, True), review(3, 9, True)]
    every, some = (list_dated(1, "q", 0.0, reviews, alone) for alone in ((), {"a2"}))
    assert [day for day, _sample in some] == [START, START + timedelta(days=9)]
    assert some == [every[0], every[2]]

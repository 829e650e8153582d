"""A card is the replay of its log, in whatever order the reviews arrive."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.clock import study_day
from app.study.card import LEECH_LAPSES, Card, Review, after_review, replay

pytestmark = pytest.mark.pure
START = datetime(2026, 1, 1, 2, tzinfo=UTC)


def review(hours: float, rating: int, number: int = 0) -> Review:
    moment = START + timedelta(hours=hours)
    at_ms = int(moment.timestamp() * 1000)
    return Review(f"{number:022d}", at_ms, study_day(moment), rating, rating > 1)


logs = st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 4)), min_size=1, max_size=15).map(
    lambda items: [review(h, r, n) for n, (h, r) in enumerate(items)]
)


@given(logs, st.randoms())
def test_order_of_arrival_does_not_matter(log: list[Review], rng: object) -> None:
    shuffled = list(log)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert replay(shuffled) == replay(log)


@given(logs)
def test_step_by_step_equals_replay(log: list[Review]) -> None:
    card: Card | None = None
    for item in sorted(log, key=lambda r: (r.at_ms, r.answer_id)):
        card = after_review(card, item)
    assert card == replay(log)


def test_wrong_book_needs_two_later_study_days() -> None:
    card = replay([review(0, 1), review(1, 3, 1)])
    assert card is not None
    assert card.wrong_left == 2
    card = after_review(card, review(24, 3, 2))
    assert card.wrong_left == 1
    card = after_review(card, review(25, 3, 3))
    assert card.wrong_left == 1
    card = after_review(card, review(48, 3, 4))
    assert card.wrong_left == 0


def test_review_cards_are_due_at_four_in_shanghai() -> None:
    card = replay([review(0, 4)])
    assert card is not None
    due = datetime.fromtimestamp(card.due_at, UTC)
    assert (due.hour, due.minute) == (20, 0)


def test_forgetting_eight_times_makes_a_leech() -> None:
    log = [review(0, 4)]
    for n in range(LEECH_LAPSES):
        log += [review(2400 * (n + 1), 1, 2 * n + 1), review(2400 * (n + 1) + 1, 4, 2 * n + 2)]
    card = replay(log)
    assert card is not None
    assert card.lapses == LEECH_LAPSES
    assert card.is_leech


def test_nothing_answered_is_no_card() -> None:
    assert replay([]) is None

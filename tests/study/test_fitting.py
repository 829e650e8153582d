"""A fit finds what answers were made by, and is taken only when it foretells later ones better."""

import random
from datetime import date
from functools import cache

import pytest

from app.study.fitting import Course, fit, is_sure, losses, model_of, stability_after
from app.study.memory import replay
from app.study.scheduling import AGAIN, GOOD, LEARNING, Model, model

pytestmark = pytest.mark.pure
SINCE = 150


def course_of(true: Model, rng: random.Random) -> Course:
    """Return the answers to a card of somebody who forgets as a model says."""
    day, made, state, step, held, last = rng.randrange(1, 190), [], LEARNING, 0, None, 0
    while day < 200:
        days = day - last if held else 0
        chance = true.retrievability(held[0], days) if held else 0.6
        for rating in (GOOD,) if rng.random() < chance else (AGAIN, GOOD):
            made.append((rating, day))
            state, after, *memory, _wait = true.review(rating, state, step, held, days)
            step, held, days = after or 0, (memory[0], memory[1]), 0
        last, day = day, day + rng.choice((1, 2, 4, 8, 15))
    return made


@cache
def people(forgetting: float, cards: int, seed: int = 1) -> tuple[Course, ...]:
    """Return courses of people whose first answers leave so many times the usual stability."""
    p = model().p
    true = model_of((p[0] * forgetting, p[1], p[2] * forgetting, *p[3:]))
    rng = random.Random(seed)
    return tuple(course_of(true, rng) for _n in range(cards))


def test_people_who_forget_fast_are_found_out() -> None:
    found = fit(people(0.1, 260), SINCE)
    assert found is not None
    assert found.better
    assert found.log_loss < found.default_log_loss
    assert found.parameters[2] < 0.6 * model().p[2]


def test_people_like_all_others_keep_the_defaults() -> None:
    """Twice the standard error is passed by chance once in forty times."""
    taken = [fit(people(1.0, 260, seed), SINCE) for seed in (1, 2, 3)]
    assert sum(one is not None and one.better for one in taken) == 0


def test_few_answers_say_nothing() -> None:
    assert fit(people(0.25, 60), SINCE) is None
    assert fit(people(0.25, 500), 10_000) is None


def test_only_later_answers_judge_and_only_earlier_ones_teach() -> None:
    honest = people(0.25, 300)
    later = [[(5 - GOOD - AGAIN if day >= SINCE else r, day) for r, day in c] for c in honest]
    a, b = fit(honest, SINCE), fit([[*c] for c in later], SINCE)
    assert a is not None
    assert b is not None
    assert a.parameters == b.parameters
    assert a.default_log_loss != b.default_log_loss


def test_it_walks_a_course_as_the_site_does() -> None:
    for course in people(1.0, 500)[:40]:
        memory = replay((rating, date.fromordinal(day)) for rating, day in course)
        assert memory is not None
        assert stability_after(model(), course) == memory.stability
    assert list(losses(model(), [(GOOD, 5), (GOOD, 5)])) == []  # the same day says nothing


def test_a_gain_must_be_more_than_chance() -> None:
    assert is_sure([0.1, 0.2, 0.15, 0.12])
    assert not is_sure([0.5, -0.4, 0.3, -0.3])
    assert not is_sure([-0.1, -0.2, -0.1])

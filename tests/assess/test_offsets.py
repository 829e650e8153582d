"""The fit finds what was put in, shrinks what it hardly knows, and repeats to the last digit."""

import math
import random
from statistics import correlation, fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assess.offsets import (
    PRIORS,
    START_VARIANCE,
    Model,
    Recall,
    Sample,
    chance_right,
    fit,
    logit,
    sigmoid,
    solve,
)

pytestmark = pytest.mark.pure


def answers(
    members: int, items: int, seed: int = 3, guess: float = 0.25
) -> tuple[list[Sample], list[float], list[float]]:
    """Return answers drawn from the model with the offsets of members and items."""
    draw = random.Random(seed)
    ability = [draw.gauss(0, 0.7) for _ in range(members)]
    ease = [draw.gauss(0, 0.7) for _ in range(items)]
    samples = []
    for m in range(members):
        for i in range(items):
            recall = Recall(draw.uniform(0.4, 0.97), draw.randrange(1, 40), draw.uniform(2, 9))
            met = draw.random() < 0.8
            log_odds = 0.3 + logit(recall.chance) if met else -0.8
            chance = chance_right(log_odds + ability[m] + ease[i], guess)
            right = draw.random() < chance
            samples.append(Sample(m, f"q{i}", recall if met else None, guess, right))
    return samples, ability, ease


def test_the_fit_finds_what_was_put_in() -> None:
    samples, ability, ease = answers(150, 60)
    model = fit(samples)
    assert correlation(ability, [model.member(m).value for m in range(150)]) > 0.85
    assert correlation(ease, [model.item(f"q{i}").value for i in range(60)]) > 0.9
    a, b, c, d, e = model.coefficients
    assert (a, b, c, d) == pytest.approx((0.3 + fmean(ease) + fmean(ability), 1, 0, 0), abs=0.25)
    assert e == pytest.approx(-0.8 + fmean(ease) + fmean(ability), abs=0.25)
    assert model.member_variance == pytest.approx(0.49, abs=0.2)
    assert model.item_variance == pytest.approx(0.49, abs=0.2)
    assert model.samples == len(samples)


def test_the_order_of_answers_does_not_matter_to_the_last_digit() -> None:
    samples, _ability, _ease = answers(20, 10)
    mixed = samples[:]
    random.Random(1).shuffle(mixed)
    one, other = fit(samples), fit(mixed)
    assert one == other


def test_few_answers_move_a_member_little() -> None:
    samples, _ability, _ease = answers(40, 30)
    recall = Recall(0.9, 5, 5.0)
    once = [Sample(98, "q0", recall, 0.0, False)]
    often = [Sample(99, f"q{i}", recall, 0.0, False) for i in range(30)]
    model = fit(samples + once + often)
    assert model.member(99).value < 3 * model.member(98).value < 0
    assert model.member(99).variance < model.member(98).variance < model.member_variance


def test_a_fit_is_a_maximum() -> None:
    samples, _ability, _ease = answers(15, 10, guess=0.5)
    model = fit(samples)

    def penalised(member: int, moved: float) -> float:
        offset = model.member(member).value + moved
        total = -offset * offset / (2 * model.member_variance)
        for s in samples:
            if s.member == member:
                eta = model.common(s.recall) + offset + model.item(s.item).value
                p = chance_right(eta, s.guess)
                total += math.log(p if s.right else 1 - p)
        return total

    for member in range(15):
        best = penalised(member, 0)
        assert best > penalised(member, 0.1)
        assert best > penalised(member, -0.1)


def test_nobody_and_nothing_known() -> None:
    model = fit([])
    assert model == Model()
    assert model.member(1) == (0, START_VARIANCE)
    assert model.item("x") == (0, START_VARIANCE)
    assert model.common(None) == PRIORS[-1][0]
    assert sigmoid(model.common(Recall(0.9, 30, 5.0))) == pytest.approx(0.9)


@pytest.mark.parametrize("right", [True, False])
def test_one_sided_answers_do_not_run_away(right: bool) -> None:
    recall = Recall(0.9, 3, 5.0)
    model = fit([Sample(m, f"q{i}", recall, 0.25, right) for m in range(30) for i in range(20)])
    known = sigmoid(model.common(recall) + model.member(3).value + model.item("q3").value)
    assert known > 0.95 if right else known < 0.2


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(
            Sample,
            st.integers(0, 3),
            st.sampled_from(["a", "b"]),
            st.none() | st.builds(Recall, st.floats(0, 1), st.integers(0, 400), st.floats(1, 10)),
            st.sampled_from([0.0, 0.25, 0.5]),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_any_answers_can_be_fitted(samples: list[Sample]) -> None:
    model = fit(samples)
    values = [*model.coefficients, *(o.value for o in model.members.values())]
    assert all(math.isfinite(value) and abs(value) < 20 for value in values)


@given(st.floats(-800, 800))
def test_log_odds_of_any_size_give_a_chance(log_odds: float) -> None:
    assert 0 <= sigmoid(log_odds) <= 1
    assert sigmoid(log_odds) + sigmoid(-log_odds) == pytest.approx(1)
    assert 0.25 <= chance_right(log_odds, 0.25) <= 1


def test_log_odds_keep_off_the_ends() -> None:
    assert (logit(1.0), logit(0.0)) == (logit(0.99), logit(0.01))
    assert sigmoid(logit(0.3)) == pytest.approx(0.3)


def test_equations_are_solved() -> None:
    matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]]
    found = solve(matrix, [1.0, 2.0, 3.0])
    back = [sum(a * x for a, x in zip(row, found, strict=True)) for row in matrix]
    assert back == pytest.approx([1, 2, 3])

"""Item figures equal those that Moodle publishes, and what theory says; and they are fast."""

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.item_analysis import (
    Analysis,
    Answer,
    Attempt,
    analyse,
    first_attempts,
)
from app.assess.options import NEGATIVE, STRONG_CHOSE, Item

pytestmark = pytest.mark.pure
MOODLE = json.loads((Path(__file__).parent / "moodle_figures.json").read_text())
FIGURES = {
    "facility_percent": "facility",
    "discrimination_index_percent": "discrimination",
    "discriminative_efficiency_percent": "efficiency",
    "effective_weight_percent": "weight",
}


def moodle() -> Analysis:
    """Return the analysis of the marks that Moodle's tests use."""
    return analyse(
        [
            Answer(f"a{n}", str(slot), mark, maximum)
            for n, row in enumerate(MOODLE["marks"])
            for slot, maximum, mark in zip(MOODLE["slots"], MOODLE["maxima"], row, strict=True)
        ]
    )


@pytest.mark.parametrize("figure", FIGURES)
def test_figures_equal_the_published_ones_of_moodle(figure: str) -> None:
    found = moodle()
    assert (found.attempts, found.same_paper) == (22, True)
    compared = 0
    for slot, value in zip(MOODLE["slots"], MOODLE["expected"][figure], strict=True):
        ours = getattr(found.items[str(slot)], FIGURES[figure])
        if value is None:
            assert ours is None
        else:
            assert 100 * ours == pytest.approx(value, abs=1e-6)
        compared += 1
    assert compared == 20


def rows(table: list[list[float]]) -> list[Answer]:
    """Return answers of one mark each, a row an attempt."""
    return [
        Answer(f"a{n}", f"q{i}", mark, 1)
        for n, row in enumerate(table)
        for i, mark in enumerate(row)
    ]


def test_reliability_by_hand() -> None:
    # totals 3, 2, 1, 0: variance 5/3; items with p 3/4, 1/2, 1/4 over n - 1: 1/4, 1/3, 1/4
    found = analyse(rows([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]))
    assert found.reliability == pytest.approx(3 / 2 * (1 - (5 / 6) / (5 / 3)))
    assert found.is_kr20
    assert found.sem == pytest.approx((5 / 3 * 0.25) ** 0.5)
    assert (found.mean, found.maximum) == (0.5, 3)
    assert found.deviation == pytest.approx((5 / 27) ** 0.5)


def test_partial_marks_make_it_alpha() -> None:
    found = analyse(rows([[1, 0.5], [0, 0], [1, 1]]))
    assert found.reliability is not None
    assert not found.is_kr20


def test_papers_drawn_per_person_have_no_common_reliability() -> None:
    answers = [Answer("a", "q1", 1, 1), Answer("a", "q2", 0, 1), Answer("b", "q1", 1, 1)]
    found = analyse([*answers, Answer("b", "q3", 1, 1)])
    assert not found.same_paper
    assert (found.reliability, found.sem, found.maximum, found.guess) == (None, None, None, None)
    assert {f.weight for f in found.items.values()} == {None}
    assert found.items["q1"].facility == 1
    other_mark = analyse([*answers, Answer("b", "q2", 2, 2)])
    assert not other_mark.same_paper


def test_the_rest_is_a_share_so_that_papers_of_any_size_compare() -> None:
    draw = random.Random(2)
    table = [[float(draw.random() < 0.6) for _ in range(6)] for _ in range(30)]
    one = analyse(rows(table))
    scaled = [a._replace(mark=5 * a.mark, maximum=5) for a in rows(table)]
    other = analyse(scaled)
    for name, figures in one.items.items():
        assert other.items[name].discrimination == pytest.approx(figures.discrimination)
        assert other.items[name].weight == pytest.approx(figures.weight)


def test_guessing_is_weighed_by_marks() -> None:
    answers = [Answer("a", "q1", 1, 1), Answer("a", "q2", 0, 3)]
    items = {"q1": Item("q1", guess=0.5), "q2": Item("q2", guess=0.25)}
    assert analyse(answers, items).guess == pytest.approx((0.5 + 0.75) / 4)


def test_point_biserial_by_hand() -> None:
    found = analyse(rows([[1, 1], [1, 0], [0, 1], [0, 0]]))
    # right on q0: totals 2, 1; wrong: 1, 0; correlation of (1,1,0,0) with (2,1,1,0) is √½
    assert found.items["q0"].point_biserial == pytest.approx(0.5**0.5)
    assert found.items["q0"].discrimination == pytest.approx(0)


def test_nothing_and_next_to_nothing() -> None:
    empty = analyse([])
    assert (empty.attempts, empty.mean, empty.same_paper, empty.items) == (0, None, False, {})
    one = analyse([Answer("a", "q", 1, 1)])
    figures = one.items["q"]
    assert (figures.facility, figures.discrimination, figures.efficiency) == (1, None, None)
    assert (one.reliability, one.deviation) == (None, None)


def test_first_attempts_are_each_members_earliest() -> None:
    attempts = [Attempt("b", 1, 20), Attempt("a", 1, 10), Attempt("c", 2, 5), Attempt("d", 2, 5)]
    assert first_attempts(attempts) == {"a", "c"}
    assert first_attempts(reversed(attempts)) == {"a", "c"}


@given(
    st.integers(2, 6).flatmap(
        lambda k: st.lists(
            st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=k, max_size=k),
            min_size=2,
            max_size=12,
        )
    )
)
def test_figures_stay_within_their_ranges(table: list[list[float]]) -> None:
    found = analyse(rows(table))
    for figures in found.items.values():
        assert figures.facility is not None
        assert 0 <= figures.facility <= 1
        for value in (figures.discrimination, figures.efficiency, figures.point_biserial):
            assert value is None or value >= -1 - 1e-9 or figures.efficiency == value
            assert value is None or value <= 1 + 1e-9
    weights = [f.weight for f in found.items.values() if f.weight is not None]
    assert sum(weights) == pytest.approx(1) or sum(weights) == 0
    assert found.reliability is None or found.reliability <= 1 + 1e-9


def test_a_wrong_key_is_found() -> None:
    draw = random.Random(4)
    answers, items = [], {"bad": Item("bad", 4, (0,), 0.25)}
    for n in range(60):
        ability = draw.random()
        for i in range(10):
            answers.append(Answer(f"a{n}", f"q{i}", float(draw.random() < ability), 1))
        chosen = 1 if draw.random() < ability else draw.choice([0, 2, 3])
        answers.append(Answer(f"a{n}", "bad", float(chosen == 0), 1, (chosen,)))
    flags = analyse(answers, items).items["bad"].flags
    assert (STRONG_CHOSE, 1) in flags
    assert (NEGATIVE, None) in flags


def hundred_thousand() -> tuple[list[Answer], dict[str, Item]]:
    """Return 2,000 attempts at 50 questions of four options."""
    draw = random.Random(1)
    answers = []
    for n in range(2000):
        ability = draw.random()
        for i in range(50):
            right = draw.random() < ability
            chosen = i % 4 if right else draw.randrange(4)
            answers.append(Answer(f"a{n}", f"q{i}", float(chosen == i % 4), 1.0, (chosen,)))
    return answers, {f"q{i}": Item(f"q{i}", 4, (i % 4,), 0.25) for i in range(50)}


def test_a_hundred_thousand_answers_take_less_than_a_second() -> None:
    answers, items = hundred_thousand()
    times = []
    for _try in range(3):
        started = time.process_time()
        found = analyse(answers, items)
        times.append(time.process_time() - started)
    assert found.answers == 100_000
    assert min(times) < 1

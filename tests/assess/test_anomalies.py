"""Anomalies are found where they were planted, not where people are merely different."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.anomalies import (
    LEAST_SPREAD,
    Normal,
    Timing,
    list_bursts,
    list_hasty,
    list_same_wrong,
    normal_times,
)
from app.bank.balance import distribution

pytestmark = pytest.mark.pure
MINUTE = 60_000


def readers(members: int = 30, items: int = 20, seed: int = 1) -> list[Timing]:
    """Return answers of people who read: 10 to 30 seconds a question, an hour apart by member."""
    draw = random.Random(seed)
    found = []
    for m in range(members):
        pace, at = draw.gauss(0, 0.25), m * 60 * MINUTE
        for i in range(items):
            elapsed = round(15_000 * math.exp(pace + draw.gauss(0, 0.3) + (i % 5) / 10))
            at += elapsed + 3_000
            found.append(Timing(m, f"q{i}", elapsed, at))
    return found


def test_a_normal_time_is_the_median_with_a_robust_spread() -> None:
    times = [8_000, 9_000, 10_000, 11_000, 12_000] * 2 + [10_000]
    normal = normal_times([Timing(m, "q", t, 0) for m, t in enumerate(times)])["q"]
    assert normal.median_ms == pytest.approx(10_000)
    assert normal.members == 11
    assert normal.spread == LEAST_SPREAD
    assert normal.fast_ms == pytest.approx(10_000 * math.exp(-0.6))


def test_nobodys_many_fast_answers_make_fast_normal() -> None:
    slow = [Timing(m, "q", 10_000, 0) for m in range(10)]
    fast = [Timing(99, "q", 100, n) for n in range(500)]
    assert normal_times(slow + fast)["q"].median_ms == pytest.approx(10_000)


def test_nine_members_are_too_few_for_a_normal_time() -> None:
    assert normal_times([Timing(m, "q", 9_000, 0) for m in range(9)]) == {}


def test_readers_are_never_hasty_and_the_hasty_is_named_with_evidence() -> None:
    timings = readers()
    assert list_hasty(timings, normal_times(timings)) == []
    robot = [Timing(77, f"q{i}", 900, i * 1_000) for i in range(20)]
    normal = normal_times(timings + robot)
    (found,) = list_hasty(timings + robot, normal)
    assert (found.member, len(found.fast), found.answers) == (77, 20, 20)
    assert found.others < 0.02
    assert all(f.elapsed_ms < f.fast_ms < f.median_ms for f in found.fast)
    assert found.fast[0].median_ms == normal["q0"].median_ms


def test_a_few_fast_answers_name_nobody() -> None:
    timings = readers()
    few = [
        t._replace(elapsed_ms=500) if t.member == 3 and t.item in ("q1", "q2") else t
        for t in timings
    ]
    assert list_hasty(few, normal_times(few)) == []


def answers(members: int, items: int, seed: int = 2) -> dict[int, dict[str, str]]:
    """Return wrong answers drawn independently, some options more tempting than others."""
    draw = random.Random(seed)
    return {
        m: {
            f"q{i}": draw.choices("BCD", weights=(5, 2, 1))[0]
            for i in range(items)
            if draw.random() < 0.4
        }
        for m in range(members)
    }


def test_independent_members_are_not_paired() -> None:
    assert list_same_wrong(answers(60, 40)) == []


def test_a_shared_misconception_is_no_evidence() -> None:
    wrong = answers(40, 30)
    for found in wrong.values():
        found.update({f"m{i}": "B" for i in range(10)})
    assert list_same_wrong(wrong) == []


def test_copied_wrong_answers_are_found_with_evidence() -> None:
    wrong = answers(60, 40)
    wrong[60] = dict(wrong[7])
    (found,) = list_same_wrong(wrong)
    assert found.members == (7, 60)
    assert found.same == found.both_wrong == len(wrong[7]) == len(found.items)
    assert found.expected < found.same
    assert found.chance * found.pairs < 0.01
    assert found.pairs == 61 * 60 // 2


def test_chance_is_judged_by_what_everybody_else_chose() -> None:
    draw, wrong = random.Random(3), {m: dict[str, str]() for m in range(32)}
    for item in map(str, range(12)):
        others = [*"CCCCCCCCCCDDDDDDDDDDEEEEEEEEEE"]
        draw.shuffle(others)
        for member, answer in enumerate(["B", "B", *others]):
            wrong[member][item] = answer
    (found,) = list_same_wrong(wrong)
    alike = (3 * 11**2 + 1 + 1) / 35**2  # ten and one each, one B and one other made up
    assert found.members == (0, 1)
    assert found.expected == pytest.approx(12 * alike)
    assert found.chance == pytest.approx(alike**12)


def test_two_people_alone_prove_nothing() -> None:
    assert list_same_wrong({1: {f"q{i}": "B" for i in range(6)}, 2: {}}) == []
    same = {f"q{i}": "B" for i in range(3)}
    assert list_same_wrong({1: same, 2: same}) == []


@given(
    st.dictionaries(
        st.integers(0, 12),
        st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("BCD"), max_size=8),
        max_size=12,
    )
)
def test_the_evidence_adds_up_whatever_the_answers(wrong: dict[int, dict[str, str]]) -> None:
    for found in list_same_wrong(wrong):
        assert 3 <= found.same <= found.both_wrong
        assert 0 <= found.expected <= found.both_wrong
        assert 0 <= found.chance <= 1


def test_a_burst_is_found_in_the_fullest_ten_minutes() -> None:
    normal = {f"q{i}": Normal(20_000, 0.3, 20) for i in range(100)}
    slow = [Timing(1, f"q{i}", 20_000, i * 25_000) for i in range(100)]
    assert list_bursts(slow, normal) == []
    robot = [Timing(2, f"q{i}", 1_000, 5 * MINUTE + i * 2_000) for i in range(60)]
    (found,) = list_bursts(slow + robot, normal)
    assert (found.member, found.answers, found.start_ms) == (2, 60, 5 * MINUTE)
    assert found.took_ms == 59 * 2_000 + 1_000
    assert found.usual_ms == pytest.approx(60 * 20_000)


def test_much_study_in_an_evening_is_no_burst() -> None:
    normal = {"q": Normal(15_000, 0.3, 20)}
    evening = [Timing(1, "q", 8_000, n * 9_000) for n in range(400)]
    assert list_bursts(evening, normal) == []


def test_few_answers_are_no_burst() -> None:
    normal = {"q": Normal(60_000, 0.3, 20)}
    assert list_bursts([Timing(1, "q", 100, n * 100) for n in range(19)], normal) == []
    assert len(list_bursts([Timing(1, "q", 100, n * 100) for n in range(20)], normal)) == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_pairs_passed_over_early_are_never_unlikely(chances: list[float]) -> None:
    mean = math.fsum(chances)
    spread = math.sqrt(math.fsum(p * (1 - p) for p in chances))
    tails = distribution(chances)
    for same in range(len(chances) + 1):
        if same < mean + 2 * spread:
            assert math.fsum(tails[same:]) > 0.01

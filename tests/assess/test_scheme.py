"""The pure scheme: what may count, how a score comes about, and the bars."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.explain import schemes as words
from app.assess.scheme import (
    COMPONENTS,
    Asked,
    Evidence,
    Part,
    Plan,
    check_period,
    check_plan,
    has_met,
    hours_for,
    parts_of,
    period_before,
    score_of,
    unit_has_met,
)
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
SHOWN = Evidence(("a", "b", "c", "d"), {"a": 0.9, "b": 0.5, "z": 1.0}, {1: 0.8}, 30.0)
DUE = ((1, True), (2, True), (3, True), (4, False))
ASKED = Asked(papers=(1, 2), hours=40.0, plans=((9, True),), duties=DUE)
EVERY = Plan(weights={"recall": 40, "papers": 30, "hours": 15, "duties": 10, "plans": 5})


@pytest.mark.parametrize("barred", ["logins", "minutes", "answers", "points", "streak", "登录"])
def test_what_is_gamed_may_not_count(barred: str) -> None:
    with pytest.raises(Invalid, match="不能作为考评依据"):
        check_plan(Plan(weights={"recall": 50, barred: 50}))


@pytest.mark.parametrize(
    "plan",
    [
        Plan(weights={"recall": 90}),
        Plan(weights={"recall": 150, "papers": -50}),
        Plan(weights={}),
        Plan(weights={"recall": 100}, person_bar=0),
        Plan(weights={"recall": 100}, unit_share=101),
    ],
)
def test_weights_and_bars_make_sense(plan: Plan) -> None:
    with pytest.raises(Invalid):
        check_plan(plan)


def test_a_score_is_the_weighted_mean_of_what_was_asked() -> None:
    parts = parts_of(EVERY, ASKED, SHOWN)
    assert [part.name for part in parts] == list(COMPONENTS)
    assert [part.value for part in parts] == pytest.approx([0.35, 0.4, 1, 0.75, 0.75])
    assert score_of(parts) == pytest.approx(14 + 12 + 5 + 11.25 + 7.5)


def test_what_was_not_asked_leaves_its_weight_to_the_rest() -> None:
    parts = parts_of(EVERY, Asked(), Evidence(("a",), {"a": 0.5}, {}, 0))
    assert [part.value for part in parts] == [0.5, None, None, None, None]
    assert score_of(parts) == 50
    assert score_of(()) is None


def test_more_hours_than_asked_are_no_more_than_all() -> None:
    [part] = parts_of(Plan(weights={"hours": 100}), Asked(hours=10), SHOWN)
    assert part.value == 1.0


def test_answering_more_often_changes_nothing() -> None:
    """Volume has no way in: the same recall gives the same score, however it was come by."""
    assert set(Evidence.__slots__) == {"questions", "recall", "papers", "hours"}


@given(st.lists(st.tuples(st.integers(0, 100), st.none() | st.floats(0, 1)), max_size=4))
def test_a_score_lies_between_its_parts(pairs: list[tuple[int, float | None]]) -> None:
    parts = [Part(str(n), weight, value, {}) for n, (weight, value) in enumerate(pairs)]
    values = [v for w, v in pairs if v is not None and w]
    score = score_of(parts)
    if not values:
        assert score is None
    else:
        assert score is not None
        assert 100 * min(values) - 1e-9 <= score <= 100 * max(values) + 1e-9


def test_bars_are_stated_and_not_relative() -> None:
    assert has_met(80.0, 80)
    assert not has_met(79.99, 80)
    assert not has_met(None, 1)
    assert unit_has_met(4, 5, 80)
    assert not unit_has_met(3, 5, 80)
    assert not unit_has_met(0, 0, 1)


def test_hours_of_a_year_are_shared_out_over_the_period() -> None:
    assert hours_for(32, date(2026, 1, 1), date(2026, 12, 31)) == 32
    assert hours_for(32, date(2026, 1, 1), date(2026, 3, 31)) == 8
    assert hours_for(0, date(2026, 1, 1), date(2026, 3, 31)) == 0


def test_periods() -> None:
    check_period(date(2026, 1, 1), date(2026, 12, 31))
    for first, last in ((date(2026, 2, 1), date(2026, 1, 1)), (date(2026, 1, 1), date(2027, 1, 2))):
        with pytest.raises(Invalid):
            check_period(first, last)
    before = period_before(date(2026, 7, 1), date(2026, 9, 30))
    assert before == (date(2026, 3, 31), date(2026, 6, 30))


def test_every_part_and_the_sum_are_told_with_their_numbers() -> None:
    parts = parts_of(EVERY, ASKED, SHOWN)
    told = [words.of_part(part) for part in parts]
    assert "4 题里学过 2 题" in told[0]
    assert "1.4 题" in told[0]
    assert "2 份试卷答了 1 份" in told[1]
    assert "1 项，按时完成 1 项" in told[2]
    assert "30 学时" in told[3]
    assert "4 项，按时完成 3 项" in told[4]
    assert words.of_score(48.5, parts).endswith("÷ 100 = 48.5 分")
    assert "不计此项" in words.of_part(Part("hours", 1, None, {}))
    assert "不计分" in words.of_score(None, ())
    assert "80 分达标" in words.of_plan(EVERY)
    assert "国办函" in words.barred()

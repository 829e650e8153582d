"""Distributions count everybody once, and small units stay hidden, also by subtraction."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.distribution import compare, distribution, may_show, quantile

pytestmark = pytest.mark.pure
shares = st.lists(st.floats(0, 1), min_size=2, max_size=60)
sizes = st.dictionaries(st.sampled_from("甲乙丙丁戊己庚"), st.integers(0, 12), max_size=7)


def test_bins_and_quartiles_by_hand() -> None:
    found = distribution([0.0, 0.29, 0.3, 0.6, 0.7, 1.0, 0.95])
    assert found is not None
    assert [b.count for b in found.bins] == [1, 0, 1, 1, 0, 0, 1, 1, 0, 2]
    assert (found.people, found.median, found.lower, found.upper) == (
        7,
        0.6,
        pytest.approx(0.295),
        pytest.approx(0.825),
    )
    assert (found.bins[0].low, found.bins[9].high) == (0, 1)


def test_a_share_on_an_edge_belongs_to_the_bin_it_begins() -> None:
    found = distribution([n / 100 for n in range(100)], bins=100)
    assert found is not None
    assert [b.count for b in found.bins] == [1] * 100


@given(shares)
def test_quartiles_are_those_of_spreadsheets(values: list[float]) -> None:
    found = distribution(values)
    assert found is not None
    quartiles = statistics.quantiles(values, n=4, method="inclusive")
    assert [found.lower, found.median, found.upper] == pytest.approx(quartiles)
    assert sum(b.count for b in found.bins) == len(values)
    assert found.mean == pytest.approx(statistics.fmean(values))


def test_one_person_and_nobody() -> None:
    assert distribution([]) is None
    assert quantile([0.4], 0.75) == 0.4


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="shares"):
        distribution([share])


def test_units_keep_their_order_whatever_their_marks() -> None:
    found = compare({"丙": [0.1] * 6, "甲": [0.9] * 6, "乙": [0.5] * 6})
    assert list(found.units) == ["丙", "甲", "乙"]
    assert found.hidden == 0


def test_small_units_hide_and_take_another_with_them() -> None:
    found = compare({"甲": [0.5] * 4, "乙": [0.5] * 9, "丙": [0.5] * 6, "丁": []})
    assert list(found.units) == ["乙"]  # 丙 hides too, or all minus shown would give 甲 away
    assert found.hidden == 2
    two_small = compare({"甲": [0.5] * 3, "乙": [0.5] * 9, "丙": [0.5] * 2})
    assert list(two_small.units) == ["乙"]


@given(sizes)
def test_nothing_about_fewer_than_five_can_be_worked_out(units: dict[str, int]) -> None:
    found = compare({name: [0.5] * count for name, count in units.items()})
    assert all(d.people >= 5 for d in found.units.values())
    left_over = sum(units.values()) - sum(d.people for d in found.units.values())
    assert left_over == 0 or left_over >= 5 or not found.units


def test_five_may_be_shown() -> None:
    assert (may_show(4), may_show(5)) == (False, True)

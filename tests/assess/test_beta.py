"""The beta distribution agrees with printed tables, with sums that are exact, and with itself."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assess.beta import above, cumulative, density, quantile

pytestmark = pytest.mark.pure
parameters = st.floats(0.5, 500)


@pytest.mark.parametrize(
    ("share", "above_n", "below_n", "value"),
    [  # printed F tables, 5 %, 1 % and 0.1 % points
        (0.95, 1, 1, 161.448),
        (0.95, 5, 10, 3.3258),
        (0.95, 10, 5, 4.7351),
        (0.99, 4, 20, 4.4307),
        (0.95, 120, 60, 1.4673),
        (0.99, 2, 30, 5.3903),
    ],
)
def test_quantiles_agree_with_tables_of_f(
    share: float, above_n: int, below_n: int, value: float
) -> None:
    x = quantile(share, above_n / 2, below_n / 2)
    assert below_n * x / (above_n * (1 - x)) == pytest.approx(value, rel=5e-5)


@pytest.mark.parametrize(
    ("degrees", "value"), [(1, 12.7062), (5, 2.5706), (10, 2.2281), (30, 2.0423), (120, 1.9799)]
)
def test_tails_agree_with_tables_of_student(degrees: int, value: float) -> None:
    x = degrees / (degrees + value**2)
    assert cumulative(x, degrees / 2, 0.5) == pytest.approx(0.05, abs=1e-5)


@given(st.integers(1, 60), st.data(), st.floats(0.001, 0.999))
def test_whole_parameters_give_the_binomial_tail(n: int, data: st.DataObject, x: float) -> None:
    k = data.draw(st.integers(1, n))
    tail = math.fsum(math.comb(n, i) * x**i * (1 - x) ** (n - i) for i in range(k, n + 1))
    assert cumulative(x, k, n - k + 1) == pytest.approx(tail, abs=1e-12)


def test_half_and_half_is_the_arcsine_law() -> None:
    for x in (1e-9, 0.1, 0.5, 0.9, 1 - 1e-9):
        law = 2 / math.pi * math.asin(math.sqrt(x))
        assert cumulative(x, 0.5, 0.5) == pytest.approx(law, abs=1e-11)


@given(st.floats(1e-6, 1 - 1e-6), parameters, parameters)
def test_a_quantile_leads_back(chance: float, a: float, b: float) -> None:
    assert cumulative(quantile(chance, a, b), a, b) == pytest.approx(chance, abs=1e-9)


@given(st.floats(0, 1), parameters, parameters)
def test_both_sides_make_one(x: float, a: float, b: float) -> None:
    assert cumulative(x, a, b) + above(x, a, b) == pytest.approx(1, abs=1e-11)


@given(st.floats(0, 1), st.floats(0, 1), parameters, parameters)
def test_the_distribution_never_falls(one: float, other: float, a: float, b: float) -> None:
    low, high = sorted((one, other))
    assert cumulative(low, a, b) <= cumulative(high, a, b) + 1e-11


def test_the_density_is_the_slope() -> None:
    step = 1e-6
    for x, a, b in ((0.2, 2.5, 3.5), (0.8, 17.5, 2.5), (0.5, 0.5, 0.5)):
        slope = (cumulative(x + step, a, b) - cumulative(x - step, a, b)) / (2 * step)
        assert density(x, a, b) == pytest.approx(slope, rel=1e-6)


def test_the_ends() -> None:
    assert (cumulative(-1, 2, 3), cumulative(0, 2, 3), cumulative(1, 2, 3)) == (0, 0, 1)
    assert (quantile(0, 2, 3), quantile(1, 2, 3)) == (0, 1)


def test_many_answers_stay_exact() -> None:
    assert cumulative(0.5, 500_000.5, 500_000.5) == pytest.approx(0.5, abs=1e-9)
    assert quantile(0.5, 500_000.5, 500_000.5) == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0, 1), (1, 0), (-1, 2), (math.nan, 1)])
def test_parameters_must_be_positive(a: float, b: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        cumulative(0.5, a, b)


def test_a_chance_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="chance"):
        quantile(1.01, 2, 2)

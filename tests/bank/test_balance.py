"""The statistics of a bank: exact against known values, and able to find what is uneven."""

import math

import pytest

from app.bank.balance import (
    chi_square,
    chi_square_tail,
    distribution,
    list_faults,
    measure,
)
from app.bank.kinds import Blank, Content, Single, TrueFalse

pytestmark = pytest.mark.pure


def single(number: int, answer: str, options: tuple[str, ...] = ("一", "二", "三", "四")) -> Single:
    """Return a single-choice question."""
    return Single(
        id=f"s{number}",
        provision="a1",
        difficulty="know",
        stem="？",
        options=options,
        answer=answer,
    )


def judged(number: int, answer: bool) -> TrueFalse:
    """Return a statement to judge."""
    return TrueFalse(id=f"t{number}", provision="a1", difficulty="know", stem="。", answer=answer)


def blank(number: int) -> Blank:
    """Return a blank."""
    return Blank(id=f"b{number}", provision="a1", difficulty="know", stem="___", answers=(("一",),))


def rules(items: list[Content]) -> set[str]:
    """Return which rules the balance of `items` breaks."""
    return {rule for rule, _message in list_faults(measure(items))}


@pytest.mark.parametrize(
    ("value", "degrees", "tail"),
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (7.815, 3, 0.05), (11.345, 3, 0.01), (18.307, 10, 0.05)],
)
def test_tails_agree_with_printed_tables(value: float, degrees: int, tail: float) -> None:
    assert chi_square_tail(value, degrees) == pytest.approx(tail, abs=2e-5)


def test_equal_draws_are_binomial() -> None:
    found = distribution([0.25] * 8)
    assert found == pytest.approx([math.comb(8, n) * 0.25**n * 0.75 ** (8 - n) for n in range(9)])
    assert distribution([0.5, 1.0]) == pytest.approx([0, 0.5, 0.5])


def test_chi_square_of_even_counts_is_nothing() -> None:
    assert chi_square([5, 5, 5]) == 0
    assert chi_square([0, 0]) == 0
    assert chi_square([10, 0]) == pytest.approx(10)


def test_an_empty_bank_is_even() -> None:
    assert rules([]) == set()


def test_keys_that_are_always_longest_are_found() -> None:
    long = ("长一些的", "短", "短一", "短二")
    items = [single(n, "A", long) for n in range(10)] + [blank(n) for n in range(10)]
    assert "key-longest" in rules(list(items))


def test_keys_that_are_never_longest_are_found() -> None:
    long = ("长一些的", "短", "短一", "短二")
    items = [single(n, "BCD"[n % 3], long) for n in range(30)] + [blank(n) for n in range(20)]
    assert "key-never-longest" in rules(list(items))


def test_keys_in_one_place_are_found() -> None:
    items = [single(n, "B") for n in range(20)] + [blank(n) for n in range(10)]
    assert rules(list(items)) == {"key-position"}
    even = [single(n, "ABCD"[n % 4]) for n in range(20)] + [blank(n) for n in range(10)]
    assert rules(list(even)) == set()


def test_statements_that_are_nearly_all_true_are_found() -> None:
    items = [judged(n, n > 1) for n in range(20)] + [blank(n) for n in range(10)]
    assert rules(list(items)) == {"true-false"}


def test_too_little_recall_is_found() -> None:
    items = [single(n, "ABCD"[n % 4]) for n in range(20)] + [blank(n) for n in range(3)]
    assert rules(list(items)) == {"too-little-recall"}

"""The option table counts right, and flags say what a person would say."""

import pytest

from app.assess.options import (
    GUESSED,
    IDLE_OPTION,
    LOW_DISCRIMINATION,
    NEGATIVE,
    STRONG_CHOSE,
    TOO_EASY,
    TOO_HARD,
    Flag,
    Item,
    OptionFigures,
    list_flags,
    option_table,
)

pytestmark = pytest.mark.pure
ITEM = Item("q", 4, (0,), 0.25)


def option(index: int, share: float, strong: float = 0.0, weak: float = 0.0) -> OptionFigures:
    """Return an option of ITEM chosen so often."""
    return OptionFigures(index, index == 0, round(share * 100), share, strong, weak)


def flags(
    answers: int, facility: float, discrimination: float, *options: OptionFigures
) -> list[Flag]:
    """Return the flags of an item with a guess of a quarter."""
    return list(list_flags(answers, facility, 0.25, discrimination, options))


def test_the_table_counts_all_strong_and_weak() -> None:
    responses = [(0,)] * 6 + [(1,)] * 3 + [(2,)]
    rests = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
    table = option_table(ITEM, responses, rests)
    assert [o.count for o in table] == [6, 3, 1, 0]
    assert [o.share for o in table] == [0.6, 0.3, 0.1, 0]
    assert [o.strong for o in table] == [1, 0, 0, 0]
    assert [o.weak for o in table] == pytest.approx([0, 2 / 3, 1 / 3, 0])
    assert [o.is_key for o in table] == [True, False, False, False]
    assert [o.is_idle for o in table] == [False, False, False, True]


def test_several_options_may_be_chosen_or_none() -> None:
    table = option_table(Item("q", 3, (0, 1)), [(0, 1), (0, 2), None, ()], [0.9, 0.5, 0.4, 0.1])
    assert [o.count for o in table] == [2, 1, 1]
    assert [o.share for o in table] == [0.5, 0.25, 0.25]


def test_ties_at_the_border_belong_in_whatever_the_order() -> None:
    responses = [(0,), (1,), (1,), (2,)]
    one = option_table(ITEM, responses, [0.5, 0.5, 0.5, 0.5])
    other = option_table(ITEM, responses[::-1], [0.5, 0.5, 0.5, 0.5])
    assert one == other
    assert [o.strong for o in one] == [0.25, 0.5, 0.25, 0]


def test_kinds_without_options_have_no_table() -> None:
    assert option_table(Item("q"), [None, None], [0.5, 0.6]) == ()
    assert option_table(ITEM, [], []) == ()


def test_the_strong_chose_another_option() -> None:
    found = flags(50, 0.4, 0.1, option(0, 0.4, 0.3, 0.4), option(1, 0.5, 0.6, 0.3))
    assert found == [Flag(STRONG_CHOSE, 1)]


def test_a_distractor_that_draws_the_weak_is_doing_its_job() -> None:
    assert flags(50, 0.4, 0.3, option(0, 0.4, 0.3, 0.2), option(1, 0.5, 0.4, 0.6)) == []


def test_a_distractor_that_draws_some_of_the_strong_is_no_fault_of_the_key() -> None:
    assert flags(50, 0.5, 0.3, option(0, 0.5, 0.6, 0.3), option(1, 0.3, 0.4, 0.3)) == []


@pytest.mark.parametrize(
    ("answers", "facility", "discrimination", "rules"),
    [
        (19, 0.1, -0.5, []),
        (20, 0.6, -0.1, [NEGATIVE]),
        (99, 0.6, 0.1, []),
        (100, 0.6, 0.1, [LOW_DISCRIMINATION]),
        (100, 0.6, 0.2, []),
        (50, 0.96, 0.3, [TOO_EASY]),
        (50, 0.29, 0.3, [GUESSED]),
        (50, 0.1, 0.3, [GUESSED]),
    ],
)
def test_rules(answers: int, facility: float, discrimination: float, rules: list[str]) -> None:
    assert [flag.rule for flag in flags(answers, facility, discrimination)] == rules


def test_hard_is_said_where_nobody_can_guess() -> None:
    assert list(list_flags(50, 0.1, 0.0, 0.3, ())) == [Flag(TOO_HARD)]


def test_idle_distractors_are_named_unless_all_are_right() -> None:
    options = [option(0, 0.9), option(1, 0.06), option(2, 0.04), option(3, 0.0)]
    assert flags(50, 0.9, 0.3, *options) == [Flag(IDLE_OPTION, 2), Flag(IDLE_OPTION, 3)]
    assert flags(50, 0.97, 0.3, *options) == [Flag(TOO_EASY)]


def test_without_marks_nothing_is_flagged() -> None:
    assert list(list_flags(50, None, 0.25, None, ())) == []

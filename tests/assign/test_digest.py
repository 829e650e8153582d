"""When something is told, in which words, and that groups hear numbers only."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.assign.coming import Asked, lines_of_people, lines_of_unit
from app.assign.digest import (
    AFTER,
    BEFORE,
    MOST_LINES,
    GroupLine,
    Line,
    decode,
    encode,
    group_text,
    in_words,
    is_polite,
    is_told,
    letter_lines,
)
from app.base.clock import SHANGHAI

TODAY = date(2026, 11, 23)


def day(away: int) -> date:
    """Return a day so many days from today."""
    return TODAY + timedelta(days=away)


def asked(kind: str = "paper", due: int = 1, **more: object) -> Asked:
    """Return something asked of 1, 2 and 3 that 2 and 3 have still to do."""
    values = {"asked": frozenset({1, 2, 3}), "missing": frozenset({2, 3}), "opens_on": None} | more
    return Asked(kind, 5, "党章测验", day(due), **values)  # type: ignore[arg-type]


def test_the_days_on_which_something_is_told() -> None:
    told = [away for away in range(40, -40, -1) if is_told(TODAY, day(away))]
    assert told == [*BEFORE, *(-days for days in AFTER)]
    assert [n for n in range(40) if is_told(TODAY, day(n), None, (5, 2))] == [0, 2, 5]


@given(st.integers(-40, 40), st.integers(0, 40))
def test_nothing_is_told_before_it_opens(opens: int, length: int) -> None:
    told = is_told(TODAY, day(opens + length), day(opens))
    if opens > 0:
        assert not told
    elif opens == 0:
        assert told
    else:
        assert told is is_told(TODAY, day(opens + length))


@pytest.mark.parametrize(("hour", "polite"), [(6, False), (7, True), (20, True), (21, False)])
def test_nobody_is_written_to_at_night(hour: int, polite: bool) -> None:
    assert is_polite(datetime(2026, 11, 23, hour, 30, tzinfo=SHANGHAI)) is polite


def test_people_hear_of_what_they_have_not_done() -> None:
    lines = lines_of_people([asked(), asked(due=2)], {1: 0, 2: 12}, TODAY)
    assert set(lines) == {2, 3}
    assert [(one.kind, one.day) for one in lines[2]] == [("paper", day(1)), ("cards", TODAY)]
    assert [one.kind for one in lines[3]] == ["paper"]
    assert decode(encode(lines[2])) == lines[2]


def test_words(app: Flask) -> None:
    def words(away: int, opens: bool = False) -> str:
        return in_words(Line("paper", "甲", 1, day(away), opens), TODAY)

    with app.test_request_context():
        assert words(0) == "今天截止"
        assert words(1) == "明天截止"
        assert words(3) == "3 天后截止"
        assert words(-2) == "已过期 2 天"
        assert words(0, True) == "今天开始"
        assert in_words(Line("cards", "", 0, TODAY, count=12), TODAY) == "今天有 12 题要复习"


def test_a_letter_says_everything_or_how_much_more(app: Flask) -> None:
    lines = [Line("duty", f"责任{n}", n, day(1)) for n in range(MOST_LINES + 5)]
    with app.test_request_context():
        told = letter_lines(lines, TODAY)
    assert told[0] == "责任《责任0》明天截止"
    assert (len(told), told[-1]) == (MOST_LINES + 1, "还有 5 项")


def test_a_group_hears_numbers_of_its_own_people_and_affairs() -> None:
    affairs = [
        asked(),
        asked(kind="item", asked=frozenset({9}), missing=frozenset({9}), of_unit=1),
        asked(kind="duty", asked=frozenset({2}), missing=frozenset({2}), of_unit=8),
        asked(due=2),
        asked(missing=frozenset({3})),
    ]
    found = lines_of_unit(affairs, {1, 2, 77}, 1, TODAY)
    assert found == [
        GroupLine("paper", "党章测验", day(1), False, 2, 1),
        GroupLine("item", "党章测验", day(1)),
    ]


def test_the_message_to_a_group(app: Flask) -> None:
    lines = [
        GroupLine("paper", "党章测验", day(1), False, 12, 5),
        GroupLine("item", "读第三章", day(-7)),
        GroupLine("goal", "前四章", TODAY, True, 12, 12),
    ]
    with app.test_request_context():
        told = group_text("甲支部", lines, TODAY, "https://xueji.example")
    assert told.split("\n") == [
        "学记提醒 · 甲支部 · 11月23日",
        "· 计划《读第三章》已过期 7 天",
        "· 学习目标《前四章》今天开始：12 人中还有 12 人没有完成",
        "· 试卷《党章测验》明天截止：12 人中还有 5 人没有完成",
        "到学记查看：https://xueji.example",
    ]

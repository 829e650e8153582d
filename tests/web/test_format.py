"""Days as people say them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.base.clock import epoch
from app.web.format import date_words, day_words, iso_day, long_day, when

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "words"),
    [(25, "今天"), (26, "明天"), (24, "昨天"), (28, "3 天后"), (20, "5 天前")],
)
def test_days(app: Flask, day: int, words: str) -> None:
    assert day_words(date(2026, 11, day), TODAY) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 26), "明天"),
        (date(2026, 12, 2), "7 天后"),
        (date(2026, 12, 3), "12月3日"),
        (date(2026, 11, 5), "11月5日"),
        (date(2027, 1, 4), "2027年1月4日"),
    ],
)
def test_days_further_away_have_their_date(app: Flask, day: date, words: str) -> None:
    assert date_words(day, TODAY) == words


def test_the_day_begins_at_four_in_shanghai(app: Flask) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    late = datetime(2026, 11, 25, 19, 59, tzinfo=UTC)
    early = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
    assert when(int(late.timestamp()), now) == "今天"
    assert when(int(early.timestamp()), now) == "明天"


def test_a_moment_is_told_by_its_day_in_shanghai() -> None:
    assert iso_day(epoch(datetime(2026, 11, 23, 15, 59, tzinfo=UTC))) == "2026-11-23"
    assert iso_day(epoch(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))) == "2026-11-24"


def test_days_on_record_are_written_out(app: Flask) -> None:
    assert long_day(date(2026, 11, 5)) == "2026年11月5日"
    assert long_day(epoch(datetime(2026, 11, 4, 16, tzinfo=UTC))) == "2026年11月5日"

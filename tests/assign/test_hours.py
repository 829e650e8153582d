"""Hours: what may be recorded, and what is asked of whom."""

from datetime import date

import pytest

from app.assign.hours import (
    DEFAULTS,
    Target,
    check_attendance,
    check_day,
    check_hours,
    check_target,
    target_of,
)
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("hours", [0, -1, 0.25, 1.3, 10.5, 1000, float("inf"), float("nan")])
def test_absurd_hours_are_refused(hours: float) -> None:
    with pytest.raises(Invalid):
        check_hours(hours)


@pytest.mark.parametrize("hours", [0.5, 1, 2.5, 10])
def test_halves_are_taken(hours: float) -> None:
    check_hours(hours)


def test_days_to_come_and_long_past_are_refused() -> None:
    check_day(TODAY, TODAY)
    check_day(date(2025, 1, 1), TODAY)
    for day in (date(2026, 11, 24), date(2024, 12, 31)):
        with pytest.raises(Invalid):
            check_day(day, TODAY)


@pytest.mark.parametrize(
    ("present", "words"), [((), "勾选"), ((1, 1), "两次"), ((1, 9), "不在这个单位")]
)
def test_attendance_names_each_once_and_nobody_else(present: tuple[int, ...], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        check_attendance(present, {1, 2})
    check_attendance((1, 2), {1, 2, 3})


def test_the_highest_of_status_and_posts_is_asked_and_the_exempt_are_asked_nothing() -> None:
    assert target_of("full", (), "active", DEFAULTS) == DEFAULTS["full"]
    assert target_of("full", ("lecturer", "secretary"), "away", DEFAULTS) == DEFAULTS["secretary"]
    assert target_of("full", ("secretary",), "exempt", DEFAULTS) is None
    assert target_of("activist", (), "active", DEFAULTS) is None
    assert target_of("full", (), "active", {"full": Target(0, "本单位")}) is None


def test_every_default_says_where_it_comes_from() -> None:
    assert {key: target.hours for key, target in DEFAULTS.items()} == {
        "full": 32,
        "probationary": 32,
        "development": 24,
        "secretary": 56,
        "deputy": 56,
        "organisation": 56,
        "publicity": 56,
        "discipline": 56,
    }
    for target in DEFAULTS.values():
        assert "《" in target.source


def test_a_target_needs_a_source() -> None:
    for hours, source in ((32, " "), (-1, "x"), (501, "x"), (1.2, "x"), (float("nan"), "x")):
        with pytest.raises(Invalid):
            check_target(hours, source)
    check_target(0, "本单位党员大会决定")

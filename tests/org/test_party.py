"""The Party's words as sheets write them."""

from datetime import date

import pytest

from app.base.errors import Invalid
from app.org.party import (
    POSTS,
    STATUSES,
    UNKNOWN,
    check_days,
    read_posts,
    read_status,
)

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("正式党员", "full"),
        (" 中共党员 ", "full"),
        ("预备 党员", "probationary"),
        ("发展对象", "development"),
        ("积极分子", "activist"),
        ("群众", "other"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_statuses_as_they_are_written(text: str, status: str) -> None:
    assert read_status(text) == status
    assert status == "" or status in STATUSES


def test_an_unknown_status_is_refused_with_the_word() -> None:
    with pytest.raises(Invalid, match="党外人士"):
        read_status("党外人士")


@pytest.mark.parametrize(
    ("text", "codes", "ignored"),
    [
        ("书记", ("secretary",), ()),
        ("党支部书记、组织委员", ("secretary", "organisation"), ()),
        ("支部副书记兼宣传委员", ("deputy", "publicity"), ()),
        ("纪律检查委员/讲师", ("discipline", "lecturer"), ()),
        ("科长", (), ("科长",)),
        ("书记，书记", ("secretary",), ()),
        ("", (), ()),
        ("党支部", (), ()),
    ],
)
def test_posts_as_they_are_written(
    text: str, codes: tuple[str, ...], ignored: tuple[str, ...]
) -> None:
    assert read_posts(text) == (codes, ignored)
    assert set(codes) <= set(POSTS)


def test_days_of_a_post_lie_in_the_partys_time_and_run_forward() -> None:
    check_days(date(1921, 7, 1), None)
    check_days(date(2026, 1, 1), date(2026, 1, 1))
    for since, until in (
        (date(1921, 6, 30), None),
        (date(2101, 1, 1), None),
        (date(2026, 1, 2), date(2026, 1, 1)),
        (date(2026, 1, 2), date(2101, 1, 1)),
    ):
        with pytest.raises(Invalid):
            check_days(since, until)


def test_not_recorded_is_not_a_word_of_a_sheet() -> None:
    with pytest.raises(Invalid):
        read_status(UNKNOWN)

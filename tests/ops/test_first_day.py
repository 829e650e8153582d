"""A trainer's first day: three things on the home page, until something was assigned."""

from flask import Flask

from app.ops.queries import find_first_day
from tests.assign.asking import Asking
from tests.conftest import Cast, Clock

HEAD = "第一天，三件事"


def test_an_administrator_is_led_from_the_first_branch_on(
    bank: Flask, cast: Cast, clock: Clock
) -> None:
    cast.make_member("总管", role="admin")
    page = cast.sign_in("总管").get("/").text
    assert HEAD in page
    assert '<li><a href="/units/new">建一个支部</a>' in page
    assert "请人来（先建支部）" in page
    cast.make_unit("A")
    page = cast.sign_in("总管").get("/").text
    assert "✓ 单位已经建好" in page
    assert "请第一个人来" in page
    cast.make_member("甲", unit="A")
    page = cast.sign_in("总管").get("/").text
    assert "✓ 已有 1 人" in page
    assert 'href="/paper-desk/new"' in page
    assert HEAD not in cast.sign_in("甲").get("/").text


def test_it_is_gone_once_something_was_assigned(bank: Flask, cast: Cast, clock: Clock) -> None:
    asking = Asking(bank, cast, clock)
    trainer = asking.who("书记A")
    day = find_first_day(trainer, clock())
    assert day is not None
    assert (day.unit_name, day.people) == ("单位A", 6)
    asking.ask(asking.terms(asking.paper()))
    assert find_first_day(trainer, clock()) is None
    assert find_first_day(asking.who("甲"), clock()) is None

"""What rooms put on the home page."""

from datetime import datetime

from flask import Flask

from app.web.home import KEY, add_panel, list_panels
from tests.conftest import Cast, Clock


def test_panels_come_in_order_and_silent_ones_leave_no_trace(app: Flask, clock: Clock) -> None:
    app.extensions.pop(KEY)  # those of the rooms ask who is signed in
    said: list[datetime] = []

    def first(now: datetime) -> str:
        said.append(now)
        return "<p>一</p>"

    for panel in (first, lambda _now: "", lambda _now: "<p>二</p>"):
        add_panel(app, panel)
    with app.test_request_context():
        assert list_panels(clock()) == ["<p>一</p>", "<p>二</p>"]
    assert said == [clock()]


def test_the_home_page_shows_them_to_who_is_signed_in(bank: Flask, cast: Cast) -> None:
    add_panel(bank, lambda _now: "<p>有人找你</p>")
    cast.make_member("甲")
    assert "有人找你" in cast.sign_in("甲").get("/").text
    assert "有人找你" not in bank.test_client().get("/").text

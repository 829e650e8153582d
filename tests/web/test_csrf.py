"""One form token a sign-in: taken from its own browser, refused from any other."""

import re

import pytest
from flask import Flask, g

from tests.conftest import Cast


@pytest.fixture
def guarded(app: Flask) -> Flask:
    """The application with form tokens asked for."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def token_of(page: str) -> str:
    """Return the one token of all forms of a page."""
    [found] = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
    return str(found)


def test_the_token_is_the_same_on_every_page_and_only_ones_own(
    bank: Flask, guarded: Flask, cast: Cast
) -> None:
    guarded.config["WTF_CSRF_ENABLED"] = False
    for name in ("甲", "乙"):
        cast.make_member(name)
    one, other = cast.sign_in("甲"), cast.sign_in("乙")
    guarded.config["WTF_CSRF_ENABLED"] = True
    own = token_of(one.get("/study").text)
    assert token_of(one.get("/study").text) == own
    g.pop("csrf_token", None)  # requests of a test share what is made once a request
    foreign = token_of(other.get("/study").text)
    assert foreign != own
    shape = {"answer_id": "x" * 22, "csrf_token": own}
    assert one.post("/study/undo", data=shape).status_code == 404
    for token in (foreign, "", own + "x"):
        assert one.post("/study/undo", data={**shape, "csrf_token": token}).status_code == 400

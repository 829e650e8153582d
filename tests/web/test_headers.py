"""Security headers on every answer, and nothing personal kept by anybody on the way."""

import pytest
from flask.testing import FlaskClient

from app.web.headers import HEADERS
from tests.conftest import Cast


@pytest.mark.parametrize("path", ["/", "/sign-in", "/livez", "/no-such-page", "/people"])
def test_every_answer_carries_them(client: FlaskClient, path: str) -> None:
    reply = client.get(path)
    assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert policy.startswith("default-src 'none'")


def test_signed_in_pages_are_not_stored(cast: Cast) -> None:
    cast.make_member("甲")
    assert cast.sign_in("甲").get("/account").headers["Cache-Control"] == "no-store"

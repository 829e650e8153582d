"""What scripts are told, and who may post to them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.factory import create_app
from app.study.delivery import LARGEST
from app.web.programs import HEADER
from tests.conftest import Cast

OURS = {HEADER: "1"}


@pytest.fixture
def member(cast: Cast) -> FlaskClient:
    """A browser in which a member has signed in."""
    cast.make_member("甲")
    return cast.sign_in("甲")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        (OURS, 422),
        ({**OURS, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 422),
        ({**OURS, "Origin": "https://localhost"}, 422),  # behind a proxy that ends HTTPS
        ({**OURS, "Origin": "http://evil.example"}, 403),
        ({**OURS, "Origin": "null"}, 403),
        ({**OURS, "Origin": "http://localhost:81"}, 403),
        ({**OURS, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**OURS, "Sec-Fetch-Site": "same-site"}, 403),
        ({**OURS, "Sec-Fetch-Site": "none"}, 403),
    ],
)
def test_only_our_own_scripts_may_post(
    member: FlaskClient, headers: dict[str, str], status: int
) -> None:
    reply = member.post("/api/sync", json={}, headers=headers)
    assert (reply.status_code, reply.mimetype) == (status, "application/json")
    assert reply.json["error"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(member: FlaskClient, kind: str) -> None:
    reply = member.post("/api/sync", data="{}", content_type=kind, headers=OURS)
    assert reply.status_code == 415


def test_more_than_the_limit_is_refused(member: FlaskClient) -> None:
    body = b" " * (LARGEST + 1)
    reply = member.post("/api/sync", data=body, content_type="application/json", headers=OURS)
    assert reply.status_code == 413


def test_no_token_is_asked_of_scripts_but_still_of_forms(app: Flask) -> None:
    guarded = create_app({**app.config, "WTF_CSRF_ENABLED": True})
    client = guarded.test_client()
    assert client.post("/api/sync", json={}, headers=OURS).status_code == 401
    assert client.post("/study/answer", data={}).status_code == 400

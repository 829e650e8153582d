"""On a first visit the page brings its sheets along, and its policy allows those and no others."""

import base64
import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.headers import POLICY
from app.web.packing import for_screens
from tests.conftest import Cast
from tests.test_every_page import addresses

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
KEPT = re.compile(r'<link rel="stylesheet" href="(/a/[0-9a-f]{12}/css/\w+\.css)">')
LATE = re.compile(r'<link rel="stylesheet" media="print" href="(/a/[0-9a-f]{12}/css/\w+\.css)">')


def source_of(text: str) -> str:
    """Return what a policy says to allow a text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy_for(page: str) -> str:
    """Return the policy that allows exactly the sheets inside a page."""
    sources = dict.fromkeys(source_of(text) for text in STYLE.findall(page))
    return POLICY.replace("style-src 'self'", " ".join(["style-src 'self'", *sources]))


def test_a_first_visit_needs_no_other_file_to_paint(client: FlaskClient) -> None:
    first = client.get("/sign-in")
    [inside], [late] = STYLE.findall(first.text), LATE.findall(first.text)
    assert KEPT.findall(first.text) == []
    assert first.headers["Content-Security-Policy"] == policy_for(first.text) != POLICY
    assert "Cookie" in first.headers["Vary"]
    with client.get(late) as file:
        assert for_screens(file.text) == inside
        assert "@media print" in file.text
    second = client.get("/sign-in")
    assert (STYLE.findall(second.text), KEPT.findall(second.text)) == ([], [late])
    assert second.headers["Content-Security-Policy"] == POLICY
    assert len(second.data) < len(first.data) - 5000


def test_another_build_is_another_first_visit(client: FlaskClient) -> None:
    client.set_cookie("look", "0" * 12)
    reply = client.get("/sign-in")
    assert STYLE.findall(reply.text)
    cookie = reply.headers["Set-Cookie"] + reply.headers.getlist("Set-Cookie")[-1]
    assert f"look={client.application.extensions['xueji_build']};" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_refusal_is_no_visit(client: FlaskClient) -> None:
    missing = client.get("/no-such-page")
    assert missing.headers["Content-Security-Policy"] == policy_for(missing.text)
    assert client.get("/no-such-page").data == missing.data
    assert client.get_cookie("look") is None
    client.get("/sign-in")
    assert client.get_cookie("look") is not None
    assert client.get("/no-such-page").data == missing.data


@pytest.mark.once
@pytest.mark.parametrize("role", ["member", "admin"])
def test_every_first_page_allows_what_it_brings(bank: Flask, cast: Cast, role: str) -> None:
    cast.make_unit("A")
    cast.make_member("甲", role=role, unit="A")
    client, seen = cast.sign_in("甲"), 0
    for endpoint, address in addresses(bank):
        client.delete_cookie("look")
        reply = client.get(address)
        if reply.mimetype == "text/html":
            policy = reply.headers["Content-Security-Policy"]
            assert policy == policy_for(reply.text), endpoint
            assert bool(STYLE.findall(reply.text)) == (reply.status_code != 302), endpoint
            seen += 1
    assert seen > 40

"""Security headers on every answer, and nothing personal kept by anybody on the way."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base.db import db
from app.factory import create_app
from app.web.headers import ASSET_HEADERS, HEADERS
from tests.conftest import PASSWORD, Cast
from tests.test_every_page import ROLES, addresses, browser
from tests.web.test_styles import policy_for

pytestmark = pytest.mark.once

GOLDEN = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = "Content-Security-Policy"
ASSET_GOLDEN = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'",
    "X-Content-Type-Options": "nosniff",
}
OWN = {"Content-Type", "Content-Length", "X-Request-Id", "Vary"}  # on every answer, never the same
MORE = {  # files to take along; a pack that a phone need not fetch twice
    "anki.shared": {"Accept-Ranges", "Date"},
    "authoring.export": {"Accept-Ranges", "Date"},
    "authoring.template": {"Accept-Ranges", "Date"},
    "study.pack": {"ETag", "Date", "X-Xueji-Stamp"},
}
SOMETIMES = {"Location", "Set-Cookie", "Allow", "Content-Disposition", "Cache-Control"}
SOMETIMES |= {"Accept-Ranges", "Date"}  # of a file
KINDS = {
    "text/html; charset=utf-8",
    "text/plain; charset=utf-8",
    "text/plain; version=0.0.4; charset=utf-8",
    "application/apkg",
    "application/json",
    "application/manifest+json",
    "text/javascript; charset=utf-8",
    "application/octet-stream",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COOKIE = re.compile(
    r"(session|lang)=[^;]*;( Expires=[^;]+;)?( Max-Age=\d+;)? HttpOnly; Path=/; SameSite=Lax"
)


@pytest.fixture
def site(bank: Flask, cast: Cast) -> Cast:
    """A unit with one person of each role and a published bank."""
    cast.make_unit("A")
    for role in ROLES[1:]:
        cast.make_member(role, role=role, unit="A")
    return cast


def settled(site: Cast, role: str) -> FlaskClient:
    """Return a browser that has the style sheets; test_styles.py tells of first visits."""
    client = browser(site, role)
    client.set_cookie("look", site.app.extensions["xueji_build"])
    return client


def policy(reply: TestResponse) -> str:
    """Return the golden policy; the page of a refusal has its one sheet inside, by its hash."""
    if reply.status_code < 400 or reply.mimetype != "text/html":
        return GOLDEN[POLICY]
    if reply.data:
        return policy_for(reply.text)
    for source in re.findall(r" 'sha256-[\w+/]{43}='", reply.headers[POLICY])[:1]:
        return GOLDEN[POLICY].replace("style-src 'self'", f"style-src 'self'{source}")
    return GOLDEN[POLICY]


def check(reply: TestResponse, signed_in: bool, where: Any) -> None:
    """Compare the headers of an answer with the golden ones; nothing else may be there."""
    found = dict(reply.headers)
    golden = {**GOLDEN, POLICY: policy(reply)}
    assert {name: found.get(name) for name in golden} == golden, where
    more = MORE.get(where[0], set()) if isinstance(where, tuple) else set()
    assert set(found) - set(GOLDEN) - OWN - SOMETIMES - more == set(), where
    assert set(found) >= {"Content-Type", "X-Request-Id"}, where
    assert found["Content-Type"] in KINDS, where
    if signed_in:
        assert found["Cache-Control"] == "no-store", where
    for cookie in reply.headers.getlist("Set-Cookie"):
        assert COOKIE.fullmatch(cookie), (where, cookie)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_has_the_golden_headers(site: Cast, role: str) -> None:
    client, seen = settled(site, role), 0
    for endpoint, address in addresses(site.app):
        for method in ("GET", "HEAD", "OPTIONS"):
            check(client.open(address, method=method), role != "anonymous", (endpoint, method))
            seen += 1
    check(client.get("/no-such-page"), role != "anonymous", "missing")
    assert seen > 60


@pytest.mark.parametrize("role", ROLES)
def test_every_form_has_them_too_when_it_is_refused(site: Cast, role: str) -> None:
    for endpoint, address in posts(site.app):
        client = settled(site, role)  # some of them sign out
        check(client.post(address), role != "anonymous", endpoint)


def posts(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield (endpoint, address) of everything that can be posted to, except signing out."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint != "accounts.sign_out":
            values = {n: 1 if "int" in str(c).lower() else "x" for n, c in rule._converters.items()}
            with app.test_request_context():
                yield rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, values)


def test_an_asset_loads_nothing_but_styles_and_is_what_it_says(client: FlaskClient) -> None:
    assets = re.findall(r'(?:href|src)="(/a/[^"]+)"', client.get("/").text)
    assert assets
    for address in assets:
        with client.get(address) as reply:
            found = {name: reply.headers.get(name) for name in ASSET_GOLDEN}
            assert (reply.status_code, found) == (200, ASSET_GOLDEN), address
            assert "Set-Cookie" not in reply.headers, address


def test_the_golden_ones_are_those_of_the_site() -> None:
    assert HEADERS == GOLDEN
    assert ASSET_HEADERS == ASSET_GOLDEN
    assert "unsafe" not in GOLDEN["Content-Security-Policy"]
    assert "http" not in GOLDEN["Content-Security-Policy"]


@pytest.fixture
def secure(app: Flask, cast: Cast) -> Iterator[FlaskClient]:
    """A browser at the site behind an HTTPS proxy."""
    cast.make_member("甲")
    settings = {
        **{name: app.config[name] for name in ("SECRET_KEY", "DATA", "QUESTION_BANK", "CLOCK")},
        "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"],
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
    }
    other = create_app(settings)
    yield other.test_client()
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_under_https_cookies_belong_to_this_host_alone(secure: FlaskClient) -> None:
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.8.7"}
    data = {"login": "甲", "password": PASSWORD}
    signed = secure.post("/sign-in", data=data, headers=proxied)
    chosen = secure.post("/language", data={"language": "en"}, headers=proxied)
    cookies = signed.headers.getlist("Set-Cookie") + chosen.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    for cookie in cookies:
        assert cookie.startswith("__Host-"), cookie
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie
        assert "; Path=/" in cookie
        assert "Domain" not in cookie
    page = secure.get("/account", headers=proxied, base_url="https://localhost")
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_behind_a_proxy_people_are_told_apart(secure: FlaskClient) -> None:
    """Forty failures from one address do not lock out the next."""
    for number in range(41):
        data = {"login": f"没有{number}", "password": "x"}
        reply = secure.post("/sign-in", data=data, headers={"X-Forwarded-For": "6.6.6.6, 10.0.0.1"})
    assert reply.status_code == 429
    data = {"login": "甲", "password": PASSWORD}
    spoofed = {"X-Forwarded-For": "6.6.6.7, 10.0.0.1"}
    assert secure.post("/sign-in", data=data, headers=spoofed).status_code == 429
    other = {"X-Forwarded-For": "10.0.0.2"}
    assert secure.post("/sign-in", data=data, headers=other).status_code == 302


def test_without_a_proxy_nobody_chooses_their_address(cast: Cast, client: FlaskClient) -> None:
    cast.make_member("甲")
    for number in range(41):
        data = {"login": f"没有{number}", "password": "x"}
        reply = client.post("/sign-in", data=data, headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert reply.status_code == 429

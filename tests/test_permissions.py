"""Every route and who may use it, written down once; whatever is not listed must be refused."""

import pytest
from flask import Flask

from app.web.permissions import declared
from tests.conftest import Cast
from tests.test_every_page import ROLES, addresses, browser

ALLOWED = {
    "public": {"anonymous", "member", "trainer", "admin"},
    "member": {"member", "trainer", "admin"},
    "trainer": {"trainer", "admin"},
    "admin": {"admin"},
}

MATRIX = {
    "accounts.account": "member",
    "accounts.accept_invite": "public",
}


@pytest.fixture
def site(bank: Flask, cast: Cast) -> Cast:
    """A unit with one person of each role."""
    cast.make_unit("A")
    for role in ROLES[1:]:
        cast.make_member(role, role=role, unit="A")
    return cast


def test_the_matrix_lists_every_route_and_nothing_else(app: Flask) -> None:
    assert declared(app) == MATRIX


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_the_allowed_and_look_missing_to_others(site: Cast, role: str) -> None:
    client = browser(site, role)
    missing = client.get("/no-such-page")
    for endpoint, address in addresses(site.app):
        reply = client.get(address)
        if role in ALLOWED[MATRIX[endpoint]]:
            assert not reply.location or "/sign-in" not in reply.location, (endpoint, role)
        elif role == "anonymous":
            assert reply.status_code == 302 and "/sign-in" in reply.location, endpoint
        else:
            assert (reply.status_code, reply.data) == (404, missing.data), endpoint


@pytest.mark.parametrize("role", ROLES)
def test_changes_are_refused_to_everybody_else(site: Cast, role: str) -> None:
    client = browser(site, role)
    for rule in site.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or role in ALLOWED[MATRIX[rule.endpoint]]:
            continue
        values = {name: 1 if "int" in str(c) else "x" for name, c in rule._converters.items()}
        with site.app.test_request_context():
            address = site.app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        assert client.post(address).status_code in (302, 404), rule.endpoint

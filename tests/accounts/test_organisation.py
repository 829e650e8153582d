"""Signing in by way of the organisation's own service, against a real one on the loopback.

Nothing but the loopback is reached: the whole test fails when a name is looked up or any other
address is connected to.
"""

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from app.accounts.actions import name_identity
from app.accounts.provider import is_trusted
from app.base import audit
from app.base.db import db
from tests.accounts.oidc_provider import CLIENT, SECRET, Provider, serve
from tests.accounts.test_factors import enrol, is_in
from tests.conftest import Cast, Clock

HERE = "https://xueji.example"
ADDRESS = "zhang@example.cn"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    """One provider for all tests: making its keys takes a while."""
    with serve() as provider:
        yield provider


@pytest.fixture
def provider(
    running: Provider, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Provider:
    """The provider, telling the truth about somebody, and a site that knows of it."""
    running.person = {"sub": "s-1", "email": ADDRESS, "email_verified": True}
    running.lie, running.forged, running.unsigned = {}, False, False
    running.at = clock().timestamp()
    cast.app.config.update(ORIGIN=HERE, OIDC_ISSUER=running.issuer, OIDC_CLIENT_ID=CLIENT)
    cast.app.config.update(OIDC_CLIENT_SECRET=SECRET, OIDC_CLAIM="email", OIDC_NAME="")
    connect = socket.socket.connect

    def only_here(own: socket.socket, address: Any) -> None:
        if isinstance(address, tuple):
            assert address[0] in ("127.0.0.1", "::1"), address
        connect(own, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)
    return running


@pytest.fixture
def person(cast: Cast, clock: Clock, provider: Provider) -> int:
    """Somebody whom an administrator has named by their address."""
    cast.make_member("张三")
    name_identity(cast.people["张三"], " Zhang@Example.cn ", None, clock())
    return cast.people["张三"]


def go(client: FlaskClient, provider: Provider, **changed: str) -> tuple[int, str]:
    """Go there and come back; return the status and where the browser ended up."""
    reply = client.get("/sign-in/organisation?next=/settings")
    assert reply.status_code == 302, reply.text
    asked = dict(parse_qsl(urlsplit(reply.location).query))
    back = urlsplit(provider.authorize(asked))
    sent = {**dict(parse_qsl(back.query)), **changed}
    reply = client.get(back.path, query_string={k: v for k, v in sent.items() if v != "-"})
    return reply.status_code, reply.location or ""


def test_somebody_named_by_an_administrator_comes_in(
    client: FlaskClient, provider: Provider, person: int
) -> None:
    assert go(client, provider) == (302, "/settings")
    assert "张三" in client.get("/account").text
    acts = [entry.action for entry in audit.list_entries(person)]
    assert acts[:2] == ["accounts.link_identity", "accounts.name_identity"]


def test_nobody_is_added_and_nobody_taken_for_somebody_else(
    cast: Cast, client: FlaskClient, provider: Provider, person: int
) -> None:
    from app.accounts.models import User

    provider.person |= {"email": "li@example.cn", "name": "张三"}
    assert go(client, provider)[0] == 422
    assert not is_in(client)
    db.session.rollback()
    assert db.session.query(User).count() == 1


def test_a_name_that_is_not_verified_links_nobody(
    client: FlaskClient, provider: Provider, person: int
) -> None:
    for told in (False, None, "true"):
        provider.person["email_verified"] = told
        assert go(client, provider)[0] == 422, told
    assert not is_in(client)


def test_once_linked_the_id_counts_and_not_the_name(
    cast: Cast, client: FlaskClient, provider: Provider, person: int
) -> None:
    assert go(client, provider)[0] == 302
    provider.person = {"sub": "s-1", "email": "new@example.cn", "email_verified": True}
    assert go(cast.app.test_client(), provider)[0] == 302
    provider.person = {"sub": "s-2", "email": ADDRESS, "email_verified": True}
    assert go(cast.app.test_client(), provider)[0] == 422  # the address went to somebody else


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},  # without azp nobody says whom it is for
        {"azp": "another-client"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=str,
)
def test_a_token_wrong_in_one_way_is_refused(
    client: FlaskClient, provider: Provider, person: int, claims: dict[str, Any]
) -> None:
    provider.lie = {"claims": claims}
    assert go(client, provider)[0] == 422
    assert not is_in(client)


@pytest.mark.parametrize("how", ["forged", "unsigned"])
def test_a_token_that_the_service_did_not_sign_is_refused(
    client: FlaskClient, provider: Provider, person: int, how: str
) -> None:
    setattr(provider, how, True)
    assert go(client, provider)[0] == 422


@pytest.mark.parametrize(
    "changed",
    [{"state": "x"}, {"state": "-"}, {"iss": "http://evil.example"}, {"code": "x"}, {"code": "-"}],
    ids=str,
)
def test_an_answer_to_something_else_is_refused(
    client: FlaskClient, provider: Provider, person: int, changed: dict[str, str]
) -> None:
    assert go(client, provider, **changed)[0] == 422
    assert not is_in(client)


def test_an_answer_serves_only_the_browser_that_asked_and_once(
    cast: Cast, client: FlaskClient, provider: Provider, person: int
) -> None:
    asked = dict(parse_qsl(urlsplit(client.get("/sign-in/organisation").location).query))
    back = provider.authorize(asked).removeprefix(HERE)
    assert cast.app.test_client().get(back).status_code == 422
    assert client.get(back).status_code == 302
    client.post("/sign-out")
    assert client.get(back).status_code == 422


def test_too_late_is_too_late(
    client: FlaskClient, provider: Provider, person: int, clock: Clock
) -> None:
    asked = dict(parse_qsl(urlsplit(client.get("/sign-in/organisation").location).query))
    clock.move(minutes=10)
    back = provider.authorize(asked).removeprefix(HERE)
    assert client.get(back).status_code == 422


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"token_endpoint": "http://127.0.0.1:1/token"},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"token_endpoint": None},
    ],
    ids=str,
)
def test_a_description_that_leads_elsewhere_is_refused(
    client: FlaskClient, provider: Provider, description: dict[str, Any]
) -> None:
    provider.lie = {"description": description}
    assert client.get("/sign-in/organisation").status_code == 422


def test_the_disabled_do_not_come_in(
    client: FlaskClient, provider: Provider, person: int, clock: Clock
) -> None:
    from app.accounts.actions import disable_user

    disable_user(person, clock())
    assert go(client, provider)[0] == 422


def test_who_has_a_second_factor_still_shows_it(
    cast: Cast, client: FlaskClient, provider: Provider, person: int, clock: Clock
) -> None:
    enrol(cast.sign_in("张三"), clock)
    status, place = go(client, provider)
    assert (status, place) == (302, "/sign-in/second?next=/settings")
    assert not is_in(client)


def test_a_service_that_is_away_ends_in_a_sentence(client: FlaskClient, cast: Cast) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{free.getsockname()[1]}"
    cast.app.config.update(ORIGIN=HERE, OIDC_ISSUER=away, OIDC_CLIENT_ID=CLIENT)
    reply = client.get("/sign-in/organisation")
    assert reply.status_code == 422
    assert "单位账号登录没有成功" in reply.text


def test_one_name_belongs_to_one_person(cast: Cast, person: int) -> None:
    cast.make_unit("A")
    cast.make_member("总管", role="admin")
    other = cast.make_member("李四", unit="A")
    admin = cast.sign_in("总管")
    page = f"/people/{other}/sign-in"
    assert admin.post(page, data={"identifier": ADDRESS}).status_code == 422
    assert admin.post(page, data={"identifier": "li@example.cn"}).status_code == 302
    assert "li@example.cn" in admin.get(page).text
    assert admin.post(f"/people/{person}/sign-in", data={"identifier": ""}).status_code == 302
    assert admin.post(page, data={"identifier": ADDRESS}).status_code == 302


def test_naming_somebody_anew_cuts_the_earlier_link(
    cast: Cast, client: FlaskClient, provider: Provider, person: int, clock: Clock
) -> None:
    assert go(client, provider)[0] == 302
    name_identity(person, "other@example.cn", None, clock())
    assert go(cast.app.test_client(), provider)[0] == 422


def test_without_settings_the_pages_are_missing(client: FlaskClient) -> None:
    missing = client.get("/no-such-page").data
    for page in ("/sign-in/organisation", "/sign-in/organisation/back?code=x&state=y"):
        assert client.get(page).data == missing


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("https://id.example/token", True),
        ("https://id.example:8443/token", False),
        ("http://id.example/token", False),
        ("https://evil.example/token", False),
        ("https://id.example@evil.example/token", False),
        ("https://user@id.example/token", False),
        ("", False),
    ],
)
def test_only_the_issuers_own_host_is_called(address: str, trusted: bool) -> None:
    assert is_trusted(address, "https://id.example") is trusted

"""Passkeys: bound to this site, this question and this person; alone, or after the password."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.passkeys import rp_id
from tests.accounts.authenticator import SoftKey
from tests.accounts.test_factors import is_in, password
from tests.conftest import Cast, Clock

HERE = "https://xueji.example"
OURS = {"X-Xueji": "1"}


@pytest.fixture
def site(cast: Cast) -> Cast:
    """The site under its own name, with a trainer and a member."""
    cast.app.config["ORIGIN"] = HERE
    cast.make_unit("A")
    cast.make_member("孙组", role="trainer", unit="A")
    cast.make_member("党员", unit="A")
    return cast


def ask(client: FlaskClient, what: str) -> dict[str, Any]:
    """Ask the site for options."""
    reply = client.post(f"/api/passkeys/{what}", json={}, headers=OURS)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json
    return found


def add(client: FlaskClient, key: SoftKey) -> int:
    """Let this browser make a key, and return the status."""
    credential = key.make(ask(client, "make"))
    data = {"credential": credential, "name": "我的手机"}
    return client.post("/account/second-step/keys", data=data).status_code


@pytest.fixture
def key(site: Cast) -> SoftKey:
    """The trainer's key."""
    made = SoftKey(HERE)
    assert add(site.sign_in("孙组"), made) == 200  # the page with recovery codes
    return made


def alone(client: FlaskClient, key: SoftKey, **changed: Any) -> int:
    """Sign in with the key alone and return the status."""
    credential = key.show({**ask(client, "alone"), **changed})
    return client.post("/sign-in/passkey", data={"credential": credential}).status_code


def test_a_key_is_the_second_step(site: Cast, key: SoftKey) -> None:
    client = password(site, "孙组")
    options = ask(client, "show")
    assert [one["id"] for one in options["allowCredentials"]] == [
        json.loads(key.show(options))["id"]
    ]
    data = {"credential": key.show(options)}
    assert client.post("/sign-in/second", data=data).status_code == 302
    assert is_in(client)


def test_a_key_alone_signs_in_without_name_or_password(site: Cast, key: SoftKey) -> None:
    client = site.app.test_client()
    assert alone(client, key) == 302
    assert is_in(client)
    assert "孙组" in client.get("/account").text


def test_alone_it_must_know_its_owner(site: Cast, key: SoftKey) -> None:
    key.verifies = False
    assert alone(site.app.test_client(), key) == 422


def test_an_answer_works_once(site: Cast, key: SoftKey) -> None:
    client = site.app.test_client()
    data = {"credential": key.show(ask(client, "alone"))}
    held = client.get_cookie("session")
    assert held
    assert client.post("/sign-in/passkey", data=data).status_code == 302
    thief = site.app.test_client()
    thief.set_cookie("session", held.value)
    assert thief.post("/sign-in/passkey", data=data).status_code == 422
    assert not is_in(thief)


def test_another_site_another_question_or_another_key_does_not_work(
    site: Cast, key: SoftKey
) -> None:
    client = site.app.test_client()
    assert alone(client, key, challenge="A" * 43) == 422
    assert alone(client, key, rpId="evil.example") == 422
    key.origin = "https://evil.example"
    assert alone(client, key) == 422
    key.origin = HERE
    other = SoftKey(HERE, id=key.id, handle=key.handle)
    assert alone(client, other) == 422
    assert not is_in(client)


def test_a_copied_key_whose_count_goes_back_is_refused(site: Cast, key: SoftKey) -> None:
    assert alone(site.app.test_client(), key) == 302
    key.uses -= 1
    assert alone(site.app.test_client(), key) == 422


def test_a_key_cannot_be_used_for_somebody_else(site: Cast, key: SoftKey) -> None:
    key.handle = str(site.people["党员"]).encode()
    assert alone(site.app.test_client(), key) == 422


def test_what_was_asked_for_one_thing_does_not_serve_another(site: Cast, key: SoftKey) -> None:
    client = password(site, "孙组")
    data = {"credential": key.show(ask(client, "alone"))}
    assert client.post("/sign-in/second", data=data).status_code == 422
    data = {"credential": key.show(ask(client, "show"))}
    assert client.post("/sign-in/passkey", data=data).status_code == 422


def test_after_five_minutes_the_question_is_forgotten(
    site: Cast, key: SoftKey, clock: Clock
) -> None:
    client = site.app.test_client()
    data = {"credential": key.show(ask(client, "alone"))}
    clock.move(minutes=5)
    assert client.post("/sign-in/passkey", data=data).status_code == 422


def test_the_disabled_do_not_come_in(site: Cast, key: SoftKey, clock: Clock) -> None:
    from app.accounts.actions import disable_user

    disable_user(site.people["孙组"], clock())
    assert alone(site.app.test_client(), key) == 422


def test_keys_are_named_and_taken_away_by_their_owner_only(site: Cast, key: SoftKey) -> None:
    owner, other = site.app.test_client(), site.sign_in("党员")
    assert alone(owner, key) == 302
    page = owner.get("/account/second-step").text
    assert "我的手机" in page
    path = page.split("/account/second-step/keys/")[1].split("/")[0]
    other.post(f"/account/second-step/keys/{path}/remove")
    assert "我的手机" in owner.get("/account/second-step").text
    owner.post(f"/account/second-step/keys/{path}/remove")
    assert "我的手机" not in owner.get("/account/second-step").text
    assert alone(site.app.test_client(), key) == 422


def test_making_a_key_needs_a_fresh_proof_and_the_question_of_this_browser(
    site: Cast, clock: Clock
) -> None:
    client, stranger = site.sign_in("孙组"), site.sign_in("党员")
    credential = SoftKey(HERE).make(ask(stranger, "make"))
    data = {"credential": credential}
    assert client.post("/account/second-step/keys", data=data).status_code == 422
    clock.move(minutes=15)
    reply = client.post("/api/passkeys/make", json={}, headers=OURS)
    assert reply.status_code == 401
    assert client.post("/account/second-step/keys", data=data).location.startswith("/account/conf")


@pytest.fixture
def nonsense() -> Iterator[str]:
    """Things that are no credential."""
    return iter(["{}", "[]", "null", "x", '{"id":1}', '{"response":{"userHandle":"MQ"},"id":"x"}'])


def test_nonsense_is_refused_in_words(site: Cast, key: SoftKey, nonsense: Iterator[str]) -> None:
    client = site.app.test_client()
    for text in nonsense:
        ask(client, "alone")
        reply = client.post("/sign-in/passkey", data={"credential": text})
        assert reply.status_code == 422, text
    member = site.sign_in("党员")
    ask(member, "make")
    assert member.post("/account/second-step/keys", data={"credential": "{}"}).status_code == 422


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://xueji.example", "xueji.example"),
        ("https://xueji.example:8443", "xueji.example"),
        ("http://localhost:8000", "localhost"),
        ("http://xueji.example", None),
        ("https://10.0.0.1", None),
        ("https://[::1]", None),
        ("", None),
    ],
)
def test_keys_need_a_name_over_https(origin: str, name: str | None) -> None:
    assert rp_id(origin) == name


def test_without_a_name_of_the_site_nothing_is_offered(cast: Cast) -> None:
    cast.make_member("党员")
    client = cast.sign_in("党员")
    assert client.post("/api/passkeys/make", json={}, headers=OURS).status_code == 404
    assert "passkey.js" not in client.get("/account/second-step").text
    assert "passkey.js" not in cast.app.test_client().get("/sign-in").text

"""Signing in and out, links and settings, as a browser sees them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import actions
from app.accounts.invitation import Newcomer
from tests.conftest import PASSWORD, Cast, Clock

OTHER = "another pass phrase"


def post_login(client: FlaskClient, login: str, password: str) -> tuple[int, str]:
    """Post the sign-in form and return status and page, without what was typed."""
    reply = client.post("/sign-in", data={"login": login, "password": password})
    return reply.status_code, reply.text.replace(login, "")


def cookie(client: FlaskClient) -> str:
    """Return the session cookie's value."""
    kept = client.get_cookie("session")
    assert kept
    return kept.value


def test_sign_in_rotates_and_sign_out_kills_copies(cast: Cast, app: Flask) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    first = cookie(client)
    client.post("/sign-in", data={"login": "甲", "password": PASSWORD})
    second = cookie(client)
    thief = app.test_client()
    thief.set_cookie("session", first)
    assert thief.get("/account").status_code == 302
    thief.set_cookie("session", second)
    assert thief.get("/account").status_code == 200
    client.post("/sign-out")
    thief.set_cookie("session", second)
    assert thief.get("/account").status_code == 302
    assert client.get("/account").status_code == 302


def test_unknown_wrong_and_disabled_look_the_same(
    cast: Cast, client: FlaskClient, clock: Clock
) -> None:
    cast.make_member("甲甲")
    actions.disable_user(cast.make_member("乙乙"), clock())
    answers = {
        post_login(client, "甲甲", "wrong"),
        post_login(client, "乙乙", PASSWORD),
        post_login(client, "丙丙", "wrong"),
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def test_too_many_failures_answer_429(cast: Cast, client: FlaskClient) -> None:
    cast.make_member("甲")
    statuses = [post_login(client, "甲", "wrong")[0] for _try in range(9)]
    assert statuses == [422] * 8 + [429]


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/settings?a=1", "/settings?a=1"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
    ],
)
def test_next_stays_on_this_site(cast: Cast, client: FlaskClient, target: str, place: str) -> None:
    cast.make_member("甲")
    data = {"login": "甲", "password": PASSWORD, "next": target}
    assert client.post("/sign-in", data=data).location == place


def test_an_invited_person_sets_a_password_and_is_in(client: FlaskClient, clock: Clock) -> None:
    [invited] = actions.invite_people([Newcomer("甲某", None, None)], None, clock())
    page = f"/invite/{invited.token}"
    assert "甲某" in client.get(page).text
    assert client.post(page, data={"password": "short", "again": "short"}).status_code == 422
    assert client.post(page, data={"password": OTHER, "again": "x"}).status_code == 422
    assert client.post(page, data={"password": OTHER, "again": OTHER}).status_code == 302
    assert "甲某" in client.get("/account").text
    assert client.get(page).status_code == 404


def test_the_first_administrator_comes_in_by_the_link(client: FlaskClient, clock: Clock) -> None:
    page = f"/setup/{actions.ensure_setup_link(clock())}"
    assert client.get(page).status_code == 200
    data = {"name": "管理员", "password": OTHER, "again": OTHER}
    assert client.post(page, data=data).status_code == 302
    assert client.get("/units").status_code == 200
    assert client.get(page).status_code == 404


def test_changing_the_password_ends_other_sessions(cast: Cast) -> None:
    cast.make_member("甲")
    here, there = cast.sign_in("甲"), cast.sign_in("甲")
    data = {"old": "wrong", "password": OTHER, "again": OTHER}
    assert here.post("/account", data=data).status_code == 422
    assert here.post("/account", data={**data, "old": PASSWORD}).status_code == 302
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_a_device_can_be_signed_out_by_its_owner_only(cast: Cast) -> None:
    cast.make_member("甲")
    cast.make_member("乙")
    here, there, stranger = cast.sign_in("甲"), cast.sign_in("甲"), cast.sign_in("乙")
    [path] = re.findall(r"/account/devices/\w+/sign-out", here.get("/account").text)
    stranger.post(path)
    assert there.get("/account").status_code == 200
    here.post(path)
    assert there.get("/account").status_code == 302


def test_settings_are_kept_and_foreign_choices_refused(cast: Cast) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    data = {"text_size": "26", "theme": "dark", "language": "en"}
    assert client.post("/settings", data=data).status_code == 302
    page = client.get("/settings").text
    assert re.search(r'<input checked[^>]*value="26"', page)
    assert client.post("/settings", data={**data, "text_size": "99"}).status_code == 422

"""Pages that take files take large ones from those who signed in, with the token checked."""

import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web import sizes
from tests.conftest import PASSWORD, Cast

LARGE = 6 * 1024 * 1024  # more than any other page is sent


@pytest.fixture
def client(bank: Flask, cast: Cast) -> FlaskClient:
    """A member who signed in where tokens are asked for."""
    cast.make_member("甲")
    bank.config["WTF_CSRF_ENABLED"] = True
    client = bank.test_client()
    login = {"login": "甲", "password": PASSWORD, "csrf_token": token(client, "/sign-in")}
    assert client.post("/sign-in", data=login).status_code == 302
    return client


def token(client: FlaskClient, path: str) -> str:
    """Return the token of a form; the test's context must not answer for the page."""
    g.pop("csrf_token", None)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def send(client: FlaskClient, path: str, size: int, given: str = "") -> int:
    """Send a file of this size and return the status."""
    g.pop("csrf_valid", None)
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [head.format("csrf_token"), "", given, "--x", head.format("file") + '; filename="a"']
    body = "\r\n".join(("--x", *parts, "", "")).encode() + bytes(size) + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    return client.post(path, data=body, content_type=kind).status_code


def test_a_large_file_comes_through_where_files_are_taken(client: FlaskClient) -> None:
    given = token(client, "/anki/home")
    assert send(client, "/anki/home", LARGE, given) == 422  # read, and no package
    assert send(client, "/anki/home", LARGE) == 400  # without the token
    assert send(client, "/anki/home", 34 * 1024 * 1024, given) == 413
    assert send(client, "/settings", LARGE, given) == 413


def test_strangers_send_nothing_large(bank: Flask) -> None:
    bank.config["WTF_CSRF_ENABLED"] = True
    assert send(bank.test_client(), "/anki/home", LARGE) == 413


class Endless:
    """A body that never ends."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        """Return as much as is asked for."""
        self.given += size
        return bytes(size)


def test_only_so_much_of_what_is_refused_is_read(
    bank: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "MOST_DRAINED", 3 * sizes.PIECE + 7)
    coming, slow = Endless(), Endless()

    def post(body: Endless) -> TestResponse:
        told = {"wsgi.input": body, "CONTENT_LENGTH": str(1 << 50)}
        return bank.test_client().post("/sign-in", environ_overrides=told)

    reply = post(coming)
    assert (reply.status_code, "太大" in reply.text) == (413, True)
    assert coming.given == 3 * sizes.PIECE + 7
    monkeypatch.setattr(sizes, "DRAINING", 0)
    assert post(slow).status_code == 413
    assert slow.given == 0

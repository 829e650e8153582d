"""A remembered cookie opens as it did; what makes a sign-in worthless is asked every time."""

import pytest
from flask import Flask

from app.base.db import db
from app.web import cookies
from tests.conftest import Cast


@pytest.fixture
def remembering(app: Flask) -> cookies.RememberingSessions:
    """The sessions of the application under test."""
    assert isinstance(app.session_interface, cookies.RememberingSessions)
    return app.session_interface


def test_a_cookie_is_opened_once(
    app: Flask, cast: Cast, remembering: cookies.RememberingSessions
) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    client.get("/study")  # brings the cookies of style sheets and form tokens
    client.get("/study")
    known = list(remembering.known)
    for _visit in range(3):
        assert client.get("/study").status_code == 200
    assert list(remembering.known) == known


def test_a_forged_or_foreign_cookie_is_never_remembered(
    app: Flask, remembering: cookies.RememberingSessions
) -> None:
    client = app.test_client()
    for value in ("x" * 50, "e30.aaaaaa.bbbbbbbbbbbb", ""):
        client.set_cookie("session", value)
        assert client.get("/study").status_code == 302
    assert not remembering.known


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM accounts_session",
        "UPDATE accounts_user SET disabled_at = 1",
        "UPDATE accounts_session SET expires_at = 1",
    ],
)
def test_what_ends_a_sign_in_ends_it_at_once_in_every_process(
    app: Flask, cast: Cast, change: str
) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    assert client.get("/study").status_code == 200
    with db.engine.begin() as connection:  # as another process would
        connection.exec_driver_sql(change)
    db.session.rollback()  # in tests, requests share the transaction they read in
    assert client.get("/study").status_code == 302


def test_only_so_many_are_remembered(
    app: Flask,
    cast: Cast,
    remembering: cookies.RememberingSessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cookies, "MOST", 2)
    for name in ("甲", "乙", "丙"):
        cast.make_member(name)
        cast.sign_in(name).get("/study")
    assert len(remembering.known) == 2


def test_a_change_to_what_was_opened_stays_with_its_request(app: Flask, cast: Cast) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    client.get("/study")
    with client.session_transaction() as first:
        first["more"] = "x"
    with client.session_transaction() as second:
        assert second["more"] == "x"
    assert client.get("/study").status_code == 200

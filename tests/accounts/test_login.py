"""How a browser is known again."""

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Session
from app.base.clock import epoch
from app.base.db import db
from tests.conftest import PASSWORD, Cast, Clock


def test_the_database_keeps_only_a_hash(cast: Cast, app: Flask) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    with client.session_transaction() as kept:
        token = kept["_user_id"]
    db.session.rollback()
    row = db.session.scalars(select(Session)).one()
    assert token not in (row.token_hash, row.agent)
    assert len(row.token_hash) == 64


def test_use_is_noted_at_most_once_a_day(cast: Cast, clock: Clock) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    began = epoch(clock())

    def seen() -> int:
        db.session.rollback()
        return db.session.scalars(select(Session.seen_at)).one()

    clock.move(hours=24)
    client.get("/account")
    assert seen() == began
    clock.move(seconds=1)
    client.get("/account")
    assert seen() == epoch(clock())


def test_the_cookie_lasts_and_is_kept_from_scripts(cast: Cast) -> None:
    cast.make_member("甲")
    kept = cast.sign_in("甲").get_cookie("session")
    assert kept is not None
    assert kept.http_only
    assert kept.same_site == "Lax"
    assert kept.expires is not None


def test_reading_pages_does_not_sign_the_cookie_anew(cast: Cast) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    client.get("/account")  # the first form puts its token into the session
    assert "Set-Cookie" not in client.get("/account").headers


def test_nothing_of_an_earlier_session_survives(cast: Cast, app: Flask) -> None:
    cast.make_member("甲")
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["planted"] = kept["csrf_token"] = "by somebody else"
    data = {"login": "甲", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 302
    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept.get("csrf_token") != "by somebody else"


def test_the_sign_in_page_opens_for_strangers_and_dead_cookies(cast: Cast, app: Flask) -> None:
    client = app.test_client()
    assert client.get("/sign-in").status_code == 200
    with client.session_transaction() as kept:
        kept["_user_id"] = "1.no-such-token"
    assert client.get("/sign-in").status_code == 200
    cast.make_member("甲")
    assert cast.sign_in("甲").get("/sign-in").location == "/"

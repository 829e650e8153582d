"""The second factor as a browser meets it: codes, recovery, proving anew, what is demanded."""

import html
import re
import threading

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Authenticator, RecoveryCode
from app.base import audit
from app.base.db import db
from app.web.permissions import declared
from tests.conftest import PASSWORD, Cast, Clock

FRESH = {
    "accounts.add_app",
    "accounts.add_key",
    "accounts.ask_new_key",
    "accounts.remove_app",
    "accounts.remove_key",
    "accounts.renew_recovery",
    "accounts.sign_out_device",
    "ops.erase",
    "org.entry",
    "org.reset_factors",
}


def enrol(client: FlaskClient, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    """Set an app up in this browser; return it and the recovery codes."""
    page = client.get("/account/second-step/app").text
    [spaced] = re.findall(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    app = pyotp.TOTP(spaced.replace(" ", ""))
    reply = client.post("/account/second-step/app", data={"code": code(app, clock)})
    assert reply.status_code == 200, reply.text
    clock.move(seconds=30)
    return app, re.findall(r"<code[^>]*>([A-Z2-9-]{29})</code>", reply.text)


def code(app: pyotp.TOTP, clock: Clock) -> str:
    """Return what the app shows now."""
    return app.at(int(clock().timestamp()))


def password(cast: Cast, name: str) -> FlaskClient:
    """Return a browser that has given the password only."""
    client = cast.app.test_client()
    reply = client.post("/sign-in", data={"login": name, "password": PASSWORD})
    assert reply.location == "/sign-in/second", reply.location
    return client


def second(client: FlaskClient, shown: str) -> int:
    """Show a code and return the status."""
    return client.post("/sign-in/second", data={"code": shown}).status_code


def is_in(client: FlaskClient) -> bool:
    """Say whether the browser is signed in."""
    return client.get("/account").status_code == 200


@pytest.fixture
def trainer(cast: Cast) -> FlaskClient:
    """A browser in which a trainer has signed in."""
    cast.make_unit("A")
    cast.make_member("孙组", role="trainer", unit="A")
    return cast.sign_in("孙组")


def test_the_password_alone_opens_nothing(cast: Cast, trainer: FlaskClient, clock: Clock) -> None:
    app, _codes = enrol(trainer, clock)
    client = password(cast, "孙组")
    for page in ("/account", "/people", "/settings"):
        assert client.get(page).location.startswith("/sign-in"), page
    assert "孙组" not in client.get("/").text
    assert second(client, "000000") == 422
    assert not is_in(client)
    assert second(client, code(app, clock)) == 302
    assert is_in(client)


def test_the_cookie_of_a_waiting_sign_in_is_no_session(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    app, _codes = enrol(trainer, clock)
    client = password(cast, "孙组")
    with client.session_transaction() as kept:
        kept["_user_id"] = kept["waiting"]
    assert not is_in(client)
    before = client.get_cookie("session")
    assert second(client, code(app, clock)) == 302
    thief = cast.app.test_client()
    assert before
    thief.set_cookie("session", before.value)
    clock.move(seconds=30)
    assert second(thief, code(app, clock)) == 302
    assert not is_in(thief)


def test_a_waiting_sign_in_is_over_after_ten_minutes(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    app, _codes = enrol(trainer, clock)
    client = password(cast, "孙组")
    clock.move(minutes=10)
    assert client.post("/sign-in/second", data={"code": code(app, clock)}).location == "/"
    assert not is_in(client)


def test_a_code_works_once(cast: Cast, trainer: FlaskClient, clock: Clock) -> None:
    app, _codes = enrol(trainer, clock)
    shown = code(app, clock)
    assert second(password(cast, "孙组"), shown) == 302
    assert second(password(cast, "孙组"), shown) == 422
    clock.move(seconds=30)
    assert second(password(cast, "孙组"), shown) == 422  # still of these minutes, but used


def test_a_code_sent_twice_at_once_opens_one_door(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    app, _codes = enrol(trainer, clock)
    shown, found = code(app, clock), list[int]()
    clients = [password(cast, "孙组") for _n in range(2)]

    def go(client: FlaskClient) -> None:
        found.append(second(client, shown))

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [302, 422]


def test_guessing_ends_after_six_tries_even_from_other_browsers(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    app, _codes = enrol(trainer, clock)
    for _n in range(3):
        client = password(cast, "孙组")
        assert [second(client, "000000") for _m in range(2)] == [422, 422]
    client = password(cast, "孙组")
    assert second(client, code(app, clock)) == 429
    clock.move(minutes=15)
    assert second(password(cast, "孙组"), code(app, clock)) == 302


def test_a_recovery_code_works_once(cast: Cast, trainer: FlaskClient, clock: Clock) -> None:
    _app, codes = enrol(trainer, clock)
    assert len(set(codes)) == 8
    assert second(password(cast, "孙组"), codes[3].lower().replace("-", " ")) == 302
    assert second(password(cast, "孙组"), codes[3]) == 422
    assert second(password(cast, "孙组"), codes[4]) == 302
    assert "6" in trainer.get("/account/second-step").text
    acts = [entry.action for entry in audit.list_entries(cast.people["孙组"])]
    assert acts.count("accounts.use_recovery") == 2


def test_neither_secret_nor_codes_are_readable_in_the_database(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    app, codes = enrol(trainer, clock)
    db.session.rollback()
    assert app.secret not in db.session.scalars(select(Authenticator.sealed)).one()
    kept = set(db.session.scalars(select(RecoveryCode.code_hash)))
    assert not kept & {c.replace("-", "") for c in codes}
    page = trainer.get("/my-data/xueji.json").text
    assert not re.search(r"[0-9a-f]{64}", page)
    assert "sealed" not in page


def test_setting_it_up_ends_other_sessions(cast: Cast, trainer: FlaskClient, clock: Clock) -> None:
    other = cast.sign_in("孙组")
    old = trainer.get_cookie("session")
    enrol(trainer, clock)
    assert is_in(trainer)
    assert not is_in(other)
    thief = cast.app.test_client()
    assert old
    thief.set_cookie("session", old.value)
    assert not is_in(thief)


def test_a_new_password_does_not_go_round_it(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    from app.accounts.actions import renew_invite

    enrol(trainer, clock)
    token = renew_invite(cast.people["孙组"], None, clock())
    client, fresh = cast.app.test_client(), "another pass phrase"
    data = {"password": fresh, "again": fresh}
    assert client.post(f"/invite/{token}", data=data).location == "/sign-in/second"
    assert not is_in(client)


@pytest.mark.parametrize("setting", ["off", "offered", "required"])
def test_members_are_never_asked(cast: Cast, setting: str) -> None:
    cast.app.config["SECOND_FACTOR"] = setting
    cast.make_member("党员")
    client = cast.app.test_client()
    reply = client.post("/sign-in", data={"login": "党员", "password": PASSWORD})
    assert reply.location == "/"
    assert is_in(client)


@pytest.mark.parametrize(
    ("setting", "place"),
    [("off", "/"), ("offered", "/account/second-step?next=/"), ("required",) * 2],
)
def test_people_with_a_role_are_offered_it_at_sign_in(cast: Cast, setting: str, place: str) -> None:
    cast.app.config["SECOND_FACTOR"] = setting
    cast.make_member("孙组", role="trainer")
    client = cast.app.test_client()
    reply = client.post("/sign-in", data={"login": "孙组", "password": PASSWORD})
    assert reply.location == ("/account/second-step?next=/" if place == "required" else place)
    assert is_in(client) is (setting != "required")


def test_where_it_is_required_nothing_opens_before_it_is_set_up(cast: Cast, clock: Clock) -> None:
    cast.app.config["SECOND_FACTOR"] = "required"
    cast.make_unit("A")
    cast.make_member("孙组", role="trainer", unit="A")
    client = cast.sign_in("孙组")
    opened = {"/account/second-step", "/account/second-step/app", "/account/confirm"}
    for page in ("/people", "/account", "/settings", "/my-data", "/api/pack"):
        assert client.get(page).status_code in (302, 401), page
    assert "孙组" not in client.get("/").text
    assert client.get("/sign-in").location == "/account/second-step"
    for page in opened:
        assert client.get(page).status_code == 200, page
    enrol(client, clock)
    assert is_in(client)
    assert client.get("/people").status_code == 200
    clock.move(minutes=16)
    assert client.get("/people").status_code == 200
    client.get("/account/second-step/app")
    for path in ("app/remove", "recovery"):
        assert client.post(f"/account/second-step/{path}").location.startswith("/account/confirm")


def test_whoever_gets_a_role_is_confined_from_then_on(cast: Cast) -> None:
    from app.accounts.models import User

    cast.app.config["SECOND_FACTOR"] = "required"
    cast.make_member("党员")
    client = cast.sign_in("党员")
    assert is_in(client)
    db.session.get_one(User, cast.people["党员"]).role = "trainer"
    db.session.commit()
    assert not is_in(client)
    assert client.get("/account/second-step").status_code == 200


def test_dangerous_acts_ask_again_after_a_while_and_turn_the_session(
    cast: Cast, clock: Clock
) -> None:
    cast.make_unit("A")
    cast.make_member("总管", role="admin", unit="A")
    whom = cast.make_member("党员", unit="A")
    client = cast.sign_in("总管")
    page = f"/people/{whom}/erase"
    assert client.get(page).status_code == 200
    clock.move(minutes=15)
    asked = f"/account/confirm?next=/people/{whom}/erase"
    assert client.get(page).location == asked
    assert client.post(page, data={"name": "党员"}).location == asked
    assert client.post("/account/confirm", data={"password": "wrong"}).status_code == 422
    old = client.get_cookie("session")
    reply = client.post("/account/confirm", data={"password": PASSWORD, "next": page})
    assert reply.location == page
    assert client.get(page).status_code == 200
    thief = cast.app.test_client()
    assert old
    thief.set_cookie("session", old.value)
    assert not is_in(thief)


def test_who_has_a_second_factor_proves_anew_with_it_not_with_the_password(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    app, _codes = enrol(trainer, clock)
    clock.move(minutes=15)
    assert trainer.post("/account/confirm", data={"password": PASSWORD}).status_code == 422
    assert trainer.get("/account/second-step/app").status_code == 302
    assert trainer.post("/account/confirm", data={"code": code(app, clock)}).status_code == 302
    assert trainer.get("/account/second-step/app").status_code == 200


def test_giving_a_role_needs_a_fresh_proof(cast: Cast, clock: Clock) -> None:
    cast.make_unit("A")
    cast.make_member("总管", role="admin", unit="A")
    whom = cast.make_member("党员", unit="A")
    client = cast.sign_in("总管")
    assert 'name="role"' in client.get(f"/people/{whom}/edit").text
    clock.move(minutes=15)
    page = client.get(f"/people/{whom}/edit").text
    assert 'name="role"' not in page
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert seen
    data = {"name": "党员", "unit": str(cast.units["A"]), "status": "full", "standing": "active"}
    client.post(f"/people/{whom}/edit", data={**data, "role": "admin", "seen": seen[1]})
    assert cast.viewer("党员").role == "member"
    invited = {"name": "新人", "unit": str(cast.units["A"]), "status": "full", "role": "admin"}
    assert client.post("/people/invite", data=invited).status_code == 422
    trainer = cast.make_member("孙组", role="trainer", unit="A")
    assert client.post(f"/people/{trainer}/invite").location.startswith("/account/confirm")
    assert client.post(f"/people/{whom}/invite").status_code == 200


def test_an_administrator_resets_what_was_lost(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    cast.make_member("总管", role="admin", unit="A")
    enrol(trainer, clock)
    admin, whom = cast.sign_in("总管"), cast.people["孙组"]
    assert "重置" in html.unescape(admin.get(f"/people/{whom}/sign-in").text)
    assert admin.post(f"/people/{whom}/sign-in/reset").status_code == 302
    assert not is_in(trainer)
    assert is_in(cast.sign_in("孙组"))
    newest = audit.list_entries(whom)[0]
    assert (newest.action, newest.actor_id) == ("accounts.reset_factors", cast.people["总管"])
    assert "重置了你的登录第二步" in cast.sign_in("孙组").get("/my-data").text


def test_taking_the_app_away_takes_the_recovery_codes_along(
    cast: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    _app, codes = enrol(trainer, clock)
    assert trainer.post("/account/second-step/app/remove").status_code == 302
    client = cast.sign_in("孙组")
    assert is_in(client)
    assert not list(db.session.scalars(select(RecoveryCode)))
    assert second(client, codes[0]) == 302  # nothing waits for it


def test_new_recovery_codes_end_the_old(cast: Cast, trainer: FlaskClient, clock: Clock) -> None:
    _app, old = enrol(trainer, clock)
    page = trainer.post("/account/second-step/recovery").text
    fresh = re.findall(r"<code[^>]*>([A-Z2-9-]{29})</code>", page)
    assert len(fresh) == 8
    assert second(password(cast, "孙组"), old[0]) == 422
    assert second(password(cast, "孙组"), fresh[0]) == 302


def test_the_views_that_ask_for_a_fresh_proof_are_these(app: Flask) -> None:
    views = app.view_functions
    assert {name for name in declared(app) if getattr(views[name], "fresh", False)} == FRESH

"""The guard by itself: every level, role and kind of request, on a small application."""

from dataclasses import dataclass

import pytest
from flask import Blueprint, Flask, render_template_string
from flask.testing import FlaskClient
from flask_login import LoginManager
from werkzeug.exceptions import NotFound

from app.base.errors import Forbidden
from app.web.permissions import (
    GRANTS,
    LEVELS,
    declared,
    declared_level,
    fresh,
    grants,
    init_permissions,
    permission,
)


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    role: str
    fresh: bool = True

    is_authenticated = True
    is_active = True
    is_anonymous = False


def views(app: Flask) -> None:
    """Add a page and a form for each level, and some that want a fresh proof."""
    for level in sorted(LEVELS):
        view = permission(level)(lambda level=level: level)  # type: ignore[arg-type]
        app.add_url_rule(f"/{level}", level, view, methods=["GET", "POST"])
        page = permission(level)(lambda level=level: level)  # type: ignore[arg-type]
        app.add_url_rule(f"/api/{level}", f"api-{level}", page, methods=["GET", "POST"])
    either = permission("editor", "trainer")(lambda: "either")
    app.add_url_rule("/either", "either", either)
    for path, methods in (("danger", ["GET", "POST"]), ("act", ["POST"]), ("api/danger", ["POST"])):
        risky = permission("admin")(fresh(lambda: "done"))
        app.add_url_rule(f"/{path}", path, risky, methods=methods)
    app.add_url_rule("/menu", "menu", permission("public")(menu))


def menu() -> str:
    """Say what the person who is signed in may, as templates ask."""
    return render_template_string(
        "{{ may('admin') }} {{ may('editor', 'trainer') }} {{ may('member') }}"
    )


@pytest.fixture
def small() -> Flask:
    """An application with the guard and nothing else."""
    app = Flask("small", static_folder=None)
    app.config.update(SECRET_KEY="x", TESTING=True, PERSON=None)
    accounts = Blueprint("accounts", "accounts")
    accounts.add_url_rule("/sign-in", "sign_in", permission("public")(lambda: "sign in"))
    accounts.add_url_rule("/confirm", "confirm", permission("member")(lambda: "confirm"))
    app.register_blueprint(accounts)
    manager = LoginManager(app)
    manager.request_loader(lambda _request: app.config["PERSON"])
    app.register_error_handler(Forbidden, lambda _error: ("missing", 404))
    app.register_error_handler(NotFound, lambda _error: ("missing", 404))
    views(app)
    init_permissions(app)
    return app


def as_(app: Flask, person: Person | None) -> FlaskClient:
    """Return a browser in which this person is signed in."""
    app.config["PERSON"] = person
    return app.test_client()


HOLDS = {
    "member": {"public", "member"},
    "trainer": {"public", "member", "reader", "trainer"},
    "editor": {"public", "member", "editor"},
    "auditor": {"public", "member", "reader", "auditor"},
    "admin": {"public", "member", "reader", "trainer", "editor", "auditor", "admin"},
}


@pytest.mark.parametrize("role", HOLDS)
def test_a_role_opens_its_levels_and_no_other(small: Flask, role: str) -> None:
    client = as_(small, Person(role))
    for level in LEVELS:
        for method in ("GET", "POST"):
            reply = client.open(f"/{level}", method=method)
            wanted = (200, level) if level in HOLDS[role] else (404, "missing")
            assert (reply.status_code, reply.text) == wanted, (level, method)


def test_one_of_several_levels_is_enough(small: Flask) -> None:
    opens = {role for role in HOLDS if as_(small, Person(role)).get("/either").status_code == 200}
    assert opens == {"trainer", "editor", "admin"}


def test_strangers_are_sent_to_sign_in_and_back(small: Flask) -> None:
    client = as_(small, None)
    assert client.get("/public").text == "public"
    assert client.get("/admin").location == "/sign-in?next=/admin"
    assert client.get("/admin?a=1").location == "/sign-in?next=/admin?a%3D1"
    assert client.post("/admin").location == "/sign-in"
    assert client.get("/nowhere").status_code == 404


def test_programs_are_told_instead(small: Flask) -> None:
    client = as_(small, None)
    assert client.get("/api/member").status_code == 401
    assert client.get("/api/public").status_code == 200
    assert as_(small, Person("member")).get("/api/member").status_code == 200
    assert as_(small, Person("member")).get("/api/admin").status_code == 404


def test_dangerous_acts_want_a_fresh_proof(small: Flask) -> None:
    assert as_(small, Person("admin")).get("/danger").text == "done"
    client = as_(small, Person("admin", fresh=False))
    assert client.get("/admin").status_code == 200
    assert client.get("/danger?a=1").location == "/confirm?next=/danger?a%3D1"
    assert client.post("/danger").location == "/confirm?next=/danger"
    came_from = {"Referer": "http://localhost/people/7?x=1"}
    assert client.post("/act", headers=came_from).location == "/confirm?next=/people/7"
    assert client.post("/act").location == "/confirm"
    assert client.post("/api/danger").status_code == 401
    assert as_(small, Person("member", fresh=False)).get("/danger").status_code == 404


def test_templates_offer_what_opens(small: Flask) -> None:
    assert as_(small, None).get("/menu").text == "False False False"
    assert as_(small, Person("member")).get("/menu").text == "False False True"
    assert as_(small, Person("editor")).get("/menu").text == "False True True"
    assert as_(small, Person("admin")).get("/menu").text == "True True True"


@pytest.mark.parametrize("levels", ["", "emperor", "member or emperor"])
def test_a_view_without_a_known_level_keeps_the_site_from_starting(levels: str) -> None:
    def view() -> str:
        return ""

    app = Flask("planted", static_folder=None)
    view.permission = levels  # type: ignore[attr-defined]
    app.add_url_rule("/planted", "planted", view)
    with pytest.raises(RuntimeError, match="planted"):
        init_permissions(app)


def test_a_view_that_declares_nothing_is_for_nobody_below_admin(small: Flask) -> None:
    small.view_functions["bare"] = lambda: "bare"
    with small.app_context():
        assert declared_level("bare") == "admin"
        assert declared_level("either") == "editor or trainer"
    assert declared(small)["bare"] == ""


def test_what_the_roles_hold() -> None:
    assert {role: set(levels) for role, levels in GRANTS.items()} == HOLDS
    for role, levels in HOLDS.items():
        assert {level for level in LEVELS if grants(role, level)} == levels
    assert grants("editor", "trainer", "editor")
    assert not grants("emperor", "public")
    assert not grants("admin")

"""What machines are told: ready or not, counts, and nothing to strangers."""

import shutil

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.base.db import db
from app.base.schema import stamp_schema
from app.ops import actions
from app.ops.queries import doctor
from tests.conftest import Cast, Clock


def test_a_site_at_the_head_is_ready(app: Flask, client: FlaskClient, clock: Clock) -> None:
    stamp_schema()
    reply = client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json == {"ready": True, "reasons": [], "backup_age_s": None, "worker_age_s": None}
    if db.engine.dialect.name == "sqlite":
        actions.make_backup(clock())
        clock.move(hours=30)
        assert client.get("/readyz").json == {
            "ready": True,
            "reasons": [],
            "backup_age_s": 30 * 3600,
            "worker_age_s": None,
        }


def test_other_tables_than_needed_are_not_ready(client: FlaskClient) -> None:
    stamp_schema("0001")
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json["reasons"]) == (503, ["schema"])


def test_a_full_disk_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp_schema()
    usage = shutil.disk_usage("/")._replace(free=1)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage)
    assert client.get("/readyz").json["reasons"] == ["disk"]


def test_without_a_database_live_lives_and_ready_is_not(cast: Cast, app: Flask) -> None:
    """Also for a browser that is signed in, whose person cannot be looked up now."""
    cast.make_member("甲")
    client = cast.sign_in("甲")
    app.testing = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(db.engine.dialect), "do_execute", refuse)
        live, found, page = client.get("/livez"), client.get("/readyz"), client.get("/account")
    assert live.status_code == 200
    assert found.status_code == 503
    assert "database" in found.json["reasons"]
    assert (page.status_code, "没有保存" in page.text) == (503, True)
    db.session.rollback()
    assert client.get("/account").status_code == 200


def refuse(*_words: object, **_more: object) -> None:
    """Fail as a database that has gone away."""
    raise db.engine.dialect.loaded_dbapi.OperationalError("gone")


def count(page: str, start: str) -> float:
    """Return the value of the line that begins with `start`, 0 when there is none."""
    found = [line for line in page.splitlines() if line.startswith(start)]
    return float(found[0].rsplit(" ", 1)[1]) if found else 0.0


def test_requests_and_failed_sign_ins_are_counted(cast: Cast, client: FlaskClient) -> None:
    cast.make_member("甲")
    for _try in range(3):
        client.post("/sign-in", data={"login": "甲", "password": "wrong"})
    client.get("/no/such/page")
    client.get("/livez")
    page = client.get("/metrics").text
    assert count(page, 'xueji_sign_in_failures_total{status="422"}') == 3
    signing = 'xueji_requests_total{endpoint="accounts.sign_in",method="POST",status="422"}'
    assert count(page, signing) == 3
    assert count(page, 'xueji_requests_total{endpoint="missing",method="GET",status="404"}') == 1
    assert count(page, 'xueji_request_seconds_count{endpoint="web.live"}') == 1
    assert count(page, "xueji_disk_free_bytes") > 0
    assert "甲" not in page


def test_a_made_up_method_makes_no_line_of_its_own(client: FlaskClient) -> None:
    for method in ("CANARY1", "CANARY2"):
        client.open("/", method=method)
    assert "CANARY" not in client.get("/metrics").text


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.9", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.9"}, 404),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.9"}, 404),
    ],
)
def test_counts_are_for_this_machine_only(
    client: FlaskClient, address: str, headers: dict[str, str], status: int
) -> None:
    reply = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert reply.status_code == status
    if status == 404:
        assert reply.data == client.get("/no-such-page").data


def test_behind_https_only_the_token_opens(app: Flask, client: FlaskClient) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    assert client.get("/metrics").status_code == 404
    app.config["METRICS_TOKEN"] = "let me in"
    for given, status in (("Bearer let me in", 200), ("Bearer x", 404), ("", 404), ("é", 404)):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == status


def test_ready_tells_no_secret(app: Flask, client: FlaskClient) -> None:
    db.session.execute(text("SELECT 1"))
    for words in (str(app.config["DATA"]), app.config["SQLALCHEMY_DATABASE_URI"], "Error"):
        assert words not in client.get("/readyz").text

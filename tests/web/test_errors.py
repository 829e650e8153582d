"""Every refusal has the right status and a sentence that a person understands."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from app.base import errors
from app.base.db import db
from tests.conftest import Cast


@pytest.fixture
def planted(app: Flask) -> FlaskClient:
    """A browser on the site with one more page, which fails as its address says."""

    def fail(name: str) -> str:
        if name.isdigit():
            abort(int(name))
        if name == "crash":
            raise ZeroDivisionError("secret detail")
        raise getattr(errors, name)("一句话")

    fail.permission = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/fail/<name>", "fail", fail)
    return app.test_client()


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("Invalid", 422, "一句话"),
        ("Stale", 409, "一句话"),
        ("TooMany", 429, "一句话"),
        ("NotFound", 404, "没有找到这一页"),
        ("Forbidden", 404, "没有找到这一页"),
        ("400", 400, "不完整"),
        ("405", 405, "不能这样打开"),
        ("413", 413, "太大"),
        ("418", 418, "没有办成"),
    ],
)
def test_refusals_become_pages(planted: FlaskClient, name: str, status: int, words: str) -> None:
    reply = planted.get(f"/fail/{name}")
    assert reply.status_code == status
    assert words in reply.text
    assert "Traceback" not in reply.text


def test_forbidden_is_byte_for_byte_missing(planted: FlaskClient) -> None:
    assert planted.get("/fail/Forbidden").data == planted.get("/no-such-page").data


def test_the_unforeseen_is_logged_and_not_shown(
    app: Flask, planted: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    reply = planted.get("/fail/crash")
    assert reply.status_code == 500
    assert "已经保存的作答不会丢" in reply.text
    assert "secret detail" not in reply.text
    assert "secret detail" in caplog.text


def test_a_form_of_an_older_sign_in_is_refused_with_a_way_on(app: Flask, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    reply = app.test_client().post("/sign-in", data={"login": "甲", "password": "x"})
    assert reply.status_code == 400
    assert "这一页过时了" in reply.text


def test_an_oversized_body_is_refused_with_a_sentence(cast: Cast) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    reply = client.post("/study/answer", data={"response": "长" * 2_000_000})
    assert reply.status_code == 413
    assert "太大" in reply.text


def test_characters_that_no_database_keeps_are_no_crash(cast: Cast) -> None:
    cast.make_member("总管", role="admin")
    client = cast.sign_in("总管")
    expected = 200 if db.engine.dialect.name == "sqlite" else 400
    assert client.get("/people?q=%00").status_code == expected
    assert client.get("/people").status_code == 200

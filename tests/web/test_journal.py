"""The log tells what happened to which request, and nothing about any person."""

import io
import json
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts import actions
from app.accounts.invitation import Newcomer
from app.base.db import db
from app.web.journal import HEADER, WRITER, Answered, Lines, Writer, add_observer
from tests.conftest import PASSWORD, Cast, Clock

CANARIES = ("canary-password-77", "金丝雀", "13912345678", "canary-query", "canary-note")


@pytest.fixture
def lines(app: Flask) -> Iterator[io.StringIO]:
    """Everything the site writes to its log, whatever logger it comes from."""
    stream = io.StringIO()
    written = WRITER.setStream(stream)  # type: ignore[arg-type]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    handler.addFilter(lambda record: record.name != "app")  # the writer writes those
    loggers = [logging.getLogger(), logging.getLogger("app")]
    before = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield stream
    WRITER.setStream(written)  # type: ignore[arg-type]
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines of requests and errors as objects."""
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_route(client: FlaskClient, lines: io.StringIO) -> None:
    reply = client.get("/invite/canary-token?canary-query=1")
    [line] = [one for one in read(lines) if one["event"] == "request"]
    assert line["route"] == "/invite/<token>"
    assert (line["method"], line["status"]) == ("GET", 404)
    assert line["ms"] >= 0
    assert line["request"] == reply.headers[HEADER]
    assert set(line) == {"at", "level", "event", "request", "method", "route", "status", "ms"}
    assert line["at"].endswith("+00:00")


def test_every_request_has_its_own_id(client: FlaskClient) -> None:
    ids = {client.get(path).headers[HEADER] for path in ("/", "/livez", "/none", "/sign-in")}
    assert len(ids) == 4
    planted = client.get("/", headers={HEADER: "canary-token"}).headers[HEADER]
    assert planted != "canary-token"


def test_an_unknown_address_is_not_written(client: FlaskClient, lines: io.StringIO) -> None:
    client.get("/13912345678/canary-query")
    client.open("/13912345678", method="金丝雀".encode().hex())
    assert [one["route"] for one in read(lines) if one["event"] == "request"] == ["", ""]
    assert not any(canary in lines.getvalue() for canary in CANARIES)


def test_no_person_is_in_the_log(bank: Flask, cast: Cast, clock: Clock, lines: io.StringIO) -> None:
    """Signing in wrongly and rightly, links, notes, searches, reports, and errors that quote."""
    cast.make_unit("A")
    cast.make_member("总管", role="admin", unit="A")
    newcomer = Newcomer("金丝雀", "13912345678", cast.units["A"])
    [invited] = actions.invite_people([newcomer], None, clock())
    assert invited.token
    client = bank.test_client()
    new = {"password": CANARIES[0], "again": CANARIES[0]}
    assert client.post(f"/invite/{invited.token}", data=new).status_code == 302
    cookie = client.get_cookie("session")
    assert cookie
    client.post("/sign-in", data={"login": "金丝雀", "password": "canary-password-77x"})
    client.post("/sign-in", data={"login": "13912345678", "password": CANARIES[0]})
    client.get("/search?q=canary-query")
    client.post("/study/cards/none/note", data={"text": "canary-note", "answer_id": ""})
    client.post("/account", data={"old": CANARIES[0], **new})
    admin = cast.sign_in("总管")
    admin.get("/people?q=13912345678")
    bank.testing = False
    bank.view_functions["study.ways"] = quoting
    assert client.get("/ways").status_code == 500
    bank.view_functions["study.ways"] = quoting_sql
    assert client.get("/ways").status_code == 500
    written = lines.getvalue()
    assert written.count('"event":"request"') >= 9
    assert written.count('"error":') == 2
    secrets = [*CANARIES, invited.token.split(".")[1], cookie.value, PASSWORD]
    assert [secret for secret in secrets if secret in written] == []


def quoting() -> str:
    """Fail with a message that quotes a person."""
    raise ValueError("no such person: 金丝雀 13912345678")


def quoting_sql() -> str:
    """Fail in the database, whose messages quote what was to be written."""
    db.session.rollback()
    taken = text("INSERT INTO accounts_user (id, name, phone) VALUES (1, :name, :phone)")
    db.session.execute(taken, {"name": "金丝雀", "phone": "13912345678"})
    return ""


for view in (quoting, quoting_sql):
    view.permission = "public"  # type: ignore[attr-defined]


def test_an_error_says_where_and_what_kind(
    app: Flask, client: FlaskClient, lines: io.StringIO
) -> None:
    app.testing = False
    app.view_functions["web.live"] = quoting_sql
    assert client.get("/livez").status_code == 500
    [line] = [one for one in read(lines) if "error" in one]
    assert line["error"].startswith("IntegrityError")
    assert line["code"] in ("SQLITE_CONSTRAINT_NOTNULL", "23502")
    assert any("quoting_sql" in frame for frame in line["where"])
    assert line["request"]


def told(name: str, status: int = 200) -> Answered:
    """Return an answer to a request of this id."""
    return Answered(name, "web.live", "GET", "/livez", status, 0.001, 1_800_000_000.5)


def names(stream: io.StringIO) -> list[str]:
    """Return the ids of the requests written, or the words of other lines."""
    return [one.get("request", one["event"]) for one in read(stream)]


def test_lines_of_requests_gather_and_what_went_wrong_is_written_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, writer, counted = io.StringIO(), Writer(), list[Answered]()
    writer.setStream(stream)  # type: ignore[arg-type]
    add_observer(app, counted.append)
    writer.note(app, told("1"))
    assert names(stream) == ["1"]
    monkeypatch.setattr(Writer, "_carry_on", lambda _self: None)
    writer.gather()
    writer.note(app, told("2"))
    writer.note(app, told("3"))
    assert names(stream) == ["1"]
    writer.emit(logging.makeLogRecord({"msg": "trouble", "levelname": "ERROR"}))
    assert names(stream) == ["1", "2", "3", "trouble"]
    writer.note(app, told("4"))
    writer.note(app, told("5", status=503))
    assert names(stream) == ["1", "2", "3", "trouble", "4", "5"]
    assert [one.request for one in counted] == ["1", "2", "3", "4", "5"]
    assert read(stream)[0]["at"] == "2027-01-15T08:00:00.500+00:00"
    assert [one["level"] for one in read(stream)][-2:] == ["info", "warning"]


def test_gathered_lines_are_written_before_long_each_once(app: Flask) -> None:
    """Eight threads note a thousand answers each while the writer writes."""
    stream, writer = io.StringIO(), Writer()
    writer.setStream(stream)  # type: ignore[arg-type]
    writer.gather()

    def answer(number: int) -> None:
        for place in range(1000):
            writer.note(app, told(f"{number}.{place}"))

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until = time.monotonic() + 10
    while writer.gathered and time.monotonic() < until:
        time.sleep(0.01)
    writer.flush()
    written = names(stream)
    for number in range(8):
        own = [name for name in written if name.startswith(f"{number}.")]
        assert own == [f"{number}.{place}" for place in range(1000)]


def test_a_reader_who_has_gone_stops_nobody(app: Flask) -> None:
    stream, writer = io.StringIO(), Writer()
    writer.setStream(stream)  # type: ignore[arg-type]
    stream.close()
    writer.note(app, told("1"))
    assert not writer.gathered


def test_counts_are_up_to_date_when_they_are_read(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WRITER, "gathering", True)
    client.get("/livez")
    page = client.get("/metrics").text
    assert 'xueji_requests_total{endpoint="web.live",method="GET",status="200"} 1.0' in page

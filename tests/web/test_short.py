"""What goes the short way is answered, guarded, counted and written down as on the full one."""

import io
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.globals import app_ctx
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.bank.queries import list_question_ids
from app.base.db import db
from app.ops.metrics import KEY as METRICS
from app.study import actions
from app.study.views import pages
from app.web import journal
from app.web.short import KEY, Short
from app.web.stencil import KEY as STENCILS
from tests.conftest import Cast, Clock
from tests.study.test_actions import answer_anything
from tests.web.visits import full_way, settled

PATHS = ("/", "/study")
SAME_ID = "A" * 22


@pytest.fixture
def short(bank: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the requests that the framework never saw are those missing here."""
    opened, dispatch = list[str](), Flask.full_dispatch_request

    def noting(self: Flask) -> Any:
        from flask import request

        opened.append(request.path)
        return dispatch(self)

    monkeypatch.setattr(Flask, "full_dispatch_request", noting)
    monkeypatch.setattr(pages, "new_timed_id", lambda: SAME_ID)
    return opened


@pytest.fixture
def member(short: list[str], cast: Cast) -> Iterator[FlaskClient]:
    """The settled browser of a member; nothing was opened since."""
    cast.make_member("甲")
    client = settled(cast.sign_in("甲"))
    client.get("/")
    short.clear()
    return client


def told(reply: TestResponse) -> Any:
    """Return all of an answer but the id of its request, which is never the same."""
    heads = sorted((k, v) for k, v in reply.headers if k != journal.HEADER)
    heads = [(k, sorted(v.split(", ")) if k == "Vary" else v) for k, v in heads]
    return reply.status_code, heads, reply.data


def both(app: Flask, client: FlaskClient, path: str, **more: Any) -> tuple[Any, Any]:
    """Return what the short way says, and what the full one says at the same moment."""
    one = client.get(path, **more)
    with full_way(app):
        other = client.get(path, **more)
    assert len({one.headers[journal.HEADER], other.headers[journal.HEADER]}) == 2
    return told(one), told(other)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("packed", ["", "gzip, deflate, br"])
def test_both_ways_say_the_same(
    bank: Flask, cast: Cast, clock: Clock, short: list[str], language: str, packed: str
) -> None:
    """Through a bank of every kind, with marks, notes, moves of the clock and ends of the day."""
    member_id = cast.make_member("甲<b>")
    client = cast.sign_in("甲<b>")
    client.post("/settings", data={"language": language, "theme": "dark", "text_size": 22})
    heads = {"Accept-Encoding": packed}
    settled(client)
    went = 0
    for number, question_id in enumerate(list_question_ids()):
        with full_way(bank):  # draws what was never drawn
            told(client.get("/")), told(client.get("/study"))
        short.clear()
        for path in PATHS:
            here, there = both(bank, client, path, headers=heads)
            assert here == there
            assert here[0] == 200
        went += 4 - len(short)
        if number % 3 == 1:
            actions.write_note(member_id, question_id, "<i>笔记</i> & 更多")
        if number % 4 == 2:
            actions.star_card(member_id, question_id, True)
        if number % 5 == 4:
            clock.move(minutes=15)
        answer_anything(member_id, question_id, clock)
    assert went == 2 * len(list_question_ids())


def test_a_usual_visit_opens_no_request(member: FlaskClient, short: list[str]) -> None:
    for path in PATHS:
        assert member.get(path).status_code == 200
    assert short == []


UNUSUAL: dict[str, Callable[[FlaskClient, str], TestResponse]] = {
    "another method": lambda c, path: c.head(path),
    "a query": lambda c, path: c.get(f"{path}?way=due"),
    "without style sheets": lambda c, path: (c.delete_cookie("look"), c.get(path))[1],
    "below another address": lambda c, path: c.get(path, base_url="http://localhost/x"),
    "not to be a page": lambda c, path: c.get(path, headers={"Upgrade": "websocket"}),
    "another cookie beside": lambda c, path: (c.set_cookie("more", "1"), c.get(path))[1],
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("what", UNUSUAL)
def test_what_is_unusual_goes_the_full_way(
    member: FlaskClient, short: list[str], what: str, path: str
) -> None:
    assert UNUSUAL[what](member, path).status_code == 200
    assert len(short) == 1


def test_what_is_said_once_is_said(member: FlaskClient, short: list[str]) -> None:
    with member.session_transaction() as held:
        held["_flashes"] = [("message", "只说一次")]
    assert "只说一次" in member.get("/").text
    assert "只说一次" not in member.get("/").text


@pytest.mark.parametrize("role", ["trainer", "editor", "auditor", "admin"])
def test_whoever_has_a_role_goes_the_full_way(cast: Cast, short: list[str], role: str) -> None:
    cast.make_unit("A")
    cast.make_member("甲", role=role, unit="A")
    client = settled(cast.sign_in("甲"))
    for path in PATHS:
        short.clear()
        assert client.get(path).status_code == 200
        assert short == [path]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM accounts_session",
        "UPDATE accounts_user SET disabled_at = 1",
        "UPDATE accounts_session SET expires_at = 1",
        "UPDATE accounts_session SET waiting = (1 = 1)",
        "UPDATE accounts_session SET token_hash = 'x'",
    ],
)
def test_a_sign_in_that_ended_opens_nothing_more(
    member: FlaskClient, short: list[str], path: str, change: str
) -> None:
    with db.engine.begin() as connection:  # as another process would
        connection.exec_driver_sql(change)
    db.session.rollback()
    reply = member.get(path)
    assert short == [path]
    assert reply.status_code == (302 if path == "/study" else 200)
    assert "data-account" not in reply.text


def test_a_page_that_asks_for_more_is_not_shown(
    bank: Flask, member: FlaskClient, short: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard's word counts, whatever path a short page hangs at."""
    monkeypatch.setattr(bank.view_functions["study.question"], "permission", "trainer")
    bank.extensions["xueji.permissions"].clear()
    assert member.get("/study").status_code == 404
    assert short == ["/study"]


def test_a_browser_is_noted_once_a_day(
    member: FlaskClient, short: list[str], clock: Clock, cast: Cast
) -> None:
    clock.move(hours=25)
    member.get("/study")
    assert short == ["/study"]
    seen = db.session.execute(db.text("SELECT seen_at FROM accounts_session")).scalar()
    assert seen == int(clock().timestamp())
    member.get("/study")
    assert short == ["/study"]


def test_nobody_gets_what_was_shown_to_another(bank: Flask, cast: Cast, short: list[str]) -> None:
    first, second = cast.make_member("甲"), cast.make_member("乙")
    actions.write_note(first, list_question_ids()[0], "金丝雀甲")
    clients = {one: settled(cast.sign_in(one)) for one in ("甲", "乙")}
    for client in clients.values():
        client.get("/study")
    short.clear()
    mine, theirs = (client.get("/study").text for client in clients.values())
    assert short == []
    assert f'data-account="{first}"' in mine
    assert "金丝雀甲" in mine
    assert f'data-account="{second}"' in theirs
    assert "金丝雀甲" not in theirs
    tokens = {page.split('name="csrf_token" value="')[1].split('"')[0] for page in (mine, theirs)}
    assert len(tokens) == 2


def test_a_form_of_the_short_way_is_taken(bank: Flask, member: FlaskClient) -> None:
    bank.config["WTF_CSRF_ENABLED"] = True
    page = member.get("/study").text
    fields = ("csrf_token", "answer_id", "question_id", "revision", "version")
    sent = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in fields}
    assert member.post("/study/answer", data={**sent, "choice": "0"}).status_code in (200, 422)
    assert member.post("/study/answer", data={**sent, "csrf_token": "x"}).status_code == 400


def test_it_is_counted_and_written_down(
    bank: Flask, member: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(journal.WRITER, "stream", stream)
    counts = bank.extensions[METRICS].counts.answers
    key = ("study.question", "GET", 200)
    before = counts.get(key, 0)
    reply = member.get("/study")
    with full_way(bank):
        member.get("/study")
    assert counts[key] == before + 2
    one, other = stream.getvalue().splitlines()
    assert f'"request":"{reply.headers[journal.HEADER]}"' in one
    shared = '"method":"GET","route":"/study","status":200'
    assert shared in one
    assert shared in other


def test_a_page_never_drawn_is_drawn_by_the_full_way(
    bank: Flask, member: FlaskClient, short: list[str]
) -> None:
    for kept in (bank.extensions[STENCILS].kept, bank.extensions[STENCILS].about):
        kept.clear()
    for _visit in range(2):
        assert member.get("/study").status_code == 200
    assert short == ["/study"]


def test_a_database_that_is_away_is_told_by_the_full_way(
    bank: Flask, member: FlaskClient, short: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_self: object, **_values: object) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr("app.base.sql.Statement.alone", broken)
    assert member.get("/study").status_code == 200
    assert short == ["/study"]


def test_a_fault_of_the_short_way_keeps_nobody_from_their_page(
    bank: Flask, member: FlaskClient, short: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(journal.WRITER, "stream", stream)
    page = Short[Any]("study.question", lambda _token, _now: 1 / 0, lambda *_told: b"")  # type: ignore[arg-type, return-value]
    bank.extensions[KEY]["/study"] = page
    with pytest.raises(ZeroDivisionError):
        member.get("/study")
    monkeypatch.setattr(bank, "testing", False)
    assert member.get("/study").status_code == 200
    assert short == ["/study"]
    assert '"error":"ZeroDivisionError"' in stream.getvalue()


def test_what_is_done_at_the_end_of_every_context_is_done_after_a_short_page(
    bank: Flask, member: FlaskClient, short: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[BaseException | None] = []
    every = [*bank.teardown_appcontext_funcs, ended.append]
    monkeypatch.setattr(bank, "teardown_appcontext_funcs", every)
    before = app_ctx._get_current_object()  # type: ignore[attr-defined]  # the test's own
    assert member.get("/study").status_code == 200
    assert (short, ended) == ([], [None])
    page = Short[Any]("study.question", lambda _token, _now: 1 / 0, lambda *_told: b"")  # type: ignore[arg-type, return-value]
    monkeypatch.setitem(bank.extensions[KEY], "/study", page)
    with pytest.raises(ZeroDivisionError):
        member.get("/study")
    assert isinstance(ended[1], ZeroDivisionError)
    assert app_ctx._get_current_object() is before  # type: ignore[attr-defined]

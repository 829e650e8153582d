"""An answer the short way: recorded once, guarded and shown as on the full way, or left to it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.bank.kinds import KINDS
from app.bank.queries import get_question, list_question_ids
from app.base.db import db
from app.base.ids import new_id
from app.ops.metrics import KEY as METRICS
from app.study import queries
from app.study.models import ReviewRow
from app.web.stencil import KEY as STENCILS
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room
from tests.study.test_actions import single
from tests.study.test_waiting import reserve
from tests.web.test_short import member, short, told  # noqa: F401
from tests.web.visits import full_way, settled

FIELD = re.compile(r'name="([a-z_]+)" value="([^"]*)"')
BLANK = re.compile(r'name="(blank-\d+)"')
PLACE = re.compile(r'name="(place-\d+)"')
FORM = re.compile(r'<form class="question".*?</form>', re.DOTALL)
PATH = "/study/answer"


def filled(client: FlaskClient, choice: str = "0", question_id: str = "") -> dict[str, str]:
    """Return the form of a question, else of the one that is due, answered anyhow."""
    page = client.get(f"/study?way=one&question={question_id}" if question_id else "/study").text
    [form] = FORM.findall(page)
    sent = {**dict(FIELD.findall(form)), "choice": choice, "elapsed_ms": "4000", "way": "due"}
    sent |= dict.fromkeys(BLANK.findall(form), "党 员")
    return sent | {name: str(n) for n, name in enumerate(PLACE.findall(form), 1)}


def drawn(bank: Flask, cast: Cast, **settings: Any) -> None:
    """Let the full way draw the pages after answers to all questions."""
    for choice in ("0", "1", "2", "3"):
        cast.make_member(f"先{choice}")
        client = cast.sign_in(f"先{choice}")
        client.post("/settings", data=settings)
        settled(client)
        with full_way(bank):
            for question_id in list_question_ids():
                reply = client.post(PATH, data=filled(client, choice, question_id))
                assert reply.status_code in (200, 422)


def stored() -> list[tuple[str, bool]]:
    """Return the ids of all answers, and whether they are right."""
    db.session.rollback()
    rows = db.session.scalars(db.select(ReviewRow).order_by(ReviewRow.at_ms))
    return [(row.answer_id, row.right) for row in rows]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_ways_show_the_same(
    bank: Flask,
    cast: Cast,
    clock: Clock,
    short: list[str],  # noqa: F811
    language: str,
) -> None:
    """A second delivery goes the full way, which reads what the short way has stored."""
    drawn(bank, cast, language=language, theme="dark", text_size=22)
    mine = cast.make_member("甲<b>")
    client = cast.sign_in("甲<b>")
    client.post("/settings", data={"language": language, "theme": "dark", "text_size": 22})
    settled(client)
    went, kinds = 0, set()
    for turn, question_id in enumerate(list_question_ids()):
        sent = filled(client, str(turn % 3), question_id)
        short.clear()
        here = client.post(PATH, data=sent)
        went += not short
        with full_way(bank):
            assert told(client.post(PATH, data=sent)) == told(here)
        assert here.status_code in (200, 422)
        kinds.add(get_question(question_id).kind)
        clock.move(minutes=2)
    assert kinds == set(KINDS)
    assert went > turn // 2  # some forms lacked a choice
    assert queries.list_drifted(mine) == []
    assert queries.list_missummed_members([mine]) == []
    assert queries.list_missummed_units() == []


def broken(sent: dict[str, str], name: str, value: str) -> dict[str, str]:
    """Return a form with one field changed."""
    return {**sent, name: value}


PLAIN, LATE = "application/x-www-form-urlencoded", "multipart/form-data"
UNUSUAL: dict[str, tuple[Callable[[FlaskClient, dict[str, str]], TestResponse], int, int]] = {
    "another encoding": (lambda c, f: c.post(PATH, data=f, content_type=LATE), 200, 1),
    "a very long form": (lambda c, f: c.post(PATH, data=broken(f, "more", "x" * 9000)), 200, 1),
    "another way in": (lambda c, f: c.post(PATH, data=broken(f, "way", "random")), 200, 1),
    "no choice": (lambda c, f: c.post(PATH, data=broken(f, "choice", "99")), 422, 0),
    "another version": (lambda c, f: c.post(PATH, data=broken(f, "version", "7")), 409, 0),
    "no such revision": (lambda c, f: c.post(PATH, data=broken(f, "revision", "7")), 404, 0),
    "no such question": (lambda c, f: c.post(PATH, data=broken(f, "question_id", "x")), 404, 0),
    "a number that is none": (lambda c, f: c.post(PATH, data=broken(f, "version", "-")), 422, 0),
    "no good id": (lambda c, f: c.post(PATH, data=broken(f, "answer_id", "!" * 22)), 422, 0),
    "bytes that are no text": (lambda c, f: c.post(PATH, data=raw(f), content_type=PLAIN), 200, 1),
    "a query": (lambda c, f: c.post(f"{PATH}?x=1", data=f), 200, 1),
}


def raw(sent: dict[str, str]) -> bytes:
    """Return a form with a field that is not what browsers send."""
    return urlencode(sent).encode() + b"&x=%ff"


@pytest.mark.parametrize("what", UNUSUAL)
def test_what_is_unusual_goes_the_full_way(
    member: FlaskClient,  # noqa: F811
    short: list[str],  # noqa: F811
    what: str,
) -> None:
    sent = filled(member)
    short.clear()
    send, status, number = UNUSUAL[what]
    reply = send(member, sent)
    assert (reply.status_code, len(stored())) == (status, number)
    assert short == [PATH]


def test_a_form_without_its_browsers_token_is_refused(
    bank: Flask,
    member: FlaskClient,  # noqa: F811
    short: list[str],  # noqa: F811
) -> None:
    bank.config["WTF_CSRF_ENABLED"] = True
    sent = filled(member)
    for token in ("", "x", "é", sent["csrf_token"] + "x"):
        assert member.post(PATH, data=broken(sent, "csrf_token", token)).status_code == 400
    assert short == [PATH] * 4
    assert stored() == []
    assert member.post(PATH, data=sent).status_code == 200
    assert len(stored()) == 1


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM accounts_session",
        "UPDATE accounts_user SET disabled_at = 1",
        "UPDATE accounts_session SET expires_at = 1",
        "UPDATE accounts_session SET token_hash = 'x'",
        "UPDATE accounts_session SET waiting = (1 = 1)",
    ],
)
def test_a_sign_in_that_ended_answers_nothing_more(
    member: FlaskClient,  # noqa: F811
    short: list[str],  # noqa: F811
    change: str,
) -> None:
    sent = filled(member)
    with db.engine.begin() as connection:  # as another process would
        connection.exec_driver_sql(change)
    db.session.rollback()
    assert member.post(PATH, data=sent).status_code == 302
    assert short == [PATH]
    assert stored() == []


def test_nothing_is_recorded_for_whom_the_view_is_not(
    bank: Flask,
    member: FlaskClient,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = filled(member)
    monkeypatch.setattr(bank.view_functions["study.answer"], "permission", "trainer")
    bank.extensions["xueji.permissions"].clear()
    assert member.post(PATH, data=sent).status_code == 404
    assert stored() == []


def test_a_page_never_drawn_is_drawn_by_the_full_way_and_counts_once(
    bank: Flask,
    member: FlaskClient,  # noqa: F811
    short: list[str],  # noqa: F811
) -> None:
    sent = filled(member)
    bank.extensions[STENCILS].kept.clear()
    first = member.post(PATH, data=sent)
    assert (first.status_code, short) == (200, [PATH])
    assert [answer_id for answer_id, _right in stored()] == [sent["answer_id"]]


def test_what_a_paper_reserves_is_kept_by_the_full_way(
    room: Room,
) -> None:
    client = settled(room.cast.sign_in("甲"))
    sent = filled(client, question_id=single())
    reserve(room)
    reply = client.post(PATH, data=sent)
    assert reply.status_code == 200
    assert stored() == []


def test_the_same_answer_again_is_shown_by_the_full_way(
    member: FlaskClient,  # noqa: F811
    short: list[str],  # noqa: F811
) -> None:
    sent = filled(member)
    member.post(PATH, data=sent)
    short.clear()
    assert member.post(PATH, data=sent).status_code == 200
    assert member.post(PATH, data=broken(sent, "answer_id", new_id())).status_code == 409
    assert short == [PATH] * 2
    assert len(stored()) == 1


def test_it_is_counted_as_on_the_full_way(bank: Flask, member: FlaskClient) -> None:  # noqa: F811
    counts, key = bank.extensions[METRICS].counts.answers, ("study.answer", "POST", 200)
    sent = filled(member)
    for number in (1, 2):  # the second goes the full way
        member.post(PATH, data=sent)
        assert counts[key] == number

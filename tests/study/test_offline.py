"""The pack and what phones send, over HTTP: by the right member, once, with a result for each."""

import gzip
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base.db import db
from app.base.ids import new_id
from app.study.actions.writing import milliseconds
from app.study.delivery import LARGEST, MOST
from app.study.models import ReviewRow, WaitingRow
from app.study.views.offline import STAMP
from app.web.programs import HEADER
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room
from tests.study.test_actions import single
from tests.study.test_waiting import reserve
from tests.web.test_short import short, told  # noqa: F401
from tests.web.visits import full_way, settled

QUESTION = "fx-a01-01"
PATH = "/api/sync"


@pytest.fixture
def member(bank: Flask, cast: Cast) -> FlaskClient:
    """A browser in which a member has signed in."""
    cast.make_member("甲")
    return cast.sign_in("甲")


@pytest.fixture
def settled_member(short: list[str], member: FlaskClient) -> FlaskClient:  # noqa: F811
    """The browser of a member who has been here before; nothing was opened since."""
    client = settled(member)
    short.clear()
    return client


def item(clock: Clock, **changes: Any) -> dict[str, Any]:
    """Return a right answer as a phone would send it."""
    plain = {
        "id": new_id(),
        "sequence": 1,
        "at": milliseconds(clock()),
        "question": QUESTION,
        "revision": 1,
        "response": [1],
        "elapsed": 1500,
    }
    return {**plain, **changes}


def post(client: FlaskClient, account: int, clock: Clock, *items: Any) -> TestResponse:
    """Send a delivery."""
    now = milliseconds(clock())
    body = {"account": account, "device": "d" * 22, "now": now, "items": items}
    return client.post("/api/sync", json=body, headers={HEADER: "1"})


def test_each_item_gets_its_result_in_its_place(
    member: FlaskClient, cast: Cast, clock: Clock
) -> None:
    one, lost = item(clock), item(clock, question="no-such")
    broken = {"id": new_id(), "at": "yesterday"}
    me = cast.people["甲"]
    results = post(member, me, clock, one, broken, lost, one, 7).json["results"]
    assert [r[:2] for r in results] == [
        [one["id"], "ok"],
        [broken["id"], "rejected"],
        [lost["id"], "rejected"],
        [one["id"], "duplicate"],
        ["", "rejected"],
    ]
    assert [bool(r[2]) for r in results] == [False, True, True, False, True]
    assert "已答 1 题" in member.get("/").text


def test_another_account_is_told_so_and_nothing_is_taken(
    member: FlaskClient, cast: Cast, clock: Clock
) -> None:
    other = cast.make_member("乙")
    reply = post(member, other, clock, item(clock))
    assert (reply.status_code, "另一个账号" in reply.json["error"]) == (409, True)
    assert db.session.query(ReviewRow).count() == 0


@pytest.mark.parametrize("body", ["", "[]", "{", '{"account": 1}', "null"])
def test_what_is_no_delivery_is_refused(member: FlaskClient, body: str) -> None:
    reply = member.post(
        "/api/sync", data=body, content_type="application/json", headers={HEADER: "1"}
    )
    assert (reply.status_code, bool(reply.json["error"])) == (422, True)


def test_a_stamp_of_the_site_keeps_times_from_being_disputed(
    member: FlaskClient, cast: Cast, clock: Clock
) -> None:
    me = cast.people["甲"]
    stamp = member.get("/api/pack").headers[STAMP]
    clock.move(days=2)
    good = item(clock, stamp=stamp)
    early = item(clock, sequence=0, stamp=stamp, at=milliseconds(clock()) - 9 * 24 * 3600_000)
    forged = item(clock, stamp="1.00000000000000000000")
    reply = post(member, me, clock, early, good, forged)
    assert reply.json["stamp"] != stamp
    rows = {r.answer_id: r for r in db.session.query(ReviewRow)}
    assert [rows[i["id"]].disputed for i in (good, early, forged)] == [False, True, True]
    assert rows[early["id"]].at_ms == int(stamp.split(".")[0])
    assert rows[early["id"]].claimed_ms == early["at"]


def test_the_pack_is_given_once_and_then_only_when_it_has_changed(
    member: FlaskClient, cast: Cast, clock: Clock
) -> None:
    first = member.get("/api/pack")
    assert (first.status_code, first.mimetype) == (200, "application/json")
    assert first.headers["Cache-Control"] == "no-store"
    assert first.json["account"] == cast.people["甲"]
    known = {"If-None-Match": first.headers["ETag"]}
    clock.move(minutes=1)
    again = member.get("/api/pack", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers[STAMP] != first.headers[STAMP]
    post(member, cast.people["甲"], clock, item(clock))
    assert member.get("/api/pack", headers=known).status_code == 200


def test_a_pack_is_ones_own(member: FlaskClient, cast: Cast, clock: Clock) -> None:
    post(member, cast.people["甲"], clock, item(clock))
    cast.make_member("乙")
    other = cast.sign_in("乙").get("/api/pack").json
    assert [c for c in other["cards"] if c["memory"]] == []
    assert other["account"] == cast.people["乙"]


def test_the_page_that_studies_offline_holds_nothing_of_anybody(
    member: FlaskClient, client: FlaskClient, cast: Cast
) -> None:
    page = client.get("/offline").text
    assert 'id="shell"' in page
    assert "csrf" not in page
    assert "data-account" not in page
    assert "甲" not in member.get("/offline").text


def test_an_answer_that_was_posted_and_kept_counts_once(
    member: FlaskClient, cast: Cast, clock: Clock
) -> None:
    kept = item(clock)
    page = member.get(f"/study?way=one&question={QUESTION}").text
    assert 'data-index="1"' in page
    form = {"answer_id": kept["id"], "question_id": QUESTION, "revision": 1, "version": 0}
    shown = member.post("/study/answer", data={**form, "choice": "0"}).text
    assert f'data-answer="{kept["id"]}" data-settled="yes"' in shown
    [result] = post(member, cast.people["甲"], clock, kept).json["results"]
    assert result[1] == "duplicate"
    assert json.loads(db.session.query(ReviewRow).one().response) in ([0], [1], [2], [3])


def delivery(account: int, clock: Clock, *items: Any) -> bytes:
    """Return a delivery as it travels."""
    body = {"account": account, "device": "d" * 22, "now": milliseconds(clock()), "items": items}
    return json.dumps(body).encode()


def send(client: FlaskClient, body: bytes, path: str = PATH, **heads: str) -> TestResponse:
    """Send a delivery as the phone's script does; heads are changed, or left out when empty."""
    usual = {"X-Xueji": "1", "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    told = {k.replace("_", "-"): v for k, v in heads.items()}
    kind = told.pop("Content-Type", "application/json")
    sent = {k: v for k, v in (usual | told).items() if v}
    return client.post(path, data=body, content_type=kind, headers=sent)


@pytest.mark.parametrize("packed", ["", "gzip, deflate, br"])
def test_a_delivery_goes_the_short_way_and_is_answered_alike(
    app: Flask,
    settled_member: FlaskClient,
    short: list[str],  # noqa: F811
    cast: Cast,
    clock: Clock,
    packed: str,
) -> None:
    one = item(clock)
    back = {"id": new_id(), "sequence": 2, "at": milliseconds(clock()), "voids": one["id"]}
    for items in ([], [one], [item(clock, question="no-such"), 7], [back], [item(clock)] * 30):
        body = delivery(cast.people["甲"], clock, *items)
        first = send(settled_member, body, Accept_Encoding=packed)
        assert first.status_code == 200
        outcomes = [r[1] for r in json.loads(unpacked(first))["results"]]
        assert len(outcomes) == len(items)
        again = send(settled_member, body, Accept_Encoding=packed)
        assert short == [PATH] * 2 * (items == [back])  # which is not plain
        with full_way(app):
            assert told(send(settled_member, body, Accept_Encoding=packed)) == told(again)
        assert short.pop() == PATH
        short.clear()
    assert db.session.query(ReviewRow).count() == 2


def unpacked(reply: TestResponse) -> bytes:
    """Return what an answer says, however it travelled."""
    packed = reply.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(reply.data) if packed else reply.data


@pytest.mark.parametrize(
    ("heads", "status"),
    [
        ({"X_Xueji": ""}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/json; charset=utf-8"}, 200),
        ({"path": f"{PATH}?x=1"}, 200),
        ({"Origin": "", "Sec_Fetch_Site": ""}, 200),  # what old browsers leave out
    ],
)
def test_a_delivery_from_elsewhere_is_refused_both_ways(
    app: Flask,
    settled_member: FlaskClient,
    short: list[str],  # noqa: F811
    cast: Cast,
    clock: Clock,
    heads: dict[str, str],
    status: int,
) -> None:
    body = delivery(cast.people["甲"], clock, item(clock))
    usual = status == 200 and "path" not in heads and "Content_Type" not in heads
    reply = send(settled_member, body, **heads)
    assert (reply.status_code, len(short)) == (status, int(not usual))
    with full_way(app):
        assert send(settled_member, body, **heads).status_code == status
    assert db.session.query(ReviewRow).count() == int(status == 200)


def test_what_cannot_be_taken_is_told_by_the_full_way(
    settled_member: FlaskClient,
    short: list[str],  # noqa: F811
    cast: Cast,
    clock: Clock,
) -> None:
    me, other = cast.people["甲"], cast.make_member("乙")
    long = item(clock, response=["x" * LARGEST])
    for body, status in (
        (b"{", 422),
        (delivery(other, clock, item(clock)), 409),
        (delivery(me, clock, long), 413),
        (delivery(me, clock, *[item(clock)] * (MOST + 1)), 422),
    ):
        assert send(settled_member, body).status_code == status
        assert short.pop() == PATH
    assert db.session.query(ReviewRow).count() == 0


@pytest.mark.parametrize(
    "change", ["UPDATE accounts_session SET expires_at = 1", "DELETE FROM accounts_session"]
)
def test_a_sign_in_that_ended_delivers_nothing_more(
    settled_member: FlaskClient,
    short: list[str],  # noqa: F811
    cast: Cast,
    clock: Clock,
    change: str,
) -> None:
    db.session.execute(db.text(change))
    db.session.commit()
    reply = send(settled_member, delivery(cast.people["甲"], clock, item(clock)))
    assert (reply.status_code, short) == (401, [PATH])
    assert db.session.query(ReviewRow).count() == 0


def test_somebody_with_a_role_delivers_the_full_way(
    cast: Cast,
    short: list[str],  # noqa: F811
    clock: Clock,
) -> None:
    cast.make_unit("A")
    me = cast.make_member("丙", role="trainer", unit="A")
    client = settled(cast.sign_in("丙"))
    short.clear()
    assert send(client, delivery(me, clock, item(clock))).status_code == 200
    assert short == [PATH]


def test_what_a_paper_reserves_is_laid_aside_by_the_full_way(
    room: Room,
    short: list[str],  # noqa: F811
) -> None:
    client = settled(room.cast.sign_in("甲"))
    body = delivery(room.member.id, room.clock, item(room.clock, question=single()))
    reserve(room)
    short.clear()
    reply = send(client, body)
    assert [r[1] for r in reply.json["results"]] == ["ok"]
    assert short == [PATH]
    assert db.session.query(ReviewRow).count() == 0
    assert db.session.query(WaitingRow).count() == 1

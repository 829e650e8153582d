"""Reminders on pages: the list, the line at home, the calendar's address, group robots."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assign.actions import reminding
from app.assign.coming import Asked
from app.assign.models.reminders import DigestRow
from app.assign.queries import count_unread, list_digests
from app.assign.queries.coming import Coming
from app.base import jobs
from app.base.db import db
from app.ops.actions import erase_member
from app.ops.queries import get_everything
from tests.assign.test_robots import DINGTALK, KEY, SECRET, WECOM
from tests.conftest import Cast, Clock
from tests.web.visits import settled


def remind(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch, *coming: Asked) -> str:
    """Let the worker remind of these now; return what it says."""
    monkeypatch.setattr(reminding, "list_coming", lambda _now: Coming(coming, {}))
    made = jobs.add_job("assign.remind", clock())
    jobs.run_next(app, only=made)
    db.session.rollback()
    return jobs.get_job(jobs.NOBODY, made).words


def asked(members: list[int], title: str = "党章测验", due: date = date(2026, 11, 24)) -> Asked:
    """Return a paper asked of these members."""
    everybody = frozenset(members)
    return Asked("paper", 1, title, due, None, everybody, everybody)


def test_a_member_is_reminded_once_a_day_and_says_when_it_is_seen(
    app: Flask, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id, other = cast.make_member("甲"), cast.make_member("乙")
    client = settled(cast.sign_in("甲"))
    assert "你有新的提醒" not in client.get("/").text
    assert "还没有提醒" in client.get("/reminders").text
    for _time in range(2):
        remind(app, clock, monkeypatch, asked([member_id]))
    assert len(list_digests(member_id)) == 1
    assert list_digests(other) == ()
    assert "你有新的提醒" in client.get("/").text
    page = client.get("/reminders").text
    assert "党章测验" in page
    assert "明天截止" in page
    assert client.post("/reminders").status_code == 302
    assert "你有新的提醒" not in client.get("/").text
    clock.move(days=1)
    assert "今天截止" in client.get("/reminders").text  # words follow the day of reading
    remind(app, clock, monkeypatch, asked([member_id]))
    db.session.rollback()
    assert count_unread(member_id) == 1


def test_old_digests_are_forgotten(
    app: Flask, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = cast.make_member("甲")
    remind(app, clock, monkeypatch, asked([member_id]))
    clock.move(days=60)
    remind(app, clock, monkeypatch)
    assert len(list_digests(member_id)) == 1
    clock.move(days=1)
    remind(app, clock, monkeypatch)
    assert list_digests(member_id) == ()


def test_thousands_are_written_in_portions(
    app: Flask, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [cast.make_member(f"人{n}") for n in range(5)]
    monkeypatch.setattr(reminding, "AT_ONCE", 2)
    assert remind(app, clock, monkeypatch, asked(members)).startswith("提醒了 5 人")
    assert db.session.query(DigestRow).count() == 5


def feed_of(client: FlaskClient) -> str:
    """Make a calendar address and return its path."""
    page = client.post("/reminders/feed", data={"do": "renew"}).text
    return page.split("http://localhost")[1].split("<")[0]


def test_a_calendars_address_is_secret_renewable_and_shown_once(
    cast: Cast, client: FlaskClient, clock: Clock
) -> None:
    member_id = cast.make_member("甲")
    browser = cast.sign_in("甲")
    path = feed_of(browser)
    reply = client.get(path)  # without signing in
    assert reply.status_code == 200
    assert reply.content_type == "text/calendar; charset=utf-8"
    assert reply.data.startswith(b"BEGIN:VCALENDAR\r\n")
    token = path.split("/")[-1].removesuffix(".ics")
    assert len(token) == 43
    assert token not in browser.get("/reminders/settings").text
    assert token not in str(get_everything(member_id, clock()))
    stored = [
        str(tuple(row)) for t in db.metadata.sorted_tables for row in db.session.execute(t.select())
    ]
    assert not any(token in row for row in stored)
    newer = feed_of(browser)
    missing = client.get("/calendar/no-such.ics")
    assert missing.status_code == 404
    assert (client.get(path).status_code, client.get(path).data) == (404, missing.data)
    assert client.get(newer).status_code == 200
    browser.post("/reminders/feed", data={"do": "stop"})
    assert client.get(newer).status_code == 404


def test_an_unchanged_calendar_is_not_sent_again(cast: Cast, client: FlaskClient) -> None:
    cast.make_member("甲")
    path = feed_of(cast.sign_in("甲"))
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_who_may_not_sign_in_any_more_has_no_calendar(
    cast: Cast, client: FlaskClient, clock: Clock
) -> None:
    from app.accounts.actions import disable_user

    member_id = cast.make_member("甲")
    path = feed_of(cast.sign_in("甲"))
    disable_user(member_id, clock())
    assert client.get(path).status_code == 404


def test_everything_goes_with_a_person(
    app: Flask, cast: Cast, client: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = cast.make_member("甲")
    browser = cast.sign_in("甲")
    path = feed_of(browser)
    browser.post("/reminders/settings", data={"cards": "y"})
    app.config.update(ORIGIN="https://x.example", MAIL_FROM="x@y.example", SMTP="smtp://127.0.0.1")
    browser.post("/reminders/mail", data={"email": "canary@example.cn"})
    remind(app, clock, monkeypatch, asked([member_id]))
    told = get_everything(member_id, clock())["tables"]
    assert told["assign_wish"][0]["email"] == "canary@example.cn"
    assert told["assign_digest"]
    erase_member(member_id, None, clock())
    for name in ("assign_wish", "assign_feed", "assign_digest", "base_job"):
        rows = db.session.execute(db.metadata.tables[name].select()).all()
        assert not any("canary" in str(row) for row in rows)
        assert name == "base_job" or rows == []
    assert client.get(path).status_code == 404


@pytest.fixture
def desk(cast: Cast) -> FlaskClient:
    """A secretary of unit A; unit B lies beside."""
    for code in ("A", "B"):
        cast.make_unit(code)
        cast.make_member(f"书记{code}", role="trainer", unit=code)
    return cast.sign_in("书记A")


def test_a_trainer_registers_tries_and_removes_a_robot(
    app: Flask, desk: FlaskClient, cast: Cast
) -> None:
    path = f"/units/{cast.units['A']}/robots"
    assert "还没有登记群机器人" in desk.get(path).text
    robot = {"name": "甲支部群", "address": WECOM}
    assert desk.post(path, data=robot).status_code == 302
    page = desk.get(path).text
    assert "甲支部群" in page
    assert KEY not in page
    number = page.split('name="robot" value="')[1].split('"')[0]
    reply = desk.post(f"{path}/try", data={"robot": number})
    assert reply.status_code == 302
    page = desk.get(path)
    assert "等着发" in page.text
    assert "Refresh" not in page.headers  # somebody may be typing on this page
    assert desk.post(f"{path}/remove", data={"robot": number}).status_code == 302
    assert "甲支部群" not in desk.get(path).text
    told = desk.post(f"{path}/try", data={"robot": number})
    assert (told.status_code, "可能已经删去" in told.text) == (422, True)


@pytest.mark.parametrize(
    ("address", "secret", "said"),
    [
        ("http://127.0.0.1/x", "", "请粘贴企业微信或钉钉群机器人的完整地址"),
        (DINGTALK, "", "加签密钥"),
        ("", "", "请粘贴机器人的地址"),
    ],
)
def test_what_is_no_robot_is_refused_and_nothing_typed_is_lost(
    desk: FlaskClient, cast: Cast, address: str, secret: str, said: str
) -> None:
    path = f"/units/{cast.units['A']}/robots"
    data = {"name": "甲支部群", "address": address, "secret": secret}
    reply = desk.post(path, data=data)
    assert reply.status_code == 422
    assert said in reply.text
    assert 'value="甲支部群"' in reply.text


def test_a_secret_that_was_typed_is_not_shown_again(desk: FlaskClient, cast: Cast) -> None:
    path = f"/units/{cast.units['A']}/robots"
    data = {"name": "", "address": DINGTALK, "secret": SECRET}
    reply = desk.post(path, data=data)
    assert reply.status_code == 422
    assert SECRET not in reply.text


def test_robots_of_another_unit_look_missing(desk: FlaskClient, cast: Cast) -> None:
    path, missing = f"/units/{cast.units['B']}/robots", desk.get("/no-such-page").data
    for reply in (
        desk.get(path),
        desk.post(path, data={"name": "x", "address": WECOM}),
        desk.post(f"{path}/try", data={"robot": "1"}),
        desk.post(f"{path}/remove", data={"robot": "1"}),
    ):
        assert (reply.status_code, reply.data) == (404, missing)


def test_every_group_hears_of_its_own_unit_once(
    app: Flask, desk: FlaskClient, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.assign.models.reminders import DeliveryRow

    path = f"/units/{cast.units['A']}/robots"
    desk.post(path, data={"name": "甲支部群", "address": WECOM})
    members = [cast.make_member(f"人{n}", unit=unit) for n, unit in enumerate("AAB")]
    for _time in range(2):
        assert remind(app, clock, monkeypatch, asked(members)) == "提醒了 3 人，1 个群。"
    [row] = db.session.query(DeliveryRow).all()
    assert (row.key, row.state) == ("2026-11-23", "waiting")
    assert "2 人中还有 2 人没有完成" in row.text
    assert "人0" not in row.text


def test_a_group_with_nothing_to_hear_hears_nothing(
    app: Flask, desk: FlaskClient, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/units/{cast.units['A']}/robots"
    desk.post(path, data={"name": "甲支部群", "address": WECOM})
    other = cast.make_member("人", unit="B")
    assert remind(app, clock, monkeypatch, asked([other])) == "提醒了 1 人，0 个群。"

"""Messages to groups arrive at most once, by the rules of their hosts, and say what became."""

import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import text

from app.accounts.queries import Viewer
from app.assign.actions import add_robot, remove_robot, try_robot
from app.assign.actions.delivering import INTERRUPTED, MOST_TRIES, begin, post
from app.assign.actions.robots import add_delivery
from app.assign.queries.robots import Delivery, list_robots
from app.assign.robots import A_MINUTE, MINUTE, Address, sign
from app.base import jobs
from app.base.db import db, transaction
from app.base.errors import Invalid, NotFound
from app.ops.queries import get_everything
from app.web.journal import Lines
from tests.assign.test_robots import KEY, SECRET, TOKEN
from tests.conftest import Cast, Clock
from tests.receivers import Got, Group, group

Answer = tuple[int, bytes, dict[str, str]]
WECOM, DINGTALK = Address("wecom", KEY), Address("dingtalk", TOKEN, SECRET)


@pytest.fixture
def other_side(app: Flask) -> Iterator[Group]:
    """A group that listens on this machine in place of both hosts."""
    with group() as made:
        app.config["ROBOT_ORIGINS"] = {"wecom": made.origin, "dingtalk": made.origin}
        yield made


@pytest.fixture
def trainer(cast: Cast) -> Viewer:
    """A secretary of a unit."""
    cast.make_unit("A")
    cast.make_member("书记", role="trainer", unit="A")
    return cast.viewer("书记")


def robot(trainer: Viewer, clock: Clock, address: Address = WECOM) -> int:
    """Register a robot of the unit."""
    assert trainer.unit_id
    return add_robot(trainer, trainer.unit_id, "甲群", address, clock())


def wish(robot_id: int, clock: Clock, key: str = "trial-1") -> None:
    """Have a message sent."""
    with transaction() as session:
        add_delivery(session, robot_id, key, "今天的提醒", clock())


def work(app: Flask) -> None:
    """Let a worker do all there is now, but the regular work of the site."""
    while jobs_waiting():
        if not jobs.run_next(app, only=jobs_waiting()[0]):
            return


def jobs_waiting() -> list[str]:
    """Return the deliveries that wait for a worker now."""
    db.session.rollback()
    found = text(
        "SELECT id FROM base_job WHERE kind = 'assign.deliver' AND run_at <= :now AND "
        "(state = 'waiting' OR (state = 'running' AND lease_until <= :now)) ORDER BY run_at, key"
    )
    from app.base import clock

    return list(db.session.scalars(found, {"now": clock.epoch(clock.now())}))


def deliveries(trainer: Viewer) -> list[Delivery]:
    """Return what was sent to the unit's groups."""
    db.session.rollback()
    assert trainer.unit_id
    _unit, robots = list_robots(trainer, trainer.unit_id)
    return [one for robot in robots for one in robot.deliveries]


def test_a_message_arrives_and_says_so(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    assert trainer.unit_id
    try_robot(trainer, trainer.unit_id, robot(trainer, clock), clock())
    work(app)
    [got] = other_side.got
    assert got.path == f"/cgi-bin/webhook/send?key={KEY}"
    assert got.headers["Content-Type"].startswith("application/json")
    assert "测试消息" in got.text
    assert [one.state for one in deliveries(trainer)] == ["sent"]
    work(app)
    assert len(other_side.got) == 1


def test_dingtalk_is_signed_at_the_moment_of_sending(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    made = robot(trainer, clock, DINGTALK)
    wish(made, clock)
    clock.move(minutes=10)
    work(app)
    query = parse_qs(urlsplit(other_side.got[0].path).query)
    at_ms = int(clock().timestamp() * 1000)
    assert query["timestamp"] == [str(at_ms)]
    assert f"sign={sign(SECRET, at_ms)}" in other_side.got[0].path
    assert query["access_token"] == [TOKEN]


def test_a_robot_is_registered_once_so_no_group_hears_twice(
    trainer: Viewer, cast: Cast, clock: Clock
) -> None:
    robot(trainer, clock)
    with pytest.raises(Invalid):
        robot(trainer, clock)
    unit = cast.make_unit("B")
    cast.make_member("乙书记", role="trainer", unit="B")
    with pytest.raises(Invalid):
        add_robot(cast.viewer("乙书记"), unit, "乙群", WECOM, clock())
    with pytest.raises(NotFound):
        add_robot(cast.viewer("乙书记"), cast.units["A"], "乙群", DINGTALK, clock())


def test_one_digest_a_day_whoever_asks_how_often(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    made = robot(trainer, clock)
    for _time in range(3):
        wish(made, clock, "2026-11-23")
        work(app)
    assert len(other_side.got) == 1
    clock.move(days=1)
    wish(made, clock, "2026-11-24")
    work(app)
    assert len(other_side.got) == 2


def answering(*answers: Answer | None) -> object:
    """Return an answerer that gives one answer after another."""
    left = list(answers)
    return lambda _got: left.pop(0)


BUSY: Answer = (200, b'{"errcode":45009}', {})
GOOD: Answer = (200, b'{"errcode":0}', {})


def test_what_was_surely_not_taken_is_sent_again(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    other_side.answer = answering(BUSY, (429, b"", {}), GOOD)  # type: ignore[assignment]
    wish(robot(trainer, clock), clock)
    for sent in (1, 2, 3):
        work(app)
        assert len(other_side.got) == sent
        work(app)
        assert len(other_side.got) == sent  # not before its time
        clock.move(seconds=61)
    work(app)
    assert len(other_side.got) == 3
    assert [one.state for one in deliveries(trainer)] == ["sent"]


def test_a_host_that_is_away_is_tried_again_until_the_day_is_over(
    app: Flask, trainer: Viewer, clock: Clock
) -> None:
    app.config["ROBOT_ORIGINS"] = {"wecom": "http://127.0.0.1:9"}
    wish(robot(trainer, clock), clock, "2026-11-23")
    for _try in range(MOST_TRIES):
        work(app)
        assert [one.state for one in deliveries(trainer)] == ["waiting"]
        clock.move(seconds=61)
    work(app)
    [one] = deliveries(trainer)
    assert (one.state, one.words) == ("refused", "当天没有发成，没有再发。")


def test_yesterdays_digest_is_not_sent_today(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    wish(robot(trainer, clock), clock, "2026-11-23")
    clock.move(days=1)
    work(app)
    assert other_side.got == []
    assert [one.state for one in deliveries(trainer)] == ["refused"]


@pytest.mark.parametrize("answer", [None, (500, b"", {}), (502, b"oops", {}), (200, b"?", {})])
def test_what_nobody_can_know_is_said_and_not_sent_again(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock, answer: Answer | None
) -> None:
    other_side.answer = lambda _got: answer
    wish(robot(trainer, clock), clock)
    for _time in range(3):
        work(app)
        clock.move(hours=1)
    assert len(other_side.got) == 1
    [one] = deliveries(trainer)
    assert one.state == "unknown"
    assert "没有再发" in one.words


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock, status: int
) -> None:
    with group() as elsewhere:
        place = {"Location": f"{elsewhere.origin}/stolen"}
        other_side.answer = lambda _got: (status, b"", place)
        wish(robot(trainer, clock), clock)
        work(app)
        assert elsewhere.got == []
    assert len(other_side.got) == 1
    assert [one.state for one in deliveries(trainer)] == ["refused"]


def test_a_proxy_in_the_environment_is_not_believed(
    app: Flask, other_side: Group, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    with group() as spy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, spy.origin)
        assert send(app, clock) == "sent"
        assert spy.got == []


def send(app: Flask, clock: Clock) -> str:
    """Send one message without a delivery around it."""
    from app.assign.actions.delivering import Ready

    return post(Ready(WECOM, "好"), clock()).outcome


def test_an_endless_answer_is_not_read_to_its_end(
    app: Flask, other_side: Group, clock: Clock
) -> None:
    other_side.answer = lambda _got: (200, b" " * 50_000_000, {})
    assert send(app, clock) == "unknown"


def test_twenty_a_minute_and_no_more(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    """Twenty-five wishes at once to one robot; another robot need not wait for it."""
    made, other = robot(trainer, clock), robot(trainer, clock, DINGTALK)
    times: list[float] = []

    def note(_got: Got) -> Answer:
        times.append(clock().timestamp())
        return GOOD

    other_side.answer = note
    for number in range(25):
        wish(made, clock, f"trial-{number:02d}")
    work(app)
    assert len(times) == A_MINUTE
    wish(other, clock)
    work(app)
    assert len(times) == A_MINUTE + 1
    times.pop()
    for _look in range(8):
        clock.move(seconds=9)
        work(app)
    assert len(times) == 25
    for start in times:
        assert sum(start <= at <= start + MINUTE for at in times) <= A_MINUTE
    assert len({(got.path, got.text) for got in other_side.got}) == 2


def test_a_message_that_was_being_sent_is_never_begun_again(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    """As after a kill between the mark and the answer."""
    made = robot(trainer, clock)
    wish(made, clock)
    begin((made, "trial-1"), clock())
    work(app)
    assert other_side.got == []
    [one] = deliveries(trainer)
    assert (one.state, one.words) == ("unknown", INTERRUPTED)


def test_two_workers_send_one_message_once(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    made = robot(trainer, clock)
    wish(made, clock)
    found: list[object] = []

    def take() -> None:
        with app.app_context():
            found.append(begin((made, "trial-1"), clock()))

    threads = [threading.Thread(target=take) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(not isinstance(one, str) for one in found) == 1


def test_what_was_registered_with_another_key_of_the_site_is_said(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    wish(robot(trainer, clock), clock)
    app.config["SECRET_KEY"] = "another"
    work(app)
    assert other_side.got == []
    [one] = deliveries(trainer)
    assert (one.state, "密钥换过" in one.words) == ("refused", True)


def test_a_robot_that_was_removed_hears_nothing_more(
    app: Flask, other_side: Group, trainer: Viewer, clock: Clock
) -> None:
    assert trainer.unit_id
    made = robot(trainer, clock)
    wish(made, clock)
    remove_robot(trainer, trainer.unit_id, made, clock())
    work(app)
    assert other_side.got == []
    assert deliveries(trainer) == []


def test_keys_and_secrets_are_nowhere_to_be_read(
    app: Flask,
    other_side: Group,
    trainer: Viewer,
    cast: Cast,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """Not in the database's file, logs at the loudest level, pages, exports or recorded acts."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    made = [robot(trainer, clock), robot(trainer, clock, DINGTALK)]
    other_side.answer = lambda got: None if "access_token" in got.path else BUSY
    for one in made:
        wish(one, clock)
    work(app)
    page = cast.sign_in("书记").get(f"/units/{trainer.unit_id}/robots").text
    export = str(get_everything(trainer.id, clock()))
    told = "".join(Lines().format(record) for record in caplog.records) + caplog.text
    rows = [
        str(tuple(row))
        for table in db.metadata.sorted_tables
        for row in db.session.execute(table.select())
    ]
    for secret in (KEY, TOKEN, SECRET, SECRET[3:20]):
        for where in (page, export, told, *rows):
            assert secret not in where
        if db.engine.dialect.name == "sqlite":
            for path in tmp_path.glob("t.sqlite3*"):
                assert secret.encode() not in path.read_bytes()
    assert re.search("甲群", page)

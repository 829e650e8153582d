"""Messages to groups, each sent at most once, whatever is killed when.

Neither WeCom nor DingTalk takes a key that would make two requests one message. So a message goes
from waiting to sending, and that is on the disk, before the request leaves. Whoever finds it in
sending does not know whether it arrived: it becomes unknown, trainers are told, and it is not sent
again. Back to waiting it goes only when it is certain that it was not taken: there was no
connection, or the answer says so.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.assign.actions.robots import PURPOSE
from app.assign.models.reminders import DeliveryRow, RobotRow
from app.assign.robots import (
    MINUTE,
    ORIGINS,
    Address,
    Reply,
    address_of,
    body_of,
    read_reply,
    wait_for_turn,
)
from app.base import clock
from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.base.jobs import Later, Task
from app.base.sealing import unseal

if TYPE_CHECKING:
    from httpx import Response

for name in ("httpx", "httpcore"):  # below this they write addresses, in which the keys stand
    logging.getLogger(name).setLevel(logging.WARNING)

MOST_TRIES = 8
PATIENCE, PATIENCE_TO_CONNECT = 10.0, 5.0  # seconds
LARGEST_REPLY = 64 * 1024  # bytes
INTERRUPTED = "发送时程序中断，不知道群里收到没有；为免重复，没有再发。"
NO_ANSWER = "没有等到答复，不知道群里收到没有；为免重复，没有再发。"
UNSURE = "{}，不知道群里收到没有；为免重复，没有再发。"
TOO_LATE = "当天没有发成，没有再发。"
NO_KEY = "登记的地址解不开（本站的密钥换过），请删去后重新登记。"
RESULTS = {
    "sent": "发到了群里。",
    "refused": "没有发成。",
    "unknown": "不知道有没有发到。",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that is now this process's to send, once."""

    robot: Address
    text: str


def deliver(task: Task, now: datetime) -> str:
    """Send one message to one group; raise Later when it is not its turn."""
    which = (int(task.arguments["robot_id"]), str(task.arguments["key"]))
    begun = begin(which, now)
    if isinstance(begun, int):
        raise Later(begun)
    if isinstance(begun, str):
        return RESULTS.get(begun, "")
    reply = post(begun, clock.now())
    end(which, reply, clock.now())
    if reply.outcome == "later":
        raise Later(reply.wait)
    return RESULTS[reply.outcome]


def begin(which: tuple[int, str], now: datetime) -> Ready | int | str:
    """Take a message for sending; return seconds to wait, or the state of one that has ended."""
    with transaction() as session:
        query = select(RobotRow).where(RobotRow.id == which[0])
        robot = session.scalars(query.with_for_update()).first()  # senders of one robot take turns
        row = session.get(DeliveryRow, which, populate_existing=True)
        if robot is None or row is None:
            return "refused"  # removed meanwhile
        if row.state == "sending":
            return _close(row, "unknown", INTERRUPTED, now)
        if row.state != "waiting":
            return row.state
        if row.tries >= MOST_TRIES or _is_past(row.key, now):
            return _close(row, "refused", TOO_LATE, now)
        wait = wait_for_turn(_recent(session, which[0], epoch(now)), epoch(now))
        if wait:
            return wait
        address = _open(robot)
        if address is None:
            return _close(row, "refused", NO_KEY, now)
        row.state, row.began_at, row.tries = "sending", epoch(now), row.tries + 1
        return Ready(address, row.text)


def end(which: tuple[int, str], reply: Reply, now: datetime) -> None:
    """Write down what came of a request."""
    state = "waiting" if reply.outcome == "later" else reply.outcome
    words = (
        UNSURE.format(reply.words) if reply.outcome == "unknown" and reply.words else reply.words
    )
    if reply.outcome == "unknown" and not reply.words:
        words = NO_ANSWER
    values = {"state": state, "ended_at": epoch(now), "words": words}
    robot_id, key = which
    with transaction() as session:
        mine = DeliveryRow.robot_id == robot_id, DeliveryRow.key == key
        sending = update(DeliveryRow).where(*mine, DeliveryRow.state == "sending")
        session.execute(sending.values(**values))


def post(ready: Ready, now: datetime) -> Reply:
    """Send one request: to the known hosts, over HTTPS, following nothing, reading little."""
    import httpx  # a sixth of what a server holds in memory, and only the worker sends

    patience = httpx.Timeout(PATIENCE, connect=PATIENCE_TO_CONNECT)
    origins: Mapping[str, str] = current_app.config.get("ROBOT_ORIGINS", ORIGINS)
    address = address_of(ready.robot, int(now.timestamp() * 1000), origins)
    kind = {"Content-Type": "application/json; charset=utf-8"}
    try:
        with (
            httpx.Client(follow_redirects=False, trust_env=False, timeout=patience) as client,
            client.stream("POST", address, content=body_of(ready.text), headers=kind) as answer,
        ):
            return read_reply(answer.status_code, _read(answer))
    except (httpx.ConnectError, httpx.ConnectTimeout):
        return Reply("later", "连不上对方的服务器，稍后再发。", MINUTE)
    except httpx.HTTPError:
        return Reply("unknown")


def _read(answer: "Response") -> bytes:
    """Return the beginning of an answer."""
    told = b""
    for piece in answer.iter_bytes():
        told += piece
        if len(told) > LARGEST_REPLY:
            break
    return told[:LARGEST_REPLY]


def _close(row: DeliveryRow, state: str, words: str, now: datetime) -> str:
    row.state, row.words, row.ended_at = state, words, epoch(now)
    return state


def _recent(session: Session, robot_id: int, now: int) -> list[int]:
    """Return when messages of a robot were begun lately, the ones that failed too."""
    query = select(DeliveryRow.began_at).where(
        DeliveryRow.robot_id == robot_id, DeliveryRow.began_at >= now - MINUTE
    )
    return [at for at in session.scalars(query) if at is not None]


def _open(row: RobotRow) -> Address | None:
    """Return the robot's address, None when the site's key has changed."""
    secret: str = current_app.config["SECRET_KEY"]
    key = unseal(row.key_sealed, PURPOSE, row.key_hash, secret)
    shared = unseal(row.secret_sealed, PURPOSE, row.key_hash, secret)
    kind: Any = row.kind
    return None if key is None or shared is None else Address(kind, key, shared)


def _is_past(key: str, now: datetime) -> bool:
    """Say whether a digest is of a day that is over."""
    return not key.startswith("trial-") and key != study_day(now).isoformat()

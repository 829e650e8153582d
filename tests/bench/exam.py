"""An examination under load: people in the middle of one paper, and the production server."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from app.accounts.actions import add_user
from app.accounts.actions.sessions import start_session
from app.accounts.queries import Viewer
from app.bank.actions import publish_bank
from app.bank.queries import get_question, list_question_ids
from app.base import clock
from app.base.db import db, transaction
from app.base.ids import new_id
from app.factory import create_app
from app.quiz import actions
from app.quiz.models import AttemptRow, SlotRow
from app.quiz.paper import Plan, Terms
from app.quiz.scoring import mark_response

ROOT = Path(__file__).resolve().parents[2]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUESTIONS = 20


@dataclass(frozen=True)
class Taker:
    """A person with an attempt under way, and the cookie of their browser."""

    member_id: int
    cookie: str


@dataclass(frozen=True)
class Exam:
    """A paper, those who take it, and the application to look into the database with."""

    app: Any
    paper_id: int
    takers: list[Taker]


def prepare_exam(data: Path, members: int, answered: int) -> Exam:
    """Make a paper of QUESTIONS choices that `members` have begun and answered as far as told."""
    os.environ["XUEJI_DATA"] = str(data)
    app = create_app({"WTF_CSRF_ENABLED": False})
    with app.app_context():
        db.create_all()
        now = clock.now()
        publish_bank(app.config["QUESTION_BANK"], now)
        boss = _viewer(add_user("总管", "admin", now), "admin")
        ids = [i for i in list_question_ids() if get_question(i).kind in ("single", "multiple")]
        terms = Terms("大考", "exam", None, duration_s=7200)
        plan = Plan(picked=tuple(ids[:QUESTIONS]), points={"single": 2, "multiple": 3})
        paper_id = actions.make_paper(boss, terms, plan, now)
        actions.publish_paper(boss, paper_id, now)
        takers = [_begin(app, paper_id, f"考生{n}", answered) for n in range(members)]
    return Exam(app, paper_id, takers)


def _viewer(user_id: int, role: str) -> Viewer:
    return Viewer(user_id, "", role, None, "zh", "auto", 18, True)


def _begin(app: Any, paper_id: int, name: str, answered: int) -> Taker:
    """Add a person, sign them in, begin their attempt and answer its first questions."""
    now = clock.now()
    member_id = add_user(name, "member", now)
    with transaction() as session:
        token = start_session(session, member_id, "bench", now)
    actions.start_attempt(_viewer(member_id, "member"), paper_id, now)
    for slot in range(1, answered + 1):
        sent = actions.Sent(slot, new_id(), 0, [slot % 4])
        actions.answer_slot(member_id, paper_id, 1, sent, now)
    serializer = app.session_interface.get_signing_serializer(app)
    signed = serializer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
    sheets = f"look={app.extensions['xueji_build']}"  # as on every visit but the first
    return Taker(member_id, f"{app.config['SESSION_COOKIE_NAME']}={signed}; {sheets}")


class Server:
    """The production server on one port; `kill` is kill -9 of all its processes."""

    def __init__(self, data: Path) -> None:
        self.environ = {**os.environ, "XUEJI_DATA": str(data)}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start and wait until it answers, at most 60 s."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "1"]
        command += ["--no-ws", "tests.bench.site:application"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _try in range(600):
            try:
                self.send("GET", "/livez", "")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server did not start")

    def kill(self) -> None:
        """Kill -9, whatever it is doing."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def stop(self) -> None:
        """Stop gracefully."""
        self.process.terminate()
        self.process.wait(30)

    def send(
        self, method: str, path: str, cookie: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Send one request on a connection of its own; return (status, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            body = urlencode(fields) if fields is not None else None
            headers = {"Cookie": cookie, **(FORM if fields is not None else {})}
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        except http.client.HTTPException as error:  # killed in the middle of an answer
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()


def stored_slots(exam: Exam, taker: Taker) -> list[SlotRow]:
    """Return a person's slots as the database has them."""
    db.session.rollback()
    query = db.select(SlotRow).filter_by(member_id=taker.member_id, paper_id=exam.paper_id)
    return list(db.session.scalars(query.order_by(SlotRow.number, SlotRow.slot)))


def stored_attempts(exam: Exam, taker: Taker) -> list[AttemptRow]:
    """Return a person's attempts as the database has them."""
    db.session.rollback()
    query = db.select(AttemptRow).filter_by(member_id=taker.member_id, paper_id=exam.paper_id)
    return list(db.session.scalars(query))


def earned(slots: list[SlotRow]) -> float:
    """Return what the stored answers are worth, worked out from scratch."""
    total = 0.0
    for slot in slots:
        question = get_question(slot.question_id, slot.revision)
        response = json.loads(slot.response) if slot.response else None
        total += mark_response(question.kind, question.content, response, slot.points, True)[1]
    return total

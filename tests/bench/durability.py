"""`python -m tests.bench.durability`: answers sent while the server is killed again and again.

Members answer as fast as they can; at random moments the server and its workers get `kill -9`.
What was not acknowledged is sent again with the same answer id, as a phone would. In the end every
acknowledged answer must be there, once, and every card must be the replay of its answers.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.base.db import db
from app.factory import create_app
from app.study.queries import list_drifted
from tests.bench.run import FORM, ROOT, answers, prepare

MEMBERS = 4
PATIENCE = 60  # seconds a member waits for the server to come back


@dataclass
class Server:
    """The production server on one port, which can be killed and started again."""

    environ: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        """Choose a port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start it as the leader of its own group, and wait until it answers."""
        words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        words += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "1", "--no-ws"]
        self.process = subprocess.Popen(
            [*words, "tests.bench.site:application"],
            cwd=ROOT,
            env={**os.environ, **self.environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.is_live():
                return
            time.sleep(0.02)
        raise SystemExit("the server did not start")

    def is_live(self) -> bool:
        """Say whether a worker answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """Kill the server and every worker with no chance to finish anything."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Member:
    """Somebody who answers question after question and notes what was acknowledged."""

    number: int
    cookie: str
    bodies: Iterator[str]
    acknowledged: dict[str, str] = field(default_factory=dict)  # answer id → question id
    versions: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    unexpected: list[int] = field(default_factory=list)

    def work(self, port: int, stop: threading.Event) -> None:
        """Answer until told to stop; an answer is given up by nothing but its acknowledgement."""
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            for body in self.bodies:
                question = body.split("question_id=")[1].split("&")[0]
                identity = body.split("answer_id=")[1].split("&")[0]
                whole = f"{body}&version={self.versions.get(question, 0)}"
                if not self._send(connection, whole, stop):
                    return
                self.versions[question] = self.versions.get(question, 0) + 1
                self.acknowledged[identity] = question

    def _send(self, connection: http.client.HTTPConnection, body: str, stop: Any) -> bool:
        """Send until acknowledged; return False when told to stop before that."""
        headers = {**dict(FORM), "Cookie": self.cookie}
        for attempt in itertools.count():
            if stop.is_set():
                return False
            try:
                connection.request("POST", "/study/answer", body, headers)
                reply = connection.getresponse()
                reply.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.01)
                continue
            self.repeated += attempt > 0
            if reply.status == 200:
                return True
            self.unexpected.append(reply.status)
            return False
        return False


def measure(kills: int, seconds: float, seed: int = 1) -> dict[str, Any]:
    """Kill the server `kills` times, each after up to `seconds` of answers; return what was kept.

    `lost` are acknowledged answers that are not stored, `doubled` cards that count more answers
    than were given, `drifted` cards that are not the replay of their answers.
    """
    rng, begin = random.Random(seed), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        cookies = prepare(Path(folder), MEMBERS)
        app = create_app({"WTF_CSRF_ENABLED": False})
        members = [Member(n + 1, cookie, answers(app)) for n, cookie in enumerate(cookies)]
        server, stop = Server({"XUEJI_DATA": folder}), threading.Event()
        server.start()
        threads = [threading.Thread(target=m.work, args=(server.port, stop)) for m in members]
        for thread in threads:
            thread.start()
        for _kill in range(kills):
            time.sleep(rng.uniform(0.0, seconds))
            server.kill()
            server.start()
        time.sleep(seconds)
        stop.set()
        for thread in threads:
            thread.join()
        server.kill()
        with app.app_context():
            found = compare(members)
            db.session.remove()
            db.engine.dispose()
    return {"kills": kills, **found, "seconds": round(time.monotonic() - begin, 1)}


def compare(members: list[Member]) -> dict[str, Any]:
    """Return what is stored against what was acknowledged."""
    query = "SELECT answer_id, question_id FROM study_review WHERE member_id = :member"
    lost = doubled = drifted = stored = 0
    for member in members:
        found = db.session.execute(text(query), {"member": member.number})
        rows = {row.answer_id: row.question_id for row in found}
        lost += sum(rows.get(i) != question for i, question in member.acknowledged.items())
        # At the end each member may have one answer under way that was stored but not acknowledged.
        doubled += max(0, len(rows) - len(member.acknowledged) - 1)
        drifted += len(list_drifted(member.number))
        stored += len(rows)
    health = "PRAGMA integrity_check" if db.engine.dialect.name == "sqlite" else "SELECT 'ok'"
    return {
        "acknowledged": sum(len(m.acknowledged) for m in members),
        "stored": stored,
        "sent_again": sum(m.repeated for m in members),
        "lost": lost,
        "doubled": doubled,
        "drifted": drifted,
        "unexpected": [status for m in members for status in m.unexpected],
        "integrity": db.session.scalar(text(health)),
    }


def main() -> None:
    """Print one JSON object; exit code 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=1.0, help="most time between two kills")
    parser.add_argument("--seed", type=int, default=1)
    choice = parser.parse_args()
    found = measure(choice.kills, choice.seconds, choice.seed)
    print(json.dumps(found))
    if found["lost"] or found["doubled"] or found["drifted"] or found["unexpected"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

"""`python -m tests.bench.durability`: answers sent while servers are killed again and again.

Members answer as fast as they can through some servers on one database; at random moments a worker,
a server with its worker, all servers, or the database itself (`--postgres`) get `kill -9`. What
was not acknowledged is sent again with the same answer id, as a phone would. In the end every
acknowledged answer must be there, once, and every card must be the replay of its answers.

The pages that a killed process had written stay with the system, so it does not matter whether the
folder lies on a disk or in memory; power cuts are `powercut`. A long run can be made in pieces with
different seeds and added up: `--kills 100 --answers 20000 --seed 1 >>pieces`, …, `--sum pieces`; a
piece may be told to end after so many `--minutes`.
"""

import argparse
import http.client
import itertools
import json
import math
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.base.db import db
from app.factory import create_app
from app.study.queries import list_drifted
from app.web.csrf import token_of
from tests.bench.cluster import Cluster, own_database
from tests.bench.mortal import Mortal, Nursery
from tests.bench.pieces import add_up
from tests.bench.run import FORM, SECRET, answers, prepare

MEMBERS = 6
SERVERS = 3
STAY = 50  # answers over one connection, then the other server has its turn
WRONG = ("lost", "doubled", "drifted", "unexpected")


@dataclass
class Member:
    """Somebody who answers question after question and notes what was acknowledged."""

    number: int
    cookie: str
    token: str
    bodies: Iterator[str]
    acknowledged: dict[str, str] = field(default_factory=dict)  # answer id → question id
    versions: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    unexpected: list[int] = field(default_factory=list)

    def work(self, ports: list[int], stop: threading.Event) -> None:
        """Answer until told to stop; an answer is given up by nothing but its acknowledgement."""
        turns = itertools.cycle(ports[self.number % len(ports) :] + ports)
        while not stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", next(turns), timeout=30)
            with closing(connection):
                for body in itertools.islice(self.bodies, STAY):
                    if not self._deliver(connection, body, turns, stop):
                        return

    def _deliver(
        self,
        connection: http.client.HTTPConnection,
        body: str,
        turns: Iterator[int],
        stop: threading.Event,
    ) -> bool:
        """Send an answer to one server after another until one takes it; False ends the work."""
        question = body.split("question_id=")[1].split("&")[0]
        identity = body.split("answer_id=")[1].split("&")[0]
        version, status, tries = self.versions.get(question, 0), None, 0
        while status in (None, 503):
            if stop.is_set():
                return False
            if tries:
                connection.close()
                connection.port = next(turns)
                time.sleep(0.01)
            sent = f"{body}&version={version}&csrf_token={self.token}"  # so it goes the short way
            status = self._send(connection, sent)
            tries += 1
        self.repeated += tries > 1
        if status != 200:
            self.unexpected.append(int(status or 0))
            return False
        self.versions[question] = version + 1
        self.acknowledged[identity] = question
        return True

    def _send(self, connection: http.client.HTTPConnection, body: str) -> int | None:
        """Send once; return the status, or None when nothing came back.

        503 is what the site says of a database that is away: not stored, send it again.
        """
        try:
            connection.request("POST", "/study/answer", body, {**dict(FORM), "Cookie": self.cookie})
            reply = connection.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            return None
        return reply.status


@dataclass
class Killer:
    """What can be killed, and how often each kind was."""

    servers: list[Mortal]
    cluster: Cluster | None
    rng: random.Random
    kills: Counter[str] = field(default_factory=Counter)

    def kill(self) -> None:
        """Kill something that is alive, and start it again unless somebody watches over it."""
        kinds = {"worker": 4, "server": 4, "all": 2, "database": 2 if self.cluster else 0}
        [kind] = self.rng.choices(list(kinds), list(kinds.values()))
        target = self.rng.choice([s for s in self.servers if s.is_alive()] or self.servers)
        target.wait()
        acts: dict[str, Callable[[], None]] = {
            "worker": target.kill_worker,
            "server": lambda: self._kill_servers([target]),
            "all": lambda: self._kill_servers(self.servers),
            "database": self._kill_database,
        }
        time.sleep(self.rng.uniform(0, 0.02))
        acts[kind]()
        self.kills[kind] += 1

    def _kill_servers(self, servers: list[Mortal]) -> None:
        for server in servers:
            server.kill()
        for server in servers:
            server.start()

    def _kill_database(self) -> None:
        assert self.cluster is not None
        self.cluster.nodes[0].kill()
        self.cluster.nodes[0].start()


def measure(
    kills: int, wanted: int, seed: int = 1, postgres: bool = False, minutes: float = math.inf
) -> dict[str, Any]:
    """Kill something `kills` times while `wanted` answers are given; return what was kept.

    After so many minutes no more is killed; what was done until then counts.
    `lost` are acknowledged answers that are not stored, `doubled` rows beyond the acknowledged and
    the one under way, `drifted` cards that are not the replay of their answers.
    """
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o711)  # a PostgreSQL of its own user must be able to pass
        data = Path(place) / "data"
        with own_database(Path(place) / "cluster", postgres) as (cluster, environ):
            cookies = prepare(data, MEMBERS)
            app = create_app({"WTF_CSRF_ENABLED": False})
            token = token_of(app, SECRET)
            members = [Member(n, one, token, answers(app)) for n, one in enumerate(cookies, 1)]
            nursery = Nursery({"XUEJI_DATA": str(data), **environ})
            servers = [Mortal(nursery) for _one in range(SERVERS)]
            killer = Killer(servers, cluster, random.Random(seed))
            _under_fire(members, killer, kills, wanted, begin + 60 * minutes)
            nursery.close()
            with app.app_context():
                db.engine.dispose()  # its connections may have died with the database just now
                found = compare(members)
                db.session.remove()
                db.engine.dispose()
    return {
        "engine": "postgresql" if postgres else "sqlite",
        "seed": seed,
        "kills": sum(killer.kills.values()),
        **dict(sorted(killer.kills.items())),
        "servers_that_gave_up": sum(server.gave_up for server in servers),
        **found,
        "seconds": round(time.monotonic() - begin, 1),
    }


def _under_fire(members: list[Member], killer: Killer, kills: int, wanted: int, end: float) -> None:
    """Let everybody answer; kill each time a random number of further answers was acknowledged."""
    stop, ports = threading.Event(), [server.port for server in killer.servers]
    for server in killer.servers:
        server.start()
    for server in killer.servers:
        server.wait()
    threads = [threading.Thread(target=m.work, args=(ports, stop)) for m in members]
    for thread in threads:
        thread.start()
    try:
        marks = sorted(killer.rng.uniform(0, wanted) for _kill in range(kills))
        for mark in marks:
            _wait_for(members, mark, killer.servers, end)
            if time.monotonic() > end:
                break
            killer.kill()
        _wait_for(members, wanted, killer.servers, end)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for server in killer.servers:
            server.kill()


def _wait_for(members: list[Member], mark: float, servers: list[Mortal], end: float) -> None:
    """Wait until so many answers were acknowledged, an unexpected reply came, or the end."""
    while sum(len(m.acknowledged) for m in members) < mark and time.monotonic() < end:
        for server in servers:
            server.revive()
        if any(member.unexpected for member in members):
            return
        time.sleep(0.005)


def compare(members: list[Member]) -> dict[str, Any]:
    """Return what is stored against what was acknowledged."""
    query = "SELECT answer_id, question_id FROM study_review WHERE member_id = :member"
    lost = doubled = drifted = stored = 0
    for member in members:
        found = db.session.execute(text(query), {"member": member.number}).all()
        rows = {row.answer_id: row.question_id for row in found}
        lost += sum(rows.get(i) != question for i, question in member.acknowledged.items())
        # At the end each member may have one answer under way that was stored but not acknowledged.
        doubled += max(0, len(found) - len(member.acknowledged) - 1)
        drifted += len(list_drifted(member.number))
        stored += len(found)
    health = "PRAGMA integrity_check" if db.engine.dialect.name == "sqlite" else "SELECT 'ok'"
    return {
        "acknowledged": sum(len(m.acknowledged) for m in members),
        "stored": stored,
        "sent_again": sum(m.repeated for m in members),
        "lost": lost,
        "doubled": doubled,
        "drifted": drifted,
        "unexpected": sum(len(m.unexpected) for m in members),
        "statuses": sorted({status for m in members for status in m.unexpected}),
        "damaged": int(db.session.scalar(text(health)) != "ok"),
    }


def main() -> None:
    """Print one JSON object; exit code 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--sum", type=Path, help="add up the pieces in this file instead")
    choice = parser.parse_args()
    if choice.sum:
        found = add_up([json.loads(line) for line in choice.sum.read_text().splitlines()])
    else:
        found = measure(choice.kills, choice.answers, choice.seed, choice.postgres, choice.minutes)
    print(json.dumps(found))
    if any(found[name] for name in (*WRONG, "damaged")):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

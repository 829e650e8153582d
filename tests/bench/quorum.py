"""`python -m tests.bench.quorum`: the primary of three PostgreSQL servers is killed under load.

Members answer through the site's own action as fast as they can; the primary gets `kill -9`; a
script sees it gone and promotes the standby that has received most. An answer that was not
acknowledged is sent again with the same id. In the end every acknowledged answer must be there,
once; the gap is the longest time in which nothing was acknowledged.
"""

import argparse
import itertools
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.actions import add_user
from app.bank.actions import publish_bank
from app.base import clock
from app.base.db import db
from app.base.errors import Stale
from app.factory import create_app
from app.study.actions import Answer, answer_card
from app.study.queries import list_drifted
from tests.bench.cluster import Cluster, Node
from tests.bench.run import answers

MEMBERS = 4
LOOK = 0.05  # seconds between two looks at the primary
MISSED = 3  # looks in a row without an answer, then it is gone
PATIENCE = 60  # seconds a member tries one answer


@dataclass
class Member:
    """Somebody who answers question after question and notes what was acknowledged, and when."""

    id: int
    bodies: Iterator[str]
    acknowledged: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def work(self, app: Flask, stop: threading.Event) -> None:
        """Answer until told to stop; each answer is sent until it is acknowledged."""
        versions: dict[str, int] = {}
        with app.app_context():
            for body in self.bodies:
                parts = dict(part.split("=") for part in body.split("&"))
                question = parts["question_id"]
                version = versions.get(question, 0)
                sent = Answer(
                    parts["answer_id"], question, int(parts["revision"]), version, [0], 4000, "due"
                )
                if stop.is_set() or not self._send(sent):
                    break
                versions[question] = version + 1
                self.acknowledged.append(sent.answer_id)
                self.moments.append(time.monotonic())
            db.session.remove()

    def _send(self, sent: Answer) -> bool:
        """Send until acknowledged; give up only after long, and say so."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer_card(self.id, sent, clock.now())
            except (DBAPIError, Stale) as error:
                if isinstance(error, Stale):
                    self.failures.append("stale")
                    return False
                with suppress(Exception):
                    db.session.rollback()
                db.session.remove()
                time.sleep(0.02)
            else:
                return True
        self.failures.append("gave up")
        return False


class Group(Protocol):
    """Servers of which one takes writes, and what may happen to it."""

    def url(self) -> str:
        """Return an address for the site that finds whichever server takes writes."""

    def kill_primary(self) -> str:
        """Kill the server that takes writes; return what exactly was killed."""

    def heal(self) -> None:
        """Bring back what was killed."""


@dataclass
class Scripted:
    """Three servers and a script that promotes one of them."""

    cluster: Cluster
    primary: Node
    killed: Node | None = None

    def url(self) -> str:
        """Return an address for the site that finds whichever server takes writes."""
        return self.cluster.url()

    def kill_primary(self) -> str:
        """Kill it, look until it is gone, and promote the newest of the others."""
        self.killed = self.primary
        self.killed.kill()
        missed = 0
        while missed < MISSED:
            time.sleep(LOOK)
            try:
                self.killed.ask("SELECT 1")
                missed = 0
            except Exception:  # whatever it is, it did not answer
                missed += 1
        others = [node for node in self.cluster.nodes if node is not self.killed]
        self.primary = self.cluster.promote_newest(others)
        return "database"

    def heal(self) -> None:
        """Make the killed one anew as a standby."""
        if self.killed:
            self.cluster.copy(self.primary, self.killed)


def measure(kills: int, seconds: float) -> dict[str, Any]:
    """Kill the primary `kills` times under load; return what was kept and the gaps.

    After each kill the dead server comes back as a standby made anew.
    """
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # a PostgreSQL of its own user must be able to pass
        nodes = Path(folder) / "nodes"
        nodes.mkdir()
        cluster = Cluster(nodes)
        try:
            cluster.make(("one", "two", "three"))
            group = Scripted(cluster, cluster.nodes[0])
            found = under_load(group, Path(folder) / "site", kills, seconds)
        finally:
            cluster.stop()
    return {"kills": kills, **found, "seconds": round(time.monotonic() - begin, 1)}


def under_load(group: Group, data: Path, kills: int, seconds: float) -> dict[str, Any]:
    """Let members answer while the primary is killed so many times; return what was kept."""
    app = create_app({"DATA": data, "SQLALCHEMY_DATABASE_URI": group.url(), "TESTING": True})
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": True}
    with app.app_context():
        db.create_all()
        publish_bank(app.config["QUESTION_BANK"], clock.now())
        ids = [add_user(f"bench{n}", "member", clock.now()) for n in range(MEMBERS)]
    members, stop = [Member(i, begun(answers(app))) for i in ids], threading.Event()
    threads = [threading.Thread(target=m.work, args=(app, stop)) for m in members]
    for thread in threads:
        thread.start()
    gaps, kinds = [], []
    try:
        for _kill in range(kills):
            wait_for_load(members)
            time.sleep(seconds)
            killed = time.monotonic()
            kinds.append(group.kill_primary())
            wait_for_load(members)
            time.sleep(seconds)
            gaps.append(gap_after(members, killed))
            group.heal()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    with app.app_context():
        found = _compare(members)
        db.session.remove()
        db.engine.dispose()
    return {**found, "killed": kinds, "gaps_s": [round(gap, 2) for gap in gaps]}


def begun(bodies: Iterator[str]) -> Iterator[str]:
    """Return the answers with the first one made: what they need is read while nobody is killed."""
    return itertools.chain([next(bodies)], bodies)


def wait_for_load(members: list[Member]) -> None:
    """Wait until everybody has had some more answers acknowledged."""
    wanted = [len(member.acknowledged) + 5 for member in members]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if all(len(m.acknowledged) >= n for m, n in zip(members, wanted, strict=True)):
            return
        time.sleep(0.05)


def gap_after(members: list[Member], killed: float) -> float:
    """Return how long after the kill the first answer was acknowledged again.

    Answers under way at the kill may still be acknowledged within some milliseconds; the gap is the
    longest time without one since then.
    """
    moments = sorted(t for member in members for t in member.moments if t >= killed)
    later = [killed, *moments]
    return max((b - a for a, b in itertools.pairwise(later)), default=float("inf"))


def _compare(members: list[Member]) -> dict[str, Any]:
    query = text("SELECT answer_id FROM study_review WHERE member_id = :member")
    lost = doubled = drifted = 0
    for member in members:
        rows = list(db.session.scalars(query, {"member": member.id}))
        lost += len(set(member.acknowledged) - set(rows))
        doubled += max(0, len(rows) - len(member.acknowledged) - 1)
        drifted += len(list_drifted(member.id))
    return {
        "acknowledged": sum(len(m.acknowledged) for m in members),
        "lost": lost,
        "doubled": doubled,
        "drifted": drifted,
        "unexpected": [word for m in members for word in m.failures],
    }


def main() -> None:
    """Print one JSON object; exit code 1 when anything was lost or a gap was over two seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of load before each kill")
    choice = parser.parse_args()
    found = measure(choice.kills, choice.seconds)
    print(json.dumps(found))
    wrong = found["lost"] or found["doubled"] or found["drifted"] or found["unexpected"]
    if wrong or max(found["gaps_s"]) > 2:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

"""`bench nodes`: two web nodes behind nginx on one PostgreSQL, and one of them killed under load.

nginx gets the configuration that `./xueji ops nginx` prints. First one node and two nodes are asked
in turn: where the machine has cores to spare two serve more, and where it has not, an answer must
cost a node's processor the same. Then members answer through nginx while a node gets `kill -9`: an
answer that comes back as anything but 200 is sent again with the same id, as a phone would, and
in the end every one must be stored, once.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from app.factory import create_app
from app.ops.nginx import configuration
from tests.bench.cluster import Node, own_database
from tests.bench.load import Rate, Request, run
from tests.bench.run import CONNECTIONS, _answering, _study_a_lot, prepare, visit
from tests.bench.servers import Server, descendants, free_port, server, wait_for

TRIES = 200  # of one answer


@contextmanager
def front(folder: Path, nodes: list[int]) -> Iterator[int]:
    """Run nginx in front of nodes on this machine; yield its port."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise SystemExit("nginx is not installed: apt-get install nginx-light")
    port = free_port()
    folder.mkdir()
    told = configuration(
        [f"127.0.0.1:{node}" for node in nodes], "xueji", port=port, cache=str(folder / "cache")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"pid {folder}/pid;\nerror_log {folder}/errors;\nworker_processes 1;\ndaemon off;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{told}}}\n"
    )
    process = subprocess.Popen([program, "-c", str(path)], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Sender:
    """Somebody who answers through nginx, and notes what came back."""

    port: int
    make: Callable[[], Request]
    statuses: Counter[int] = field(default_factory=Counter)
    again: int = 0
    given_up: int = 0
    longest: float = 0.0

    def work(self, stop: threading.Event) -> None:
        """Answer until told to stop; each answer is sent until it is taken."""
        while not stop.is_set():
            request, began = self.make(), time.monotonic()
            for turn in range(TRIES):
                status = self._send(request)
                self.statuses[status] += 1
                if status == 200:
                    self.again += turn > 0
                    break
                time.sleep(0.05)
            else:
                self.given_up += 1
            self.longest = max(self.longest, time.monotonic() - began)

    def _send(self, request: Request) -> int:
        """Send once over a connection of its own; 0 when nothing came back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                request.method, request.path, request.body or None, dict(request.headers)
            )
            reply = connection.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return reply.status


def measure(rounds: int, seconds: float, kills: int) -> dict[str, Any]:
    """Return rates and processor time with one node and with two, and what kills have cost."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, ExitStack() as stack:
        place = Path(name)
        place.chmod(0o711)  # a PostgreSQL of its own user must be able to pass
        cluster, _environ = stack.enter_context(own_database(place / "cluster", True))
        assert cluster is not None
        cookies = prepare(place / "site", CONNECTIONS)
        app = create_app()
        _study_a_lot(app)
        environ = {"XUEJI_DATA": str(place / "site"), "XUEJI_BENCH_TOKENS": "1"}
        nodes = [
            stack.enter_context(server("tests.bench.site:application", environ)) for _n in range(2)
        ]
        one = stack.enter_context(front(place / "one", [nodes[0].port]))
        two = stack.enter_context(front(place / "two", [node.port for node in nodes]))
        makers = [_answering(app, visit(nodes[0].port, cookie), {}) for cookie in cookies]
        for node in nodes:
            run(node.port, makers, 1.0)  # reads the bank, compiles templates
        shapes = {"direct": (nodes[0].port, 1), "one": (one, 1), "two": (two, 2)}
        found: dict[str, list[tuple[Rate, list[float]]]] = {shape: [] for shape in shapes}
        for _round in range(rounds):
            for shape, (port, number) in shapes.items():
                found[shape].append(_costs(port, nodes[:number], makers, seconds))
        killed = _kill(two, nodes[1], environ, makers, kills, seconds)
        killed |= _compare(cluster.nodes[0])
    told = {shape: _told(pairs) for shape, pairs in found.items()}
    ratios = [
        b.per_second / a.per_second
        for (a, _a), (b, _b) in zip(found["one"], found["two"], strict=True)
    ]
    spent = [sum(b) / sum(a) for (_a, a), (_b, b) in zip(found["one"], found["two"], strict=True)]
    return {
        "rounds": rounds,
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        **told,
        "two_to_one": {
            "rate": round(statistics.median(ratios), 2),
            "cpu_of_an_answer": round(statistics.median(spent), 3),
        },
        "killed": killed,
    }


def _costs(
    port: int, nodes: list[Server], makers: list[Callable[[], Request]], seconds: float
) -> tuple[Rate, list[float]]:
    """Answer through a port; return the rate, and each node's processor time an answer, in ms."""
    before = [node.seconds() for node in nodes]
    rate = run(port, makers, seconds)
    number = sum(rate.statuses.values())
    used = [node.seconds() - spent for node, spent in zip(nodes, before, strict=True)]
    return rate, [1000 * one / number for one in used]


def _told(pairs: list[tuple[Rate, list[float]]]) -> dict[str, Any]:
    """Return medians."""
    shares = zip(*(used for _rate, used in pairs), strict=True)
    statuses = sum((Counter(rate.statuses) for rate, _used in pairs), Counter[int]())
    return {
        "per_second": statistics.median(rate.per_second for rate, _used in pairs),
        "p50_ms": statistics.median(rate.p50_ms for rate, _used in pairs),
        "p99_ms": statistics.median(rate.p99_ms for rate, _used in pairs),
        "cpu_ms": round(statistics.median(sum(used) for _rate, used in pairs), 3),
        "cpu_ms_by_node": [round(statistics.median(one), 3) for one in shares],
        "statuses": dict(statuses),
    }


def _kill(
    port: int,
    victim: Server,
    environ: dict[str, str],
    makers: list[Callable[[], Request]],
    kills: int,
    seconds: float,
) -> dict[str, Any]:
    """Kill a node, and start it anew on its port, while everybody answers through nginx."""
    stop, senders = threading.Event(), [Sender(port, make) for make in makers]
    threads = [threading.Thread(target=one.work, args=(stop,)) for one in senders]
    for thread in threads:
        thread.start()
    with ExitStack() as stack:
        for _kill in range(kills):
            time.sleep(seconds)
            for pid in (victim.pid, *descendants(victim.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
            time.sleep(seconds)
            victim = stack.enter_context(
                server("tests.bench.site:application", environ, port=victim.port)
            )
        time.sleep(seconds)
        stop.set()
        for thread in threads:
            thread.join()
    statuses = sum((one.statuses for one in senders), Counter[int]())
    return {
        "kills": kills,
        "statuses": dict(statuses),
        "sent_again": sum(one.again for one in senders),
        "failed": sum(one.given_up for one in senders),
        "longest_s": round(max(one.longest for one in senders), 2),
    }


def _compare(node: Node) -> dict[str, int]:
    """Return what is stored more than once, and cards that have another number of answers."""
    query = (
        "SELECT count(*) FROM (SELECT c.member_id, c.question_id FROM study_card c"
        " LEFT JOIN study_review r USING (member_id, question_id)"
        " GROUP BY c.member_id, c.question_id, c.version HAVING count(r.answer_id) <> c.version) x"
    )
    with psycopg.connect(node.conninfo) as connection:
        row = connection.execute(query).fetchone()
        stored = connection.execute("SELECT count(*) FROM study_review").fetchone()
    assert row
    assert stored
    return {"stored": stored[0], "cards_that_differ": row[0]}


def main(words: list[str]) -> None:
    """Print one JSON object; exit code 1 when an answer failed."""
    parser = argparse.ArgumentParser(prog="bench nodes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--kills", type=int, default=3)
    choice = parser.parse_args(words)
    found = measure(choice.rounds, choice.seconds, choice.kills)
    print(json.dumps(found))
    if found["killed"]["failed"] or found["killed"]["cards_that_differ"]:
        raise SystemExit(1)

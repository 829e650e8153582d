"""`bench ctfd FOLDER`: answers a second beside the attempts a second of a CTFd on this machine.

CTFd is the best-known Flask site that takes answers; FOLDER is an unpacked release, PYTHON the
interpreter of an environment with its own requirements. Each shape of it runs on a copy of the
folder as it ships: SQLite, files as its cache, one worker of gunicorn. It is set up through its
own pages and interface; its limit of wrong attempts a minute is lifted, every attempt is at a
challenge its user has not solved yet, and three of four are right, as in what is sent to us. Both
are measured in turn, over as many connections.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from app.factory import create_app
from tests.bench.load import Rate, Request, run
from tests.bench.run import CONNECTIONS, _answering, _study_a_lot, _with_cpu, prepare, visit
from tests.bench.servers import Server, free_port, server, wait_for

NONCE = re.compile(r"""name="nonce"[^>]*value="([0-9a-f]+)"|csrfNonce'?: *"([0-9a-f]+)""")
PASSWORD = "measured by the clock"
SHAPES = ("gevent", "sync")  # gunicorn's worker as CTFd ships it, and its plain one
MOST = 10**9  # wrong attempts a minute


@dataclass
class Visitor:
    """A browser at CTFd: cookies, the token for forms, and an address of its own."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    nonce: str = ""

    def ask(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[int, str]:
        """Send a request; return status and body, and keep cookies and token."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body or None, dict(self.headers(kind)))
        reply = connection.getresponse()
        text = reply.read().decode()
        for line in reply.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        connection.close()
        found = NONCE.search(text)
        self.nonce = (found[1] or found[2]) if found else self.nonce
        return reply.status, text

    def headers(self, kind: str = "") -> tuple[tuple[str, str], ...]:
        """Return what is sent along; `kind` is the type of the body."""
        told = [("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))]
        told += [("X-Forwarded-For", self.address)]
        told += [("Content-Type", kind), ("CSRF-Token", self.nonce)] if kind else []
        return tuple(told)

    def fill(self, path: str, **fields: str) -> None:
        """Open a form, send it, and open the first page; stop when it is refused."""
        self.ask("GET", path)
        body = urllib.parse.urlencode({**fields, "nonce": self.nonce})
        status, text = self.ask("POST", path, body, "application/x-www-form-urlencoded")
        if status != 302:
            raise SystemExit(f"CTFd refused {path} with {status}: {text[:500]}")
        self.ask("GET", "/")

    def tell(self, method: str, path: str, **fields: Any) -> Any:
        """Use the interface; return the data of the answer."""
        status, text = self.ask(method, f"/api/v1/{path}", json.dumps(fields), "application/json")
        if status != 200:
            raise SystemExit(f"CTFd refused {path} with {status}: {text[:500]}")
        return json.loads(text).get("data")


@dataclass
class Contest:
    """A CTFd that is running, its users, its challenges, and what was sent to it."""

    served: Server
    admin: Visitor
    users: list[Visitor]
    challenges: list[int]
    sent: Iterator[int] = field(default_factory=count)

    def makers(self, connections: int) -> list[Callable[[], Request]]:
        """Return makers of attempts; no user meets a challenge twice."""
        return [self._attempt] * connections

    def _attempt(self) -> Request:
        """Return the next attempt: user after user, then the next challenge."""
        turn = next(self.sent)
        place, whose = divmod(turn, len(self.users))
        if place >= len(self.challenges):
            raise SystemExit("more challenges are needed for so many attempts")
        user, challenge = self.users[whose], self.challenges[place]
        told = f"flag{challenge}" if (whose + place) % 4 else "wrong"
        body = json.dumps({"challenge_id": challenge, "submission": told})
        return Request("POST", "/api/v1/challenges/attempt", body, user.headers("application/json"))

    def kept(self) -> dict[str, int]:
        """Return how many right and wrong attempts it has stored."""
        found = {}
        for kind in ("correct", "incorrect"):
            _status, text = self.admin.ask("GET", f"/api/v1/submissions?type={kind}&per_page=1")
            found[kind] = int(json.loads(text)["meta"]["pagination"]["total"])
        return found


@contextmanager
def contest(folder: Path, python: str, shape: str, place: Path) -> Iterator[Server]:
    """Run a copy of a CTFd as its own start script does; yield the server, then end it."""
    own, port = place / shape, free_port()
    shutil.copytree(folder, own, ignore=shutil.ignore_patterns(".git", "*.db", ".data", "logs"))
    quiet: Any = {"cwd": own, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("XUEJI_", "FLASK_"))}
    quiet["env"] = environ
    subprocess.run([python, "-m", "flask", "db", "upgrade"], check=True, **quiet)
    words = [python, "-m", "gunicorn", "CTFd:create_app()", "--bind", f"127.0.0.1:{port}"]
    words += ["--workers", "1", "--worker-tmp-dir", "/dev/shm", "--worker-class", shape]
    words += ["--access-logfile", "-", "--error-logfile", "-"]
    process = subprocess.Popen(words, **quiet)
    try:
        wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def furnish(served: Server, users: int, challenges: int) -> Contest:
    """Set a CTFd up with an administrator, challenges, and users who have signed in."""
    admin = Visitor(served.port, "203.0.113.1")
    admin.fill(
        "/setup",
        **{"ctf_name": "bench", "ctf_description": "", "user_mode": "users", "name": "admin"},
        **{"email": "admin@example.org", "password": PASSWORD, "ctf_theme": "core"},
    )
    admin.tell("PATCH", "configs", incorrect_submissions_per_min=MOST)
    ids = []
    for number in range(challenges):
        about = {"name": f"c{number}", "category": "bench", "description": "?", "value": 100}
        made = admin.tell("POST", "challenges", **about, type="standard", state="visible")
        flag = {"challenge_id": made["id"], "content": f"flag{made['id']}", "type": "static"}
        admin.tell("POST", "flags", **flag, data="")
        ids.append(made["id"])
    people = []
    for number in range(users):
        told = {"name": f"u{number}", "email": f"u{number}@example.org", "password": PASSWORD}
        admin.tell("POST", "users", **told, type="user", verified=True, hidden=False, banned=False)
        user = Visitor(served.port, f"198.51.{100 + number // 200}.{1 + number % 200}")
        user.fill("/login", name=told["name"], password=PASSWORD)
        people.append(user)
    return Contest(served, admin, people, ids)


def measure(
    folder: Path, python: str, users: int, challenges: int, rounds: int, seconds: float
) -> dict[str, Any]:
    """Return rates and processor time of both, and how many times ours is theirs."""
    rates: dict[str, list[Rate]] = {name: [] for name in ("xueji", *SHAPES)}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        place = Path(name)
        cookies = prepare(place / "data", CONNECTIONS)
        app = create_app({"DATA": place / "data"})
        _study_a_lot(app)
        environ = {"XUEJI_DATA": str(place / "data"), "XUEJI_BENCH_TOKENS": "1"}
        ours = stack.enter_context(server("tests.bench.site:application", environ))
        makers = [_answering(app, visit(ours.port, cookie), {}) for cookie in cookies]
        contests = {
            shape: furnish(
                stack.enter_context(contest(folder, python, shape, place)), users, challenges
            )
            for shape in SHAPES
        }
        run(ours.port, makers, 1.0)  # reads the bank, compiles templates
        warm = {s: run(c.served.port, c.makers(CONNECTIONS), 1.0) for s, c in contests.items()}
        for _round in range(rounds):
            rates["xueji"].append(_with_cpu(ours, makers, seconds))
            for shape, one in contests.items():
                rates[shape].append(_with_cpu(one.served, one.makers(CONNECTIONS), seconds))
        kept = {shape: one.kept() for shape, one in contests.items()}
        memory = {"xueji": ours.megabytes()}
        memory |= {shape: one.served.megabytes() for shape, one in contests.items()}
    for shape in SHAPES:
        sent = sum(sum(r.statuses.values()) for r in (warm[shape], *rates[shape]))
        if set(rates[shape][-1].statuses) != {200} or sum(kept[shape].values()) != sent:
            raise SystemExit(f"{sent} sent, kept {kept[shape]}, {rates[shape][-1].statuses}")
    told = {name: _told(found, rates["xueji"]) for name, found in rates.items()}
    for name, found in told.items():
        found |= {"megabytes": memory[name]} | ({"kept": kept[name]} if name in kept else {})
    return {
        "ctfd": _version(folder),
        "users": users,
        "challenges": challenges,
        "connections": CONNECTIONS,
        "rounds": rounds,
        "load": os.getloadavg(),
        **told,
    }


def _told(found: list[Rate], ours: list[Rate]) -> dict[str, Any]:
    """Return medians, and how many times as much ours does, in rate and in processor time."""
    pairs = list(zip(ours, found, strict=True))
    return {
        "per_second": statistics.median(r.per_second for r in found),
        "cpu_ms": statistics.median(r.cpu_ms for r in found),
        "p50_ms": statistics.median(r.p50_ms for r in found),
        "p99_ms": statistics.median(r.p99_ms for r in found),
        "xueji_is": {
            "rate": round(statistics.median(a.per_second / b.per_second for a, b in pairs), 2),
            "cpu": round(statistics.median(b.cpu_ms / a.cpu_ms for a, b in pairs), 2),
        },
        "statuses": found[-1].statuses,
    }


def _version(folder: Path) -> str:
    """Return the release that lies in a folder."""
    text = (folder / "CTFd" / "__init__.py").read_text()
    found = re.search(r'__version__ = "([^"]+)"', text)
    return found[1] if found else "unknown"


def main(words: list[str]) -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(prog="bench ctfd", description=__doc__)
    parser.add_argument("folder", type=Path, help="an unpacked release of CTFd")
    parser.add_argument("--python", required=True, help="the Python with its requirements")
    parser.add_argument("--users", type=int, default=64)
    parser.add_argument("--challenges", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    choice = parser.parse_args(words)
    sizes = choice.users, choice.challenges, choice.rounds, choice.seconds
    print(json.dumps(measure(choice.folder, choice.python, *sizes)))

"""`./xueji bench`: the site's own server beside its ceilings, and beside the usual way.

Ceilings are a Flask hello world on the same server, one that sends as much as a question's page
(`shaped`) and runs the page's one statement as well (`asked`), and sqlite3 (or psycopg, with
`--postgres`) alone writing the same rows; the usual way is the same answer through the ORM. All
run at once and are measured in turn, `rounds` times, so that a noisy neighbour hits all; a printed
ratio is the median of the rounds' ratios.
"""

import argparse
import http.client
import importlib
import json
import os
import re
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import count, cycle
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.accounts.actions.sessions import start_session
from app.bank.actions import publish_bank
from app.bank.kinds import KINDS
from app.bank.queries import get_questions, list_question_ids
from app.base import clock
from app.base.db import db, transaction
from app.base.ids import digest, new_timed_id
from app.factory import create_app
from app.study.actions import change_settings
from app.study.queries.asking import NEXT_SEEN, moments
from app.web.csrf import FIELD
from tests.bench.cluster import Cluster, own_database
from tests.bench.load import Rate, Request, run
from tests.bench.raw import write_answers, write_to_postgresql
from tests.bench.servers import Server, server

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 16
EACH = 60  # members that take turns on a connection: so many answers as members give in a day
KINDS_MEASURED = ("hello", "shaped", "asked", "home", "question", "answer", "raw", "plain")
CEILINGS = ("hello", "shaped", "asked", "raw", "plain")
ON_SQLITE = ("asked",)
FRAMED = ("Content-Length", "Date", "Server")  # headers that each answer gets anyhow
ELSEWHERE = (
    "answers",
    "storm",
    "kill",
    "sizes",
    "grown",
    "evening",
    "ctfd",
    "memory",
    "nodes",
    "parts",
    "trees",
    "growth",
)
SECRET = "0" * 40  # what form tokens are made of
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
ADD_PERSON = text(  # without a password, which takes long to hash
    "INSERT INTO accounts_user (id, name, role, created_at, language, theme, text_size, shortcuts)"
    " VALUES (:id, :name, 'member', :now, 'zh', 'auto', 18, true)"
)


def prepare(data: Path, members: int) -> list[str]:
    """Make a database with `members` signed-in members, 1 and on; return their cookies."""
    os.environ["XUEJI_DATA"] = str(data)
    app = create_app({"WTF_CSRF_ENABLED": False})
    with app.app_context():
        db.create_all()
        publish_bank(app.config["QUESTION_BANK"], clock.now())
        now = clock.now()
        people = [
            {"id": n, "name": f"成员{n}", "now": clock.epoch(now)} for n in range(1, members + 1)
        ]
        with transaction() as session:
            session.execute(ADD_PERSON, people)
            tokens = [start_session(session, one["id"], "bench", now) for one in people]
        cookies = [cookie_of(app, token) for token in tokens]
        db.session.remove()
        db.engine.dispose()
    return cookies


def cookie_of(app: Any, token: str) -> str:
    """Return the cookie a browser holds that has signed in and been here before."""
    serializer = app.session_interface.get_signing_serializer(app)
    held = {"_user_id": token, "_fresh": True, "_permanent": True, FIELD: SECRET}
    signed = serializer.dumps(held)
    sheets = f"look={app.extensions['xueji_build']}"  # as on every visit but the first
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}; {sheets}"


def answers(app: Any) -> Iterator[str]:
    """Yield form bodies that answer question after question, three of four rightly."""
    with app.app_context():
        questions = list(get_questions(list_question_ids()).values())
    for turn in count():
        for place, question in enumerate(q for q in questions if q.kind == "single"):
            identity = new_timed_id()
            shown = KINDS[question.kind].present(question.content, identity)
            right = next(c.value for c in shown.options if c.index in shown.key)
            wrong = next(c.value for c in shown.options if c.index not in shown.key)
            yield (
                f"answer_id={identity}&question_id={question.id}&revision={question.revision}"
                f"&way=due&choice={right if (place + turn) % 4 else wrong}&elapsed_ms=4000"
            )


def measure(
    rounds: int,
    seconds: float,
    connections: int = CONNECTIONS,
    postgres: bool = False,
    kinds: Sequence[str] = KINDS_MEASURED,
    each: int = EACH,
) -> dict[str, Any]:
    """Return ratios with medians, and the absolute figures beside them, of these kinds.

    On each connection `each` members take turns.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # a PostgreSQL of its own user must be able to pass
        folder = Path(name) / "site"
        with own_database(Path(name) / "cluster", postgres) as (cluster, _environ):
            asked = [kind for kind in kinds if cluster is None or kind not in ON_SQLITE]
            rates, memory = _measure(folder, rounds, seconds, (connections, each), cluster, asked)
    told = {"engine": "postgresql" if postgres else "sqlite", "load": os.getloadavg()}
    return {**told, **_summary(rates, connections), "site_mb": memory}


def _measure(
    folder: Path,
    rounds: int,
    seconds: float,
    many: tuple[int, int],
    cluster: Cluster | None,
    kinds: Sequence[str],
) -> tuple[dict[str, list[Rate]], list[float]]:
    """Return what each round found, and the memory of the site's worker after each."""
    connections, each = many
    *cookies, _raw_cookie = prepare(folder, connections * each + 1)  # the last writes raw rows
    app = create_app()
    questions = _study_a_lot(app)
    environ = {"XUEJI_DATA": str(folder), "XUEJI_BENCH_TOKENS": "1"}
    plain_environ = {**environ, "XUEJI_BENCH_PLAIN": "1"}
    raw = _raw_on(cluster, folder, questions, seconds)
    stored = _database_of(cluster)
    rates: dict[str, list[Rate]] = {name: [] for name in kinds}
    memory = []
    with ExitStack() as stack:
        site = stack.enter_context(server("tests.bench.site:application", environ))
        plain = stack.enter_context(server("tests.bench.site:application", plain_environ))
        seen = {used.port: [visit(used.port, c) for c in cookies] for used in (site, plain)}
        held = [browser.cookie for browser in seen[site.port]]
        shape = {"XUEJI_BENCH_SHAPE": str(_keep_shape(folder, site, held[0], app))}
        hello = stack.enter_context(server("tests.bench.hello:application", shape))
        bound = {**shape, "XUEJI_BENCH_BOUND": "1"}
        asked = stack.enter_context(server("tests.bench.hello:application", bound))
        known = [dict[str, int]() for _member in cookies]  # what one stores the other sees
        makers, plain_makers = (
            [
                answering_in_turn(app, seen[used.port][n::connections], known[n::connections])
                for n in range(connections)
            ]
            for used in (site, plain)
        )
        run(site.port, makers, min(1.0, seconds))  # reads the bank, compiles templates
        run(plain.port, plain_makers, min(1.0, seconds))
        measures = {
            "hello": lambda: _pages(hello, "/", cookies, seconds),
            "shaped": lambda: _pages(hello, "/shaped", cookies, seconds),
            "asked": lambda: _pages(asked, "/asked", cookies, seconds),
            "home": lambda: _pages(site, "/", held, seconds),
            "question": lambda: _pages(site, "/study", held, seconds),
            "answer": lambda: _with_cpu(site, makers, seconds, stored),
            "raw": raw,
            "plain": lambda: _with_cpu(plain, plain_makers, seconds, stored),
        }
        for _round in range(rounds):
            for name in kinds:
                rates[name].append(measures[name]())
            memory.append(site.megabytes())
    return rates, memory


def _keep_shape(folder: Path, site: Server, cookie: str, app: Any) -> Path:
    """Keep the question's page, its headers and its statement, for a hello world of that shape."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", "/study", headers={"Cookie": cookie})
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    heads = {name: value for name, value in reply.getheaders() if name.title() not in FRAMED}
    signed = dict(pair.split("=", 1) for pair in cookie.split("; "))[
        app.config["SESSION_COOKIE_NAME"]
    ]
    token: str = app.session_interface.get_signing_serializer(app).loads(signed)["_user_id"]
    now = clock.now_in(app.config)
    values = {"hash": digest(token), **moments(int(token.split(".")[0]), now)}
    path, base = folder / "shape.json", str(folder / "xueji.sqlite3")
    path.write_text(json.dumps([text, heads, (base, NEXT_SEEN.sql, values)], default=str))
    return path


def _database_of(cluster: Cluster | None) -> Server | None:
    """Return PostgreSQL as something whose processor time can be read."""
    if cluster is None or cluster.nodes[0].process is None:
        return None
    return Server(cluster.nodes[0].port, cluster.nodes[0].process.pid)


def _raw_on(
    cluster: Cluster | None, folder: Path, questions: list[str], seconds: float
) -> Callable[[], Rate]:
    """Return what writes raw rows: into a copy of SQLite's file, or as another member."""
    if cluster is not None:
        node, stored = cluster.nodes[0], _database_of(cluster)
        member = node.ask("SELECT max(id) FROM accounts_user")
        return lambda: _raw(
            lambda: write_to_postgresql(node.conninfo, member, questions, seconds), seconds, stored
        )
    ceiling = folder / "ceiling.sqlite3"
    with closing(sqlite3.connect(folder / "xueji.sqlite3")) as own:
        own.execute("VACUUM INTO ?", (str(ceiling),))
    sync = os.environ.get("XUEJI_SQLITE_SYNC", "FULL")
    return lambda: _raw(lambda: write_answers(ceiling, questions, seconds, sync), seconds, None)


def _study_a_lot(app: Any) -> list[str]:
    """Let everybody answer as much as they like today; return the questions asked."""
    with app.app_context():
        with transaction() as session:
            people = session.execute(text("SELECT id FROM accounts_user")).all()
        for (member_id,) in people:
            change_settings(member_id, 200, 1000, None)
        return [q.id for q in get_questions(list_question_ids()).values() if q.kind == "single"]


def _with_cpu(
    used: Server,
    workers: list[Callable[[], Request]],
    seconds: float,
    stored: Server | None = None,
) -> Rate:
    """Measure requests, and what each costs the processor of the server and of its database."""
    before, kept = used.seconds(), stored.seconds() if stored else 0.0
    rate = run(used.port, workers, seconds)
    number = sum(rate.statuses.values())
    spent, added = used.seconds() - before, (stored.seconds() if stored else 0.0) - kept
    each = (round(1000 * one / number, 3) for one in (spent, added))
    return replace(rate, **dict(zip(("cpu_ms", "stored_ms"), each, strict=True)))


def _raw(write: Callable[[], tuple[float, int]], seconds: float, stored: Server | None) -> Rate:
    """Measure the driver alone."""
    kept = stored.seconds() if stored else 0.0
    used, number = write()
    added = (stored.seconds() if stored else 0.0) - kept
    each, cpu, beside = (round(1000 * one / number, 3) for one in (seconds, used, added))
    return Rate(round(number / seconds, 1), each, each, {200: number}, cpu, beside)


def _pages(used: Server, path: str, cookies: list[str], seconds: float) -> Rate:
    """Measure GETs of one page by members who take turns on each connection."""
    requests = [Request("GET", path, headers=(("Cookie", c),)) for c in cookies]
    turns = (cycle(requests[n::CONNECTIONS]) for n in range(min(CONNECTIONS, len(requests))))
    return _with_cpu(used, [t.__next__ for t in turns], seconds)


@dataclass(frozen=True)
class Browser:
    """What a browser holds after it has opened a page: its cookie, and the token for forms."""

    cookie: str
    token: str


def visit(port: int, cookie: str) -> Browser:
    """Open a question as a browser does after signing in, and keep what it gets."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/study", headers={"Cookie": cookie})
    reply = connection.getresponse()
    page = reply.read().decode()
    connection.close()
    held = dict(pair.split("=", 1) for pair in cookie.split("; "))
    for line in reply.headers.get_all("Set-Cookie") or []:
        name, value = line.split(";")[0].split("=", 1)
        held[name] = value
    return Browser("; ".join(f"{name}={v}" for name, v in held.items()), token_in(page))


def token_in(page: str) -> str:
    """Return the form token of a page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, page
    return token[1]


def answering_in_turn(
    app: Any, browsers: list[Browser], known: list[dict[str, int]]
) -> Callable[[], Request]:
    """Return a maker of answers of one member after another; `known` are each one's versions."""
    pairs = zip(browsers, known, strict=True)
    turns = cycle([_answering(app, *pair) for pair in pairs])
    return lambda: next(turns)()


def _answering(app: Any, own: Browser, versions: dict[str, int]) -> Callable[[], Request]:
    """Return a maker of answer requests of one member, tracking each card's version."""
    bodies = answers(app)

    def make() -> Request:
        body = next(bodies)
        question = body.split("question_id=")[1].split("&")[0]
        version = versions.get(question, 0)
        versions[question] = version + 1
        sent = f"{body}&version={version}&csrf_token={own.token}"
        return Request("POST", "/study/answer", sent, (*FORM, ("Cookie", own.cookie)))

    return make


def _summary(rates: dict[str, list[Rate]], connections: int) -> dict[str, Any]:
    """Return medians over rounds; a ratio is taken within each round.

    The ratio of processor time is the steadier one where others use the machine too.
    """
    result: dict[str, Any] = {"rounds": len(next(iter(rates.values()))), "connections": connections}
    for name, found in rates.items():
        against = {c: _ratios(found, rates[c]) for c in CEILINGS if c in rates}
        result[name] = {
            "per_second": statistics.median(r.per_second for r in found),
            "cpu_ms": statistics.median(r.cpu_ms for r in found),
            "stored_ms": statistics.median(r.stored_ms for r in found),
            "p50_ms": statistics.median(r.p50_ms for r in found),
            "p99_ms": statistics.median(r.p99_ms for r in found),
            **{f"of_{ceiling}": ratios for ceiling, ratios in against.items()},
            "statuses": found[-1].statuses,
        }
    return result


def _ratios(found: list[Rate], ceiling: list[Rate]) -> dict[str, float]:
    """Return how much of a ceiling was reached, in rate and in processor time."""
    pairs = list(zip(found, ceiling, strict=True))
    return {
        "rate": round(statistics.median(a.per_second / b.per_second for a, b in pairs), 4),
        "cpu": round(statistics.median(b.cpu_ms / max(a.cpu_ms, 1e-3) for a, b in pairs), 4),
    }


def main() -> None:
    """Print one JSON object; `--quick` only shows that everything runs.

    `storm` and `kill` in the place of options measure an examination instead of pages.
    """
    if sys.argv[1:2] and sys.argv[1] in ELSEWHERE:
        importlib.import_module(f"tests.bench.{sys.argv[1]}").main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--only", default=",".join(KINDS_MEASURED), help="kinds, with commas")
    choice = parser.parse_args()
    rounds, seconds, each = (1, 0.2, 2) if choice.quick else (5, 3.0, EACH)
    kinds = [name for name in KINDS_MEASURED if name in choice.only.split(",")]
    found = measure(rounds, seconds, postgres=choice.postgres, kinds=kinds, each=each)
    print(json.dumps(found, indent=None if choice.json else 2))


if __name__ == "__main__":
    main()

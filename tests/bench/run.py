"""`./xueji bench`: the site's own server against a Flask hello world on the same server.

Both servers run at once and are measured in turn, `rounds` times, so that a noisy neighbour hits
both; the printed ratio is the median of the rounds' ratios.
"""

import argparse
import importlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.accounts.actions import add_user, sign_in
from app.bank.actions import publish_bank
from app.bank.kinds import KINDS
from app.bank.queries import get_questions, list_question_ids
from app.base import clock
from app.base.db import db
from app.base.ids import new_id
from app.factory import create_app
from tests.bench.load import Rate, Request, run

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 8
PASSWORD = "measured by the clock"
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


@contextmanager
def server(target: str, environ: dict[str, str]) -> Iterator[int]:
    """Start the production server on `target`, yield its port, stop it gracefully."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "3", "--no-ws", target]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environ}, stdout=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    """Wait until something listens on `port`, at most 30 s."""
    for _try in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def prepare(data: Path, members: int) -> list[str]:
    """Make a database with `members` signed-in members; return their session cookies."""
    os.environ["XUEJI_DATA"] = str(data)
    app = create_app({"WTF_CSRF_ENABLED": False})
    cookies = []
    with app.app_context():
        db.create_all()
        publish_bank(app.config["QUESTION_BANK"], clock.now())
        for number in range(members):
            add_user(f"bench{number}", "member", clock.now(), password=PASSWORD)
            cookies.append(_cookie(app, f"bench{number}"))
    return cookies


def _cookie(app: Any, name: str) -> str:
    """Return the cookie a browser would hold after signing in."""
    token = sign_in(name, PASSWORD, "127.0.0.1", "bench", None, clock.now())
    serializer = app.session_interface.get_signing_serializer(app)
    signed = serializer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


def answers(app: Any) -> Iterator[str]:
    """Yield form bodies that answer question after question, wrongly or rightly."""
    with app.app_context():
        questions = list(get_questions(list_question_ids()).values())
    while True:
        for question in (q for q in questions if q.kind == "single"):
            identity = new_id()
            assert KINDS[question.kind]
            yield (
                f"answer_id={identity}&question_id={question.id}&revision={question.revision}"
                "&way=due&choice=0&elapsed_ms=4000"
            )


def measure(rounds: int, seconds: float) -> dict[str, Any]:
    """Return ratios with medians, and the absolute figures beside them."""
    with tempfile.TemporaryDirectory() as folder:
        cookies = prepare(Path(folder), CONNECTIONS)
        app = create_app()
        environ = {"XUEJI_DATA": folder, "XUEJI_BENCH": "1"}
        site_target, hello_target = "tests.bench.site:application", "tests.bench.hello:application"
        rates: dict[str, list[Rate]] = {"hello": [], "home": [], "question": [], "answer": []}
        with server(site_target, environ) as site, server(hello_target, {}) as hello:
            makers = [_answering(app, cookie) for cookie in cookies]
            for _round in range(rounds):
                rates["hello"].append(_pages(hello, "/", cookies, seconds))
                rates["home"].append(_pages(site, "/", cookies, seconds))
                rates["question"].append(_pages(site, "/study", cookies, seconds))
                rates["answer"].append(run(site, makers, seconds))
    return _summary(rates)


def _pages(port: int, path: str, cookies: list[str], seconds: float) -> Rate:
    """Measure GETs of one page."""
    requests = [Request("GET", path, headers=(("Cookie", c),)) for c in cookies]
    return run(port, [lambda r=r: r for r in requests], seconds)  # type: ignore[misc]


def _answering(app: Any, cookie: str) -> Callable[[], Request]:
    """Return a maker of answer requests of one member, tracking each card's version."""
    bodies, versions = answers(app), dict[str, int]()

    def make() -> Request:
        body = next(bodies)
        question = body.split("question_id=")[1].split("&")[0]
        version = versions.get(question, 0)
        versions[question] = version + 1
        return Request(
            "POST", "/study/answer", f"{body}&version={version}", (*FORM, ("Cookie", cookie))
        )

    return make


def _summary(rates: dict[str, list[Rate]]) -> dict[str, Any]:
    """Return medians over rounds; a ratio is taken within each round."""
    result: dict[str, Any] = {"rounds": len(rates["hello"]), "connections": CONNECTIONS}
    for name, found in rates.items():
        ratios = [a.per_second / b.per_second for a, b in zip(found, rates["hello"], strict=True)]
        result[name] = {
            "ratio_to_hello": round(statistics.median(ratios), 4),
            "per_second": statistics.median(r.per_second for r in found),
            "p50_ms": statistics.median(r.p50_ms for r in found),
            "p99_ms": statistics.median(r.p99_ms for r in found),
            "statuses": found[-1].statuses,
        }
    return result


def main() -> None:
    """Print one JSON object; `--quick` only shows that everything runs.

    `storm` and `kill` in the place of options measure an examination instead of pages.
    """
    if sys.argv[1:2] in (["storm"], ["kill"]):
        importlib.import_module(f"tests.bench.{sys.argv[1]}").main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    choice = parser.parse_args()
    rounds, seconds = (1, 0.5) if choice.quick else (5, 3.0)
    print(json.dumps(measure(rounds, seconds), indent=None if choice.json else 2))


if __name__ == "__main__":
    main()

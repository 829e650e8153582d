"""`bench parts`: where the microseconds of pages, answers and deliveries go, without HTTP.

The application is called as a server calls it, by many members in turn, and what a short page is
made of is timed: reading who is signed in and what it shows, taking an answer, drawing; what is
left is the frame (cookie, form token, guard, headers, log). SQLite's share lies within these. Each
figure is the median over the requests, `least` the tenth part least disturbed.
"""

import argparse
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest.mock import patch

from app.base import writer
from app.base.sql import Statement
from app.factory import create_app
from app.web.journal import WRITER
from app.web.short import KEY
from tests.bench import hello
from tests.bench.answers import delivering
from tests.bench.load import Request
from tests.bench.run import Browser, _study_a_lot, answering_in_turn, prepare, token_in

MEMBERS = 160
WARM = 5  # rounds of all members before anything is timed: every shape of a page is drawn by then
PARTS = ("find", "take", "show", "sqlite")
Environ = dict[str, Any]


class Clock:
    """The microseconds spent in each part of the request that is under way."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(PARTS, 0.0)

    def timed(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return `work`, its time added to a part."""

        def done(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*arguments)
            finally:
                self.spent[part] += 1e6 * (time.perf_counter() - began)

        return done

    def watch(self, app: Any, stack: ExitStack) -> None:
        """Time the short pages of `app`, and whatever they ask of SQLite, as long as `stack`."""
        pages = app.extensions[KEY]
        for path, page in pages.items():
            steps = [name for name in ("find", "take", "show") if hasattr(page, name)]
            told = {name: self.timed(name, getattr(page, name)) for name in steps}
            pages[path] = replace(page, **told)
        for owner, name in ((Statement, "_run_on"), (Statement, "run_many"), (writer, "say")):
            timed = self.timed("sqlite", getattr(owner, name))
            stack.enter_context(patch.object(owner, name, timed))


def measure(requests: int) -> dict[str, Any]:
    """Return the parts of each kind of request, in µs."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        data = Path(name)
        cookies = prepare(data, 2 * MEMBERS)
        phones = list(enumerate(cookies, 1))[MEMBERS:]  # of those who only deliver
        app = create_app({"DATA": data})
        questions = _study_a_lot(app)
        with Path(os.devnull).open("w") as nowhere:
            stack.enter_context(patch.object(WRITER, "stream", nowhere))
            browsers = [_visit(app, cookie) for cookie in cookies[:MEMBERS]]
            answer = answering_in_turn(app, browsers, [{} for _browser in browsers])
            deliver = delivering(phones, questions)
            kinds: dict[str, tuple[Any, Iterator[Request]]] = {
                "hello": (hello.application, _asking("/", browsers)),
                "home": (app, _asking("/", browsers)),
                "question": (app, _asking("/study", browsers)),
                "answer": (app, iter(answer, None)),
                "delivery": (app, iter(deliver, None)),
            }
            for _round in range(WARM * MEMBERS):
                for site, asked in kinds.values():
                    call(site, environ_of(next(asked)))
            clock = Clock()
            clock.watch(app, stack)
            return {kind: _parts(clock, *asked, requests) for kind, asked in kinds.items()}


def _asking(path: str, browsers: list[Browser]) -> Iterator[Request]:
    """Yield requests for a page by one member after another."""
    return cycle(Request("GET", path, headers=(("Cookie", b.cookie),)) for b in browsers)


def _visit(app: Any, cookie: str) -> Browser:
    """Open a question, so that the cookie is known, and return what a browser then holds."""
    _status, page = call(app, environ_of(Request("GET", "/study", headers=(("Cookie", cookie),))))
    return Browser(cookie, token_in(page.decode()))


def _parts(clock: Clock, app: Any, asked: Iterator[Request], requests: int) -> dict[str, float]:
    """Return the medians of the parts of so many requests, in µs."""
    spent: dict[str, list[float]] = {part: [] for part in ("all", "frame", *PARTS)}
    for _request in range(requests):
        clock.spent = dict.fromkeys(PARTS, 0.0)
        environ = environ_of(next(asked))
        began = time.perf_counter()
        status, _page = call(app, environ)
        whole = 1e6 * (time.perf_counter() - began)
        assert status.startswith("200")
        for part, one in clock.spent.items():
            spent[part].append(one)
        spent["all"].append(whole)
        spent["frame"].append(whole - sum(clock.spent[part] for part in ("find", "take", "show")))
    told = {part: round(statistics.median(found), 1) for part, found in spent.items()}
    return {**told, "least": round(sorted(spent["all"])[requests // 10], 1)}


def environ_of(request: Request) -> Environ:
    """Return a request as a server gives it to an application."""
    body = request.body.encode()
    heads = {name.upper().replace("-", "_"): value for name, value in request.headers}
    plain = {name: heads.pop(name) for name in ("CONTENT_TYPE",) if name in heads}
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        **plain,
        **{f"HTTP_{name}": value for name, value in heads.items()},
    }


def call(app: Any, environ: Environ) -> tuple[str, bytes]:
    """Return status and body of what an application answers."""
    told: list[str] = []
    answer = app(environ, lambda status, _heads, _error=None: told.append(status))
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", int)()
    return told[0], body


def main(words: list[str]) -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(prog="bench parts", description=__doc__)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--quick", action="store_true", help="few requests")
    choice = parser.parse_args(words)
    found = measure(20 if choice.quick else choice.requests)
    print(json.dumps({**found, "load": [round(one, 2) for one in os.getloadavg()]}))

"""`bench evening`: after a branch meeting everybody opens the site within some minutes.

Each member opens the home page, then asks for a question, thinks, answers it, and so on, as a
browser does: what is sent back was read from the page before. Members come at even odds within the
time given, and think for exponentially distributed times. A request that comes late because this
machine was busy counts from when it was due, so that waiting is not hidden. With `--steady RATE`
answers and questions are asked for at a fixed rate instead.
"""

import argparse
import heapq
import http.client
import json
import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.run import prepare
from tests.bench.servers import Server, server

FIELD = re.compile(r'name="([a-z_]+)" value="([^"]*)"')
BLANK = re.compile(r'name="(blank-\d+)"')
PLACE = re.compile(r'name="(place-\d+)"')
FORM = re.compile(r'<form class="question".*?</form>', re.DOTALL)
WORKERS = 48  # connections of the generator


@dataclass
class Browser:
    """A member's browser: cookies, the form of the question that is open, answers still to give."""

    cookies: dict[str, str]
    left: int
    form: dict[str, str] = field(default_factory=dict)
    opened: bool = False

    def next(self) -> tuple[str, str, str]:
        """Return method, address and body of what the member does next."""
        if not self.opened:
            return "GET", "/", ""
        if not self.form:
            return "GET", "/study", ""
        return "POST", "/study/answer", urlencode(self.form)

    def take(self, sent: str, page: str, cookies: list[str]) -> bool:
        """Take an answer of the server in; say whether the member goes on."""
        for line in cookies:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        if sent == "POST":
            self.left, self.form = self.left - 1, {}
        elif self.opened:
            asked = FORM.search(page)
            self.form = _filled(asked[0]) if asked else {}
            self.left = self.left if asked else 0
        self.opened = True
        return self.left > 0


def _filled(form: str) -> dict[str, str]:
    """Return what is sent for a form of any kind, answered with the first that offers itself."""
    told = {**dict(FIELD.findall(form)), "choice": "0", "elapsed_ms": "4000"}
    told |= dict.fromkeys(BLANK.findall(form), "党")
    return told | {name: str(n) for n, name in enumerate(PLACE.findall(form), 1)}


@dataclass
class Told:
    """What was seen: milliseconds by address, statuses, what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, path: str, seconds: float, status: int) -> None:
        """Note a request."""
        with self.lock:
            self.times.setdefault(path, []).append(1000 * seconds)
            self.statuses[status] += 1


class Evening:
    """Requests by the moment they are due, and the workers that send them."""

    def __init__(self, port: int, think: float, seed: int) -> None:
        self.port, self.think, self.rng = port, think, random.Random(seed)
        self.due: list[tuple[float, int, Browser]] = []
        self.order, self.free, self.open = count(), threading.Condition(), 0
        self.told = Told()

    def add(self, at: float, browser: Browser) -> None:
        """Let a member do the next thing at a moment."""
        with self.free:
            heapq.heappush(self.due, (at, next(self.order), browser))
            self.free.notify()

    def run(self, workers: int) -> float:
        """Send everything; return how long that took."""
        began = time.monotonic()
        threads = [threading.Thread(target=self._work) for _n in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - began

    def _work(self) -> None:
        """Send what is due, one after another, over one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for at, browser in self._tasks():
            method, path, body = browser.next()
            goes_on = False
            try:
                status, page, cookies = _deliver(connection, method, path, body, browser.cookies)
                goes_on = browser.take(method, page, cookies) and status == 200
                self.told.note(path, time.monotonic() - at, status)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                with self.told.lock:
                    self.told.errors[type(error).__name__] += 1
            with self.free:
                self.open -= 1
                if goes_on:
                    pause = self.rng.expovariate(1 / self.think) if self.think else 0.0
                    heapq.heappush(self.due, (time.monotonic() + pause, next(self.order), browser))
                self.free.notify_all()
        connection.close()

    def _tasks(self) -> Iterator[tuple[float, Browser]]:
        """Yield what is due when it is, until nothing is left to do or wait for."""
        while True:
            with self.free:
                while True:
                    now = time.monotonic()
                    if self.due and self.due[0][0] <= now:
                        at, _order, browser = heapq.heappop(self.due)
                        self.open += 1
                        break
                    if not self.due and not self.open:
                        return
                    self.free.wait(min(0.5, self.due[0][0] - now) if self.due else 0.5)
            yield at, browser


def _deliver(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: str,
    cookies: dict[str, str],
) -> tuple[int, str, list[str]]:
    """Send a request; over a new connection when the one kept was closed meanwhile, as browsers do.

    A server closes what has been idle for half a minute; an answer's id makes it count once.
    """
    kept = connection.sock is not None
    try:
        return _send(connection, method, path, body, cookies)
    except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
        connection.close()
        if not kept:
            raise
        return _send(connection, method, path, body, cookies)


def _send(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: str,
    cookies: dict[str, str],
) -> tuple[int, str, list[str]]:
    """Send a request; return status, page, and the cookies it sets."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body or None, headers)
    reply = connection.getresponse()
    return reply.status, reply.read().decode(), reply.headers.get_all("Set-Cookie") or []


def measure(
    members: int, minutes: float, answers: int, think: float, steady: float, seed: int = 1
) -> dict[str, Any]:
    """Let an evening go by on the production server; return what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        cookies = [_on_first_visit(held) for held in prepare(Path(folder), members)]
        with server("app.wsgi:application", {"XUEJI_DATA": folder}) as site:
            evening = Evening(site.port, 0.0 if steady else think, seed)
            began, rng, memory = time.monotonic() + 1, random.Random(seed), site.megabytes()
            for number, own in enumerate(cookies):
                if steady:  # each sends 2 · answers + 1 requests, one after another
                    at = began + number * (2 * answers + 1) / steady
                else:
                    at = began + rng.uniform(0, 60 * minutes)
                evening.add(at, Browser(own, answers))
            before = site.seconds()
            took = evening.run(WORKERS)
            return {"members": members, **_summary(evening.told, took, site, before, memory)}


def _on_first_visit(cookie: str) -> dict[str, str]:
    """Return the cookies of a browser that has signed in and has not been shown a page yet."""
    name, held = cookie.split("; ")[0].split("=", 1)
    return {name: held}


def _summary(told: Told, took: float, site: Server, before: float, memory: float) -> dict[str, Any]:
    """Return rates, percentiles, errors and what the server used."""
    number = sum(told.statuses.values())
    return {
        "requests": number,
        "per_second": round(number / took, 1),
        "statuses": dict(told.statuses),
        "errors": dict(told.errors),
        "ms": {path: _percentiles(times) for path, times in sorted(told.times.items())},
        "cpu_ms_each": round(1000 * (site.seconds() - before) / max(1, number), 3),
        "megabytes": [memory, site.megabytes()],
    }


def _percentiles(times: list[float]) -> dict[str, float]:
    """Return p50, p99 and the longest."""
    times = sorted(times)
    places = {"p50": 0.5, "p99": 0.99, "most": 1.0}
    return {n: round(times[min(len(times) - 1, int(len(times) * p))], 1) for n, p in places.items()}


def main(words: list[str]) -> None:
    """Print one JSON object; exit code 1 when a request was not answered with 200."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=5000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--answers", type=int, default=10, help="of each member")
    parser.add_argument("--think", type=float, default=12, help="mean seconds between requests")
    parser.add_argument("--steady", type=float, default=0, help="requests a second instead")
    parser.add_argument("--quick", action="store_true", help="a few members, some seconds")
    choice = parser.parse_args(words)
    if choice.quick:
        choice.members, choice.minutes, choice.answers, choice.think = 4, 0.01, 12, 0.02
    found = measure(choice.members, choice.minutes, choice.answers, choice.think, choice.steady)
    print(json.dumps(found))
    if found["errors"] or set(found["statuses"]) != {200}:
        raise SystemExit(1)

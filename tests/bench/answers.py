"""`bench answers`: what an answer costs with either sync, at full speed and at a steady rate.

Two sites of the same kind, one with FULL and one with NORMAL sync, on files of their own, beside
sqlite3 alone writing the same rows with the same sync (`raw`), a hello world on the same server,
and one that says hello when it has written those rows (`written`). All are measured in turn,
`rounds` times; a printed ratio is the median of the rounds' ratios. A delivery is a hundred answers
of one phone. At the end everybody answers at a steady rate: then a wait counts from when an answer
was due, so that a slow server is not asked less.
"""

import argparse
import itertools
import json
import os
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from app.base.ids import new_id, new_timed_id
from app.factory import create_app
from app.study.delivery import MOST
from tests.bench import run as bench
from tests.bench.load import Rate, Request, run
from tests.bench.raw import write_answers
from tests.bench.servers import Server, server

SYNCS = ("FULL", "NORMAL")
THREADS = 6  # as `serve` starts
PHONES = (
    6  # that deliver for each connection that answers: a member has thousands of answers at most
)
Makers = list[Callable[[], Request]]


def measure(
    rounds: int,
    seconds: float,
    steady: float,
    threads: int,
    people: int = bench.CONNECTIONS,
    each: int = bench.EACH,
) -> dict[str, Any]:
    """Return rates, latencies and processor time with either sync, and ratios to their ceilings.

    On each of `people` connections `each` members take turns.
    """
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        base = Path(place) / "base"
        cookies = bench.prepare(base, people * each + PHONES * people)
        phones = list(enumerate(cookies, 1))[people * each :]  # of those who only deliver
        del cookies[people * each :]
        app = create_app()
        questions = bench._study_a_lot(app)
        rates: dict[str, list[Rate]] = {}
        asks: dict[str, Callable[[], Rate]] = {}
        hello = stack.enter_context(server("tests.bench.hello:application", {}, threads))
        asks["hello"] = lambda: bench._pages(hello, "/", cookies, seconds)
        sites: dict[str, tuple[Server, Makers]] = {}
        for sync in SYNCS:
            folder, ceiling = Path(place) / sync, Path(place) / f"raw-{sync}.sqlite3"
            shutil.copytree(base, folder)
            with closing(sqlite3.connect(base / "xueji.sqlite3")) as own:
                own.execute("VACUUM INTO ?", (str(ceiling),))
            environ = {
                "XUEJI_DATA": str(folder),
                "XUEJI_SQLITE_SYNC": sync,
                "XUEJI_BENCH_TOKENS": "1",
            }
            used = stack.enter_context(server("tests.bench.site:application", environ, threads))
            browsers = [bench.visit(used.port, cookie) for cookie in cookies]
            known = [dict[str, int]() for _member in browsers]
            makers: Makers = [
                bench.answering_in_turn(app, browsers[n::people], known[n::people])
                for n in range(people)
            ]
            sends = delivering(phones, questions)
            sites[sync] = used, makers
            run(used.port, makers, min(1.0, seconds))  # reads the bank, compiles templates
            asks[f"answer {sync}"] = _site(used, makers, seconds)
            asks[f"delivery {sync}"] = _site(used, [sends], seconds)
            asks[f"one answer {sync}"] = _site(used, makers[:1], seconds)
            asks[f"raw {sync}"] = _raw(ceiling, questions, seconds, sync)
            flask = stack.enter_context(_writing(ceiling, sync, questions, threads))
            asks[f"written {sync}"] = _site(flask, [_write] * people, seconds)
        for _round in range(rounds):
            for name, ask in asks.items():
                rates.setdefault(name, []).append(ask())
        told = {name: _medians(found) for name, found in rates.items()}
        for sync in SYNCS:
            own_rates = rates[f"answer {sync}"]
            told[f"answer {sync}"] |= {
                "of_raw": bench._ratios(own_rates, rates[f"raw {sync}"]),
                "of_written": bench._ratios(own_rates, rates[f"written {sync}"]),
                "of_hello": bench._ratios(own_rates, rates["hello"]),
            }
            told[f"written {sync}"]["of_hello"] = bench._ratios(
                rates[f"written {sync}"], rates["hello"]
            )
            told[f"delivery {sync}"]["in_answers"] = _in_answers(rates, sync)
        used, makers = sites["FULL"]
        told["steady FULL"] = keep_pace(used, makers, steady, 10 * seconds)
    return {"rounds": rounds, "connections": people, "threads": threads, **told}


def _writing(
    path: Path, sync: str, questions: list[str], threads: int
) -> AbstractContextManager[Server]:
    """Return a hello world that writes the rows of an answer, and does nothing else."""
    told = path.with_suffix(".json")
    told.write_text(json.dumps([str(path), sync, questions]))
    environ = {"XUEJI_BENCH_WRITE": str(told), "XUEJI_BENCH_BOUND": "1"}
    return server("tests.bench.hello:application", environ, threads)


def _write() -> Request:
    """Return what has it write."""
    return Request("POST", "/written")


def _site(used: Server, makers: Makers, seconds: float) -> Callable[[], Rate]:
    """Return what measures requests to a site."""
    return lambda: bench._with_cpu(used, makers, seconds)


def _raw(path: Path, questions: list[str], seconds: float, sync: str) -> Callable[[], Rate]:
    """Return what measures sqlite3 alone with a sync."""

    def ask() -> Rate:
        used, number = write_answers(path, questions, seconds, sync)
        each = 1000 * seconds / number
        rate = Rate(round(number / seconds, 1), each, each, {200: number})
        return replace(rate, cpu_ms=round(1000 * used / number, 3))

    return ask


def delivering(phones: list[tuple[int, str]], questions: list[str]) -> Callable[[], Request]:
    """Return a maker of deliveries of a hundred answers, of (member, cookie) in turn.

    They were given just now, so that they follow all that the same phone has sent before.
    """
    device, turn = new_id(), itertools.count()

    def make() -> Request:
        now, number = int(time.time() * 1000), next(turn)
        member, cookie = phones[number % len(phones)]
        items = [
            {
                "id": new_timed_id(),
                "sequence": n,
                "at": now - MOST + n,
                "stamp": f"{now}.{'0' * 20}",
                "question": questions[(number * MOST + n) % len(questions)],
                "revision": 1,
                "response": [0],
                "rating": 3,
                "elapsed": 4000,
                "way": "due",
            }
            for n in range(MOST)
        ]
        told = {"account": member, "device": device, "now": now, "items": items}
        heads = (("Content-Type", "application/json"), ("X-Xueji", "1"), ("Cookie", cookie))
        return Request("POST", "/api/sync", json.dumps(told), heads)

    return make


def _in_answers(rates: dict[str, list[Rate]], sync: str) -> dict[str, float]:
    """Return how many answers a delivery costs, each sent alone over one connection."""
    pairs = list(zip(rates[f"delivery {sync}"], rates[f"one answer {sync}"], strict=True))
    return {
        "cpu": round(statistics.median(a.cpu_ms / b.cpu_ms for a, b in pairs), 2),
        "wait": round(statistics.median(a.p50_ms / b.p50_ms for a, b in pairs), 2),
    }


def _medians(found: list[Rate]) -> dict[str, Any]:
    """Return the medians of the rounds."""
    names = ("per_second", "cpu_ms", "p50_ms", "p99_ms")
    told = {n: round(statistics.median(getattr(r, n) for r in found), 3) for n in names}
    return {**told, "statuses": dict(sum((Counter(r.statuses) for r in found), Counter()))}


def keep_pace(used: Server, makers: Makers, rate: float, seconds: float) -> dict[str, Any]:
    """Let answers be due at a steady rate; return what each waited since it was due."""
    number, lock = itertools.count(), threading.Lock()
    began, waits, statuses = time.monotonic() + 0.1, list[float](), Counter[int]()

    def due() -> Iterator[float]:
        while True:
            with lock:
                at = began + next(number) / rate
            if at > began + seconds:
                return
            time.sleep(max(0.0, at - time.monotonic()))
            yield at

    def work(make: Callable[[], Request]) -> None:
        connection = HTTPConnection("127.0.0.1", used.port, timeout=60)
        for at in due():
            sent = make()
            connection.request(sent.method, sent.path, sent.body, dict(sent.headers))
            reply = connection.getresponse()
            reply.read()
            waits.append(1000 * (time.monotonic() - at))
            statuses[reply.status] += 1
        connection.close()

    before = used.seconds()
    threads = [threading.Thread(target=work, args=(make,)) for make in makers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits.sort()
    return {
        "wanted_per_second": rate,
        "per_second": round(len(waits) / (time.monotonic() - began), 1),
        "p50_ms": round(waits[len(waits) // 2], 2),
        "p99_ms": round(waits[int(len(waits) * 0.99)], 2),
        "most_ms": round(waits[-1], 2),
        "cpu_ms": round(1000 * (used.seconds() - before) / len(waits), 3),
        "statuses": dict(statuses),
    }


def main(words: list[str]) -> None:
    """Print one JSON object; exit code 1 when an answer was refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--steady", type=float, default=300, help="answers a second at the end")
    parser.add_argument("--threads", type=int, default=THREADS, help="that answer requests")
    parser.add_argument("--quick", action="store_true", help="one short round")
    choice = parser.parse_args(words)
    if choice.quick:
        found = measure(1, 0.1, 20, choice.threads, people=2, each=2)
    else:
        found = measure(choice.rounds, choice.seconds, choice.steady, choice.threads)
    print(json.dumps({**found, "load": [round(one, 2) for one in os.getloadavg()]}))
    if any(set(one["statuses"]) != {200} for one in found.values() if isinstance(one, dict)):
        raise SystemExit(1)

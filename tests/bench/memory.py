"""`bench memory`: what a worker holds with thousands of questions, and while it is answered at.

The bank is published again and again under other ids and stems until there are `--questions`; then
many members answer all of them in turn on the production server until it has taken `--answers`,
and open pages between. Its memory is read after every stretch: what is kept of questions may be
kept once, what is kept of requests must not grow.
"""

import argparse
import json
import os
import sqlite3
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from app.base.ids import new_id
from app.factory import create_app
from tests.bench.load import Request, run
from tests.bench.run import (
    CONNECTIONS,
    Browser,
    _study_a_lot,
    answering_in_turn,
    prepare,
    visit,
)
from tests.bench.servers import server

MEMBERS = 160
STRETCH = 10.0  # seconds between two looks at the memory
PAGES = ("/", "/study", "/statistics")
BETWEEN = 10  # answers of each member between two looks at the pages


def multiply(path: Path, questions: int) -> int:
    """Copy questions under other ids, and other stems, until there are so many; return how many."""
    with closing(sqlite3.connect(path)) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(bank_question)")]
        rows = connection.execute(
            f"SELECT q.id, r.content, {', '.join('q.' + name for name in names)}"
            " FROM bank_question q JOIN bank_revision r ON r.question_id = q.id"
            " AND r.revision = q.revision ORDER BY q.position"
        ).fetchall()
        for turn in range(1, -(-questions // len(rows))):
            for old, content, *values in rows[: questions - turn * len(rows)]:
                new = dict(zip(names, values, strict=True)) | {"id": f"{old}-{turn}"}
                new |= {"position": new["position"] + turn * len(rows), "revision": 1}
                marks = ", ".join(f":{name}" for name in names)
                connection.execute(f"INSERT INTO bank_question VALUES ({marks})", new)
                other = json.loads(content)
                other["item"] |= {"id": new["id"], "stem": f"{other['item']['stem']}（{turn}）"}
                told = json.dumps(other, ensure_ascii=False, separators=(",", ":"))
                connection.execute(
                    "INSERT INTO bank_revision VALUES (?, 1, ?, '', 0)", (new["id"], told)
                )
        connection.execute("UPDATE bank_publication SET token = ?", (new_id(),))
        connection.commit()
        return int(connection.execute("SELECT count(*) FROM bank_question").fetchone()[0])


def measure(questions: int, answers: int, stretch: float = STRETCH) -> dict[str, Any]:
    """Return the memory of the worker, in MB, at the start and after each stretch of answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cookies = prepare(folder, MEMBERS)
        asked = multiply(folder / "xueji.sqlite3", questions)
        app = create_app({"DATA": folder})
        _study_a_lot(app)
        with server("app.wsgi:application", {"XUEJI_DATA": name}) as site:
            browsers = [visit(site.port, cookie) for cookie in cookies]
            held, given, statuses = [site.megabytes()], [0], Counter[int]()
            sent = [Counter[str]() for _n in range(CONNECTIONS)]
            makers = [_turns(app, browsers[n::CONNECTIONS], sent[n]) for n in range(CONNECTIONS)]
            while given[-1] < answers:
                statuses += Counter(run(site.port, makers, stretch).statuses)
                held.append(site.megabytes())
                given.append(sum(one["POST"] for one in sent))
                print(given[-1], held[-1], file=sys.stderr, flush=True)
    half = len(held) // 2
    return {
        "questions": asked,
        "members": MEMBERS,
        "statuses": dict(statuses),
        "answers": given,
        "megabytes": held,
        "most": max(held),
        "second_half": round(held[-1] - statistics.median(held[half : half + 3]), 1),
        "load": os.getloadavg(),
    }


def _turns(app: Any, browsers: list[Browser], sent: Counter[str]) -> Callable[[], Request]:
    """Return a maker of answers of one member after another, with pages now and then."""
    answer = answering_in_turn(app, browsers, [{} for _browser in browsers])

    def requests() -> Iterator[Request]:
        while True:
            yield from (answer() for _n in range(BETWEEN * len(browsers)))
            for browser in browsers:
                for path in PAGES:
                    yield Request("GET", path, headers=(("Cookie", browser.cookie),))

    turns = requests()

    def make() -> Request:
        request = next(turns)
        sent[request.method] += 1
        return request

    return make


def main(words: list[str]) -> None:
    """Print one JSON object; exit code 1 when a request failed."""
    parser = argparse.ArgumentParser(prog="bench memory", description=__doc__)
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="a short stretch")
    choice = parser.parse_args(words)
    few = (1200, 1, 0.5) if choice.quick else (choice.questions, choice.answers, STRETCH)
    found = measure(*few)
    print(json.dumps(found))
    if set(found["statuses"]) != {200}:
        raise SystemExit(1)

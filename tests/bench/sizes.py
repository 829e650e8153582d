"""`bench sizes`: does an answer, the next question or the home page cost more as the site grows?

The same site is made at growing numbers of cards, 500 to a member, each with an answer in the log.
One process asks all of them in turn, a round at a time, so that a noisy neighbour hits all; what
is compared is processor time, the medians of all rounds: the first time that somebody asks this
process (`first_…`) and the second. A delivery of 100 answers and the summaries of a whole site are
measured beside them.
"""

import argparse
import json
import logging
import math
import os
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.test import EnvironBuilder

from app.accounts.actions.sessions import start_session
from app.bank.queries import get_questions, list_question_ids
from app.base import clock
from app.base.db import db, transaction
from app.base.ids import new_id
from app.factory import create_app
from app.study.delivery import MOST
from app.study.queries import list_unit_chapters, list_unit_totals
from app.web.csrf import token_of
from tests.bench.run import SECRET, prepare
from tests.bench.servers import _stat

EACH = 500  # cards of a member
UNITS = 200
OFTEN = ("answer", "next", "home")
KINDS = (*OFTEN, *(f"first_{kind}" for kind in OFTEN), "delivery", "report")
Sample = dict[str, list[float]]


def fill(path: Path, cards: int, questions: Sequence[tuple[str, str, str]]) -> None:
    """Add members with EACH cards and answers until there are `cards`; questions with chapters."""
    members = max(1, cards // EACH)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            " AND tbl_name IN ('study_card', 'study_review')"
        ).fetchall()
        for name, _sql in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.executemany(
            "INSERT OR IGNORE INTO org_unit (id, code, name, kind, path)"
            " VALUES (?, ?, ?, '党支部', ?)",
            ((n, f"u{n}", f"支部{n}", f"/{n}/") for n in range(1, UNITS + 1)),
        )
        connection.executemany(
            "INSERT INTO accounts_user (id, name, role, unit_id, created_at, language, theme,"
            " text_size, shortcuts) VALUES (?, ?, 'member', ?, 0, 'zh', 'auto', 18, 1)",
            ((n, f"成员{n}", n % UNITS + 1) for n in range(100, 100 + members)),
        )
        _answer_all(connection, [question_id for question_id, _s, _c in questions][:EACH])
        _sum_up(connection)
        for _name, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")


def _answer_all(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Give everybody a card and an answer to each question; about ten cards of each are due now.

    Rows come in the order of their keys, made by the database itself: ten millions in minutes.
    """
    connection.execute("CREATE TEMP TABLE asked (id TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")
    connection.executemany("INSERT INTO asked VALUES (?, ?)", zip(ids, count(), strict=False))
    connection.execute(
        "INSERT INTO study_card (member_id, question_id, version, state, stability, difficulty,"
        " last_day, wait, due_at, reps, lapses, first_day, last_at_ms, wrong_left, starred,"
        " suspended) SELECT u.id, a.id, 1, 2, 30.0, 5.0, '2026-11-01', 30,"
        " ? + 86400 * ((u.id * 7 + a.n) % 50 - 1 + ((u.id * 7 + a.n) % 50 > 0)), 1, 0,"
        " '2026-11-01', 1793500000000, 0, 0, 0"
        " FROM accounts_user u CROSS JOIN asked a WHERE u.id >= 100",
        (int(time.time()),),
    )
    connection.execute(
        "INSERT INTO study_review (member_id, answer_id, question_id, revision, at_ms, day,"
        ' rating, "right", before, response, elapsed_ms, way, disputed, unit_id, tally)'
        " SELECT u.id, printf('%012d%010d', u.id, a.n), a.id, 1, 1793500000000, '2026-11-01', 3,"
        " 1, 0, '[0]', 4000, 'due', 0, u.unit_id, 3"
        " FROM accounts_user u CROSS JOIN (SELECT id, n FROM asked ORDER BY n) a WHERE u.id >= 100"
    )


def _sum_up(connection: sqlite3.Connection) -> None:
    """Fill the summaries: everybody has answered the same questions."""
    sums = "met, reviews, delayed, recalled, self_rated, self_delayed, self_recalled"
    connection.execute(
        "CREATE TEMP TABLE chapters AS SELECT d.subject, q.chapter_id AS chapter, count(*) AS n"
        " FROM asked JOIN bank_question q USING (id) JOIN bank_edition e ON e.id = q.edition_id"
        " JOIN bank_document d ON d.id = e.document_id GROUP BY 1, 2"
    )
    connection.execute(
        f"INSERT INTO study_member_chapter (member_id, subject, chapter, last_day, {sums})"
        " SELECT u.id, subject, chapter, '2026-11-01', n, n, 0, 0, 0, 0, 0"
        " FROM accounts_user u CROSS JOIN chapters WHERE u.id >= 100"
    )
    connection.execute(
        f"INSERT INTO study_unit_chapter (unit_id, month, subject, chapter, {sums})"
        " SELECT u.unit_id, '2026-11-01', subject, chapter, sum(n), sum(n), 0, 0, 0, 0, 0"
        " FROM accounts_user u CROSS JOIN chapters WHERE u.id >= 100 GROUP BY 1, 3, 4"
    )
    connection.execute("DROP TABLE chapters")
    connection.execute("DROP TABLE asked")


class Site:
    """A site of one size, asked in this process through WSGI, as its server asks it."""

    def __init__(self, folder: Path, cards: int) -> None:
        self.cards, self.folder = cards, folder
        url = f"sqlite:///{folder / 'xueji.sqlite3'}"
        settings = {"DATA": folder, "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False}
        self.app: Flask = create_app(settings, commands=False)
        self.rng, self.cookies = random.Random(cards), dict[int, str]()
        with self.app.app_context():
            questions = list(get_questions(list_question_ids()).values())
            self.token = token_of(self.app, SECRET)
        self.known = [q for q in questions[:EACH] if q.kind == "single"]

    def member(self) -> int:
        """Return somebody who has just signed in: nothing is known of them in this process yet.

        On a small site the same few people would come again and again, and cost less for that.
        """
        member = 100 + self.rng.randrange(max(1, self.cards // EACH))
        self.cookies[member] = sign_in(self.app, member)
        return member

    def call(self, method: str, path: str, member: int, body: bytes = b"", kind: str = "") -> float:
        """Send a request; return the processor time in ms, and stop when it is refused."""
        headers = {"Cookie": self.cookies[member]}
        if kind == "application/json":
            headers["X-Xueji"] = "1"
        built = EnvironBuilder(path, method=method, data=body, content_type=kind, headers=headers)
        environ, told = built.get_environ(), list[str]()
        began = time.thread_time()
        chunks = self.app.wsgi_app(environ, lambda status, _headers, _e=None: told.append(status))
        size = sum(map(len, chunks))
        if hasattr(chunks, "close"):  # the short way leaves nothing open
            chunks.close()
        used = 1000 * (time.thread_time() - began)
        assert told[0].startswith("200"), (path, told, size)
        return used

    def answer(self, member: int) -> float:
        """Answer a question that was answered before."""
        asked = self.rng.choice(self.known)
        with self.app.app_context():
            version = db.session.execute(
                text("SELECT version FROM study_card WHERE member_id = :m AND question_id = :q"),
                {"m": member, "q": asked.id},
            ).scalar_one()
        body = (
            f"answer_id={new_id()}&question_id={asked.id}&revision={asked.revision}"
            f"&version={version}&way=due&choice=0&elapsed_ms=4000&csrf_token={self.token}"
        )
        kind = "application/x-www-form-urlencoded"
        return self.call("POST", "/study/answer", member, body.encode(), kind)

    def delivery(self) -> float:
        """Deliver 100 answers of a phone at once."""
        member, at = self.member(), int(time.time() * 1000)
        items = [
            {
                "id": new_id(),
                "sequence": n,
                "at": at - MOST + n,
                "question": self.known[n % len(self.known)].id,
                "revision": self.known[n % len(self.known)].revision,
                "response": [0],
                "elapsed": 4000,
            }
            for n in range(MOST)
        ]
        told = {"account": member, "device": "d" * 22, "now": at, "items": items}
        body = json.dumps(told).encode()
        return self.call("POST", "/api/sync", member, body, "application/json")

    def report(self) -> float:
        """Read what a whole site's units sum up to, as a unit report does."""
        with self.app.app_context():
            today = clock.study_day(clock.now())
            began, units = time.thread_time(), range(1, UNITS + 1)
            found = list_unit_chapters(units, today - timedelta(days=365), today)
            totals = list_unit_totals(units, today - timedelta(days=365), today)
            used = 1000 * (time.thread_time() - began)
            assert found
            assert totals
        return used

    def measure(self, number: int) -> Sample:
        """Ask everything `number` times, what everybody asks for twice of each person."""
        ask: dict[str, Callable[[int], float]] = {
            "answer": self.answer,
            "next": lambda member: self.call("GET", "/study", member),
            "home": lambda member: self.call("GET", "/", member),
        }
        found: Sample = {kind: [] for kind in KINDS}
        for kind, one in ask.items():
            for member in (self.member() for _n in range(number)):
                found[f"first_{kind}"].append(one(member))
                found[kind].append(one(member))
        found["report"] = [self.report() for _n in range(number)]
        return {**found, "delivery": [self.delivery() for _n in range(max(1, number // 10))]}


def sign_in(app: Flask, member: int) -> str:
    """Return the cookie of a new sign-in."""
    with app.app_context():
        with transaction() as session:
            token = start_session(session, member, "bench", clock.now())
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        held = {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": SECRET}
        signed = serializer.dumps(held)
    sheets = f"look={app.extensions['xueji_build']}"  # as on every visit but the first
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}; {sheets}"


def growth(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Return b of cost = a · size^b, fitted by least squares to the logarithms; 0 is flat."""
    xs, ys = [math.log(n) for n in sizes], [math.log(max(c, 1e-6)) for c in costs]
    x, y = statistics.fmean(xs), statistics.fmean(ys)
    spread = sum((a - x) ** 2 for a in xs)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / spread if spread else 0.0


def measure(sizes: Sequence[int], rounds: int, number: int, where: Path) -> dict[str, Any]:
    """Make a site of each size, ask them in turn, and return medians and growth."""
    base = where / "base"
    prepare(base, 1)
    app = create_app({"DATA": base}, commands=False)
    with app.app_context():
        questions = [
            (q.id, q.subject, q.chapter_id) for q in get_questions(list_question_ids()).values()
        ]
        db.session.remove()
        db.engine.dispose()
    sites = []
    for cards in sizes:
        folder = where / str(cards)
        shutil.copytree(base, folder)
        fill(folder / "xueji.sqlite3", cards, questions)
        sites.append(Site(folder, cards))
    logging.getLogger("app").setLevel(logging.CRITICAL)
    found: dict[int, Sample] = {cards: {kind: [] for kind in KINDS} for cards in sizes}
    for turn in range(rounds + 1):
        for site in sites:
            for kind, times in site.measure(number).items():
                found[site.cards][kind] += times if turn else []  # the first round warms up
    return _summary(sizes, found)


def _summary(sizes: Sequence[int], found: dict[int, Sample]) -> dict[str, Any]:
    """Return for each kind the medians by size, the largest against the smallest, and growth."""
    told: dict[str, Any] = {"sizes": list(sizes), "unit": "ms of processor time"}
    for kind in KINDS:
        costs = [statistics.median(found[cards][kind]) for cards in sizes]
        told[kind] = {
            "median": [round(cost, 3) for cost in costs],
            "last_to_first": round(costs[-1] / costs[0], 3),
            "growth": round(growth(sizes, costs), 3),
        }
    pairs = zip(told["delivery"]["median"], told["answer"]["median"], strict=True)
    told["delivery"]["to_one_answer"] = [round(a / b, 2) for a, b in pairs]
    told["process_mb"] = round(_stat(os.getpid())[1] / 2**20, 1)
    return told


def main(words: list[str]) -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000,10000000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--number", type=int, default=40, help="requests of each kind a round")
    parser.add_argument("--quick", action="store_true", help="two small sizes, one short round")
    choice = parser.parse_args(words)
    sizes = [1000, 5000] if choice.quick else [int(n) for n in choice.sizes.split(",")]
    rounds, number = (1, 3) if choice.quick else (choice.rounds, choice.number)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(sizes, rounds, number, Path(folder))))

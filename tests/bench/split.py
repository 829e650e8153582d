"""`python -m tests.bench.split`: one site's members on two PostgreSQL clusters, as a trial.

Members with odd numbers live in the east, those with even ones in the west; each shard is a
database with the site's own tables and nothing added. What is global, the question bank and the
units, is published in the east and reaches the west by PostgreSQL's logical replication. Everybody
answers through the site's own action on their own shard. In the end each shard may hold rows of
its own people only, in every table that has any; the sums of the units, added up over both shards
through postgres_fdw, must equal a count of all answers; and a change of the bank in the east must
be what the west asks from then on.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import text

from app.bank.actions import publish_bank
from app.bank.queries import get_questions, list_question_ids
from app.base import clock
from app.base.db import db
from app.base.ids import new_id
from app.factory import create_app
from app.org.actions import add_unit
from app.study.actions import Answer, answer_card
from tests.bench.cluster import Cluster

SHARDS = ("east", "west")
UNITS = 3
GLOBAL = (
    *("bank_document", "bank_edition", "bank_chapter", "bank_provision", "bank_question"),
    *("bank_revision", "bank_recheck", "bank_publication", "org_unit"),
)
LOGICAL = {"wal_level": "logical"}
PATIENCE = 60  # seconds for a change to arrive


class Shard:
    """One cluster with the site's tables, and the site on it."""

    def __init__(self, name: str, number: int, place: Path) -> None:
        self.name, self.number, folder = name, number, place / name
        folder.mkdir()
        self.cluster = Cluster(folder, settings=LOGICAL)
        self.cluster.make((name,))
        settings = {"DATA": place / f"data-{name}", "SQLALCHEMY_DATABASE_URI": self.cluster.url()}
        self.app: Flask = create_app({**settings, "TESTING": True}, commands=False)
        with self.app.app_context():
            db.create_all()
            db.session.remove()

    def run(self, *words: str | sql.Composed) -> list[Any]:
        """Say something to PostgreSQL itself; return the rows of the last answer."""
        conninfo = self.cluster.nodes[0].conninfo
        with psycopg.connect(conninfo, autocommit=True) as connection:
            for one in words:
                found = connection.execute(one)  # type: ignore[arg-type]
            return found.fetchall() if found.description else []

    def count_strangers(self) -> Counter[bool]:
        """Return how many rows of its own (False) and of other shards' people (True) it holds."""
        found = Counter[bool]()
        for table in db.metadata.sorted_tables:
            first = next(iter(table.primary_key.columns)).name
            if first in ("member_id", "user_id") or table.name == "accounts_user":
                query = sql.SQL("SELECT {} % 2 <> {}, count(*) FROM {} GROUP BY 1").format(
                    sql.Identifier(first), self.number, sql.Identifier(table.name)
                )
                found += Counter(dict(self.run(query)))
        return found

    def close(self) -> None:
        """End what runs."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.cluster.stop()


def follow(east: Shard, west: Shard) -> None:
    """Let the west have what is global in the east, now and from now on."""
    tables = ", ".join(GLOBAL)
    east.run(f"CREATE PUBLICATION global FOR TABLE {tables}")
    west.run(
        f"CREATE SUBSCRIPTION global CONNECTION '{east.cluster.nodes[0].conninfo}'"
        " PUBLICATION global"
    )
    wanted = east.run("SELECT count(*) FROM bank_revision")
    wait_until(lambda: west.run("SELECT count(*) FROM bank_revision") == wanted)
    wait_until(lambda: west.run("SELECT count(*) FROM org_unit") == [(UNITS,)])
    wait_until(lambda: west.run("SELECT count(*) FROM bank_publication") == [(1,)])


def wait_until(true: Callable[[], bool]) -> float:
    """Wait until something is so; return the seconds that took, stop when it takes too long."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > PATIENCE:
            raise SystemExit("what is global did not arrive")
        time.sleep(0.02)
    return round(time.monotonic() - began, 2)


def settle(shard: Shard, members: int) -> list[int]:
    """Add the people of a shard; return their numbers."""
    ids = [n for n in range(1000, 1000 + members) if n % 2 == shard.number]
    row = "INSERT INTO accounts_user (id, name, role, unit_id, created_at, language, theme,"
    row += " text_size, shortcuts) VALUES (:id, :name, 'member', :unit, 0, 'zh', 'auto', 18, true)"
    people = [{"id": n, "name": f"员{n}", "unit": n % UNITS + 1} for n in ids]
    with shard.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(row), people)
    return ids


def study(shard: Shard, members: list[int], answers: int) -> int:
    """Let everybody answer so many questions on their shard; return how many were taken."""
    with shard.app.app_context():
        asked = [q for q in get_questions(list_question_ids()).values() if q.kind == "single"]
        for member in members:
            for question in asked[:answers]:
                sent = Answer(new_id(), question.id, question.revision, 0, [0], 4000, "due")
                answer_card(member, sent, clock.now())
        db.session.remove()
    return len(members) * min(answers, len(asked))


def add_up(west: Shard, east: Shard) -> tuple[list[Any], list[Any]]:
    """Return (unit, reviews, met) over both shards, from the sums and from all answers."""
    node = east.cluster.nodes[0]
    west.run(
        "CREATE EXTENSION postgres_fdw",
        "CREATE SERVER east FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1',"
        f" port '{node.port}', dbname 'postgres')",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER east OPTIONS (user 'xueji')",
        "CREATE SCHEMA east",
        "IMPORT FOREIGN SCHEMA public LIMIT TO (study_unit_chapter, study_review)"
        " FROM SERVER east INTO east",
    )
    sums = west.run(
        "SELECT unit_id, sum(reviews), sum(met) FROM (SELECT * FROM study_unit_chapter"
        " UNION ALL SELECT * FROM east.study_unit_chapter) AS both_shards GROUP BY 1 ORDER BY 1"
    )
    counted = west.run(
        "SELECT unit_id, count(*), count(DISTINCT (member_id, question_id)) FROM"
        " (SELECT unit_id, member_id, question_id FROM study_review UNION ALL"
        " SELECT unit_id, member_id, question_id FROM east.study_review) AS both_shards"
        " GROUP BY 1 ORDER BY 1"
    )
    return sums, counted


def retire_one(east: Shard, west: Shard) -> float:
    """Stop a question in the east; return after how many seconds the west asks it no more."""
    with west.app.app_context():
        *_others, last = list_question_ids()
    east.run(
        sql.SQL("UPDATE bank_question SET status = 'retired' WHERE id = {}").format(last),
        sql.SQL("UPDATE bank_publication SET token = {}").format(new_id()),
    )

    def is_gone() -> bool:
        with west.app.app_context():
            return last not in list_question_ids()

    return wait_until(is_gone)


def measure(members: int, answers: int) -> dict[str, Any]:
    """Return what each shard holds, the sums over both, and how soon a change arrived."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        place = Path(name)
        place.chmod(0o711)  # a PostgreSQL of its own user must be able to pass
        shards = [Shard(one, 1 - number, place) for number, one in enumerate(SHARDS)]
        east, west = shards
        try:
            with east.app.app_context():
                for number in range(UNITS):
                    add_unit(f"u{number}", f"支部{number}", now=clock.now())
                publish_bank(east.app.config["QUESTION_BANK"], clock.now())
                db.session.remove()
            follow(east, west)
            taken = [study(shard, settle(shard, members), answers) for shard in shards]
            held = {shard.name: shard.count_strangers() for shard in shards}
            sums, counted = add_up(west, east)
            arrived = retire_one(east, west)
        finally:
            for shard in shards:
                shard.close()
    return {
        "members": members,
        "answers": dict(zip(SHARDS, taken, strict=True)),
        "rows_of_their_own": {name: found[False] for name, found in held.items()},
        "rows_of_others": sum(found[True] for found in held.values()),
        "sums_over_both": [[int(n) for n in row] for row in sums],
        "sums_equal_a_count": sums == counted and sum(n for _u, n, _m in counted) == sum(taken),
        "a_change_arrived_after_s": arrived,
    }


def main() -> None:
    """Print one JSON object; exit code 1 when a row lies elsewhere or the sums are wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=40)
    parser.add_argument("--answers", type=int, default=25, help="of each")
    choice = parser.parse_args()
    found = measure(choice.members, choice.answers)
    print(json.dumps(found))
    if found["rows_of_others"] or not found["sums_equal_a_count"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

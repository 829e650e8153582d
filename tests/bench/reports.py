"""How fast reports are over many people: `python -m tests.bench.reports [--json]`.

A unit of 10,000 members in 110 branches, 500 cards each, whose answers are written by SQL with
the summaries beside them; the report is asked for through the same query as the pages, and the
summaries are compared with a full recount. Item analysis reads a paper with 100,000 answers.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from app.accounts.queries import Viewer
from app.assess.actions import fold_reports
from app.assess.explain.reports import as_report
from app.assess.queries import get_paper_analysis, get_unit_figures
from app.bank.actions import publish_bank
from app.bank.queries import get_questions, list_question_ids
from app.base import clock
from app.base.clock import epoch, study_day
from app.base.db import db
from app.factory import create_app
from app.org.actions import add_unit
from app.quiz.actions import make_paper, publish_paper
from app.quiz.paper import Plan, Terms
from app.study.queries import list_missummed_units

ROUNDS = 7
BRANCHES = 100
VIEWER = Viewer(1, "总管", "admin", None, "zh", "auto", 18, True)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--members", type=int, default=10_000)
    asked.add_argument("--cards", type=int, default=500)
    asked.add_argument("--takers", type=int, default=2_000)
    asked.add_argument("--json", action="store_true")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XUEJI_DATA"] = folder
        found = measure(Path(folder), wanted.members, wanted.cards, wanted.takers)
    if wanted.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:32} {value}")


def measure(folder: Path, members: int, cards: int, takers: int) -> dict[str, Any]:
    """Return what was measured, in milliseconds and megabytes."""
    app = create_app({"WTF_CSRF_ENABLED": False})
    with app.test_request_context("/"):
        db.create_all()
        now = clock.now()
        publish_bank(app.config["QUESTION_BANK"], now)
        root = prepare_unit(members, now)
        prepare_answers(cards, now)
        db.session.rollback()  # what was written beside it is not in its snapshot
        since = time.perf_counter()
        folded = fold_reports(now)
        fold_s = time.perf_counter() - since
        paper_id = prepare_paper(root, takers, now)
        figures = get_unit_figures(VIEWER, root, False, now)
        asked = sum(chapter.asked for chapter in figures.chapters)
        report = time_it(lambda: get_unit_figures(VIEWER, root, False, clock.now()))
        words = time_it(lambda: as_report(figures, str))
        items = time_it(lambda: get_paper_analysis(VIEWER, paper_id, clock.now()), rounds=5)
        extra = most_memory(lambda: get_paper_analysis(VIEWER, paper_id, clock.now()))
        analysis = get_paper_analysis(VIEWER, paper_id, clock.now())
        assert analysis.whole is not None
        return {
            "members": members,
            "cards": members * cards,
            "delayed_answers": asked,
            "report_ms": report["ms"],
            "report_cpu_ms": report["cpu_ms"],
            "report_sql_ms": report["sql_ms"],
            "report_words_ms": words["ms"],
            "fold_s": round(fold_s, 1),
            "fold_rows": folded.rows,
            "wrong_units": len(list_missummed_units()),
            "item_answers": analysis.whole.answers,
            "items_ms": items["ms"],
            "items_cpu_ms": items["cpu_ms"],
            "items_extra_mb": round(extra, 1),
        }


def prepare_unit(members: int, now: datetime) -> int:
    """Make a unit with ten below it and ten below each, and its people; return the top."""
    root = add_unit("R", "党委", now=now)
    leaves = []
    for n in range(10):
        middle = add_unit(f"M{n}", f"总支{n}", parent_id=root, now=now)
        leaves += [
            add_unit(f"L{n}-{k}", f"支部{n}-{k}", parent_id=middle, now=now) for k in range(10)
        ]
    row = "INSERT INTO accounts_user (id, name, role, unit_id, created_at, language, theme,"
    row += " text_size, shortcuts, password_hash) VALUES (:id, :name, 'member', :unit, 0, 'zh',"
    row += " 'auto', 18, true, 'x')"
    people = [
        {"id": n, "name": f"员{n}", "unit": leaves[n % len(leaves)]} for n in range(1, members + 1)
    ]
    with db.engine.begin() as connection:
        connection.execute(text(row), people)
    return root


def prepare_answers(cards: int, now: datetime) -> None:
    """Write a first answer to every card, and one a month later to every fourth, with summaries."""
    questions = get_questions(list_question_ids()[:cards])
    today = study_day(now)
    places = [
        {"n": n, "q": q.id, "r": q.revision, "s": q.subject, "c": q.chapter_id}
        for n, q in enumerate(questions.values())
    ]
    first, later = today - timedelta(days=60), today - timedelta(days=20)
    insert = """INSERT INTO study_review (member_id, answer_id, question_id, revision, at_ms, day,
      rating, "right", before, response, elapsed_ms, way, disputed, unit_id, tally)
      SELECT u.id, :kind || p.n, p.q, p.r, :at, :day, 3, (u.id * 7 + p.n * 3) % 10 < 8, :before,
      'null', 9000, 'due', false, u.unit_id, :tally
      FROM accounts_user u CROSS JOIN bench_place p WHERE p.n % :every = 0"""
    sums = """SUM(CASE WHEN v.tally & 2 THEN 1 ELSE 0 END), COUNT(*),
      SUM(CASE WHEN v.tally & 4 THEN 1 ELSE 0 END),
      SUM(CASE WHEN v.tally & 4 AND v."right" THEN 1 ELSE 0 END), 0, 0, 0"""
    names = "met, reviews, delayed, recalled, self_rated, self_delayed, self_recalled"
    joined = "FROM study_review v JOIN bench_place p ON p.q = v.question_id"
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TEMP TABLE bench_place (n INTEGER, q TEXT PRIMARY KEY, r INTEGER,"
                " s TEXT, c TEXT)"
            )
        )
        connection.execute(text("INSERT INTO bench_place VALUES (:n, :q, :r, :s, :c)"), places)
        for kind, day, before, tally, every in (
            ("a", first, 0, 3, 1),
            ("b", later, 2, 5, 4),
        ):
            at = epoch(clock.day_start(day)) * 1000
            told = {"kind": kind, "at": at, "day": day.isoformat(), "before": before}
            connection.execute(text(insert), told | {"tally": tally, "every": every})
        connection.execute(
            text(
                f"INSERT INTO study_unit_chapter (unit_id, month, subject, chapter, {names})"
                f" SELECT v.unit_id, substr(v.day, 1, 7) || '-01', p.s, p.c, {sums} {joined}"
                " GROUP BY 1, 2, 3, 4"
            )
        )
        connection.execute(
            text(
                "INSERT INTO study_member_chapter (member_id, subject, chapter, last_day,"
                f" {names}) SELECT v.member_id, p.s, p.c, MAX(v.day), {sums} {joined}"
                " GROUP BY 1, 2, 3"
            )
        )


def prepare_paper(root: int, takers: int, now: datetime) -> int:
    """Make a paper of fifty questions that `takers` people have handed in; return its id."""
    ids = [q.id for q in get_questions(list_question_ids()).values() if q.kind == "single"][:50]
    terms = Terms("大考", "exam", root, duration_s=7200)
    paper_id = make_paper(VIEWER, terms, Plan(picked=tuple(ids), points={"single": 2}), now)
    publish_paper(VIEWER, paper_id, now)
    attempt = """INSERT INTO quiz_attempt (member_id, paper_id, number, seed, state, started_at,
      submitted_at, score, "full") SELECT id, :p, 1, 's', 'submitted', :at, :at, 80, 100
      FROM accounts_user WHERE id <= :n"""
    slot = """INSERT INTO quiz_slot (member_id, paper_id, number, slot, question_id, revision,
      points, seed, version, response, answered_at, "right", mark, marked_revision)
      SELECT u.id, :p, 1, q.n, q.q, q.r, 2, 's', 1, '[' || ((u.id + q.n) % 4) || ']', :at,
      (u.id * q.n) % 10 < 7, CASE WHEN (u.id * q.n) % 10 < 7 THEN 2.0 ELSE 0.0 END, q.r
      FROM accounts_user u CROSS JOIN bench_asked q WHERE u.id <= :n"""
    asked = [
        {"n": n, "q": q.id, "r": q.revision} for n, q in enumerate(get_questions(ids).values(), 1)
    ]
    told = {"p": paper_id, "at": epoch(now), "n": takers}
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE bench_asked (n INTEGER, q TEXT, r INTEGER)"))
        connection.execute(text("INSERT INTO bench_asked VALUES (:n, :q, :r)"), asked)
        connection.execute(text(attempt), told)
        connection.execute(text(slot), told)
    return paper_id


def time_it(ask: Callable[[], Any], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median time of warm calls, the database's part and the processor's, in ms."""
    spent: list[float] = []
    begun: list[float] = []

    def start(*_all: Any) -> None:
        begun.append(time.perf_counter())

    def stop(*_all: Any) -> None:
        spent.append(time.perf_counter() - begun.pop())

    event.listen(db.engine, "before_cursor_execute", start)
    event.listen(db.engine, "after_cursor_execute", stop)
    whole, inside, cpu = [], [], []
    for number in range(rounds + 1):
        db.session.rollback()
        spent.clear()
        since, used = time.perf_counter(), time.process_time()
        ask()
        if number:  # the first one warms
            cpu.append(time.process_time() - used)
            whole.append(time.perf_counter() - since)
            inside.append(sum(spent))
    event.remove(db.engine, "before_cursor_execute", start)
    event.remove(db.engine, "after_cursor_execute", stop)
    return {
        "ms": round(1000 * statistics.median(whole), 1),
        "sql_ms": round(1000 * statistics.median(inside), 1),
        "cpu_ms": round(1000 * statistics.median(cpu), 1),
    }


def most_memory(ask: Callable[[], Any]) -> float:
    """Return the most memory that a call held at once, in megabytes of Python objects."""
    tracemalloc.start()
    ask()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1024 / 1024


if __name__ == "__main__":
    main()

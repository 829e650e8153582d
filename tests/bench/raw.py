"""The ceiling of an answer: sqlite3 or psycopg alone, writing the same four rows as durably.

Nothing is asked, marked, worked out or shown; one process, one thread, one answer a transaction.
"""

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import psycopg

from app.base.ids import new_timed_id

SUMS = "met, reviews, delayed, recalled, self_rated, self_delayed, self_recalled"
WRITES = (
    """INSERT INTO study_review (member_id, answer_id, question_id, revision, at_ms, day, rating,
    "right", before, response, elapsed_ms, way, disputed, unit_id, tally) VALUES (:member, :answer,
    :question, 1, :at, :day, 1, false, 2, '[0]', 4000, 'due', false, 0, 5)""",
    """INSERT INTO study_card (member_id, question_id, version, state, step, stability, difficulty,
    last_day, wait, due_at, reps, lapses, first_day, last_at_ms, wrong_left, wrong_day, starred,
    suspended) VALUES (:member, :question, 1, 2, NULL, 3.1, 5.2, :day, 3, :at, 1, 0, :day, :at, 2,
    :day, false, false) ON CONFLICT (member_id, question_id) DO UPDATE SET
    version = study_card.version + 1, stability = excluded.stability + study_card.version,
    due_at = excluded.due_at + study_card.version""",
    f"""INSERT INTO study_member_chapter (member_id, subject, chapter, last_day, {SUMS})
    VALUES (:member, 's', 'c', :day, 1, 1, 0, 0, 0, 0, 0)
    ON CONFLICT (member_id, subject, chapter) DO UPDATE
    SET reviews = study_member_chapter.reviews + 1""",
    f"""INSERT INTO study_unit_chapter (unit_id, month, subject, chapter, {SUMS})
    VALUES (0, '2026-11-01', 's', 'c', 1, 1, 0, 0, 0, 0, 0)
    ON CONFLICT (unit_id, month, subject, chapter) DO UPDATE
    SET reviews = study_unit_chapter.reviews + 1""",
)


def write_answers(path: Path, questions: list[str], seconds: float, sync: str) -> tuple[float, int]:
    """Write answers for `seconds`; return (seconds used by the processor, how many answers).

    `path` is a file with the site's tables and at least one person.
    """
    with closing(open_to_write(path, sync)) as connection:
        member = last_member(connection)
        began, used, number = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() < began + seconds:
            write_answer(connection, member, questions, number)
            number += 1
        return time.process_time() - used, number


def open_to_write(path: Path, sync: str) -> sqlite3.Connection:
    """Return a connection that writes as durably as `sync` says; any thread may use it."""
    connection = sqlite3.connect(path, 10, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", f"synchronous={sync}", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def last_member(connection: sqlite3.Connection) -> int:
    """Return the member whose answers are written."""
    member: int = connection.execute("SELECT max(id) FROM accounts_user").fetchone()[0]
    return member


def write_answer(
    connection: sqlite3.Connection, member: int, questions: list[str], number: int
) -> None:
    """Write one answer, in a transaction of its own."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in WRITES:
        connection.execute(statement, _values(member, questions, number))
    connection.execute("COMMIT")


def write_to_postgresql(
    address: str, member: int, questions: list[str], seconds: float
) -> tuple[float, int]:
    """Write a member's answers for `seconds` over one connection, with prepared statements.

    Returns (seconds used by this process's processor, how many answers); what the database uses is
    its own.
    """
    statements = [re.sub(r":([a-z]+)", r"%(\1)s", statement) for statement in WRITES]
    with psycopg.connect(address) as connection:
        began, used, number = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() < began + seconds:
            for statement in statements:
                connection.execute(statement, _values(member, questions, number), prepare=True)  # type: ignore[call-overload]
            connection.commit()
            number += 1
        return time.process_time() - used, number


def _values(member: int, questions: list[str], number: int) -> dict[str, str | int]:
    """Return what one answer writes."""
    return {
        "member": member,
        "answer": new_timed_id(),
        "question": questions[number % len(questions)],
        "at": 1_795_000_000_000 + number,
        "day": "2026-11-25",
    }

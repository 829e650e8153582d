"""The smallest Flask application: the ceiling that pages are compared with.

`/` says hello; `/shaped` says what the file named by XUEJI_BENCH_SHAPE holds, a page of the site,
under as many headers of the same size, so that an equal number of bytes travels. `/asked` says the
same after it has run the page's one statement, and done nothing with its row. `/written` says hello
once it has written the rows of an answer, where and how the file named by XUEJI_BENCH_WRITE says.
With XUEJI_BENCH_BOUND=1 its threads share a processor, as those of the site do.
"""

import itertools
import json
import os
import sqlite3
import threading
from pathlib import Path

from flask import Flask, Response

from app.base.processor import share_one
from tests.bench.raw import last_member, open_to_write, write_answer

application = Flask(__name__)
SHAPE = os.environ.get("XUEJI_BENCH_SHAPE")
TEXT, HEADERS, ASKED = json.loads(Path(SHAPE).read_text()) if SHAPE else ("hello", {}, ("", "", {}))
_own = threading.local()


@application.get("/")
def hello() -> str:
    """Say hello."""
    return "hello"


@application.get("/shaped")
def shaped() -> Response:
    """Say as much as the site does."""
    response = Response(TEXT)
    response.headers.update(HEADERS)
    return response


@application.get("/asked")
def asked() -> Response:
    """Say as much as the site does, and ask the database as much."""
    path, statement, values = ASKED
    if not hasattr(_own, "raw"):
        _own.raw = sqlite3.connect(path, isolation_level=None)
    row = _own.raw.execute(statement, values).fetchone()
    assert row is not None
    return shaped()


def add_written(path: str, sync: str, questions: list[str]) -> None:
    """Let `/written` write through one connection, one answer after another."""
    writer, turn, number = open_to_write(Path(path), sync), threading.Lock(), itertools.count()
    member = last_member(writer)

    @application.post("/written")
    def written() -> str:
        with turn:
            write_answer(writer, member, questions, next(number))
        return "hello"


if WRITE := os.environ.get("XUEJI_BENCH_WRITE"):
    add_written(*json.loads(Path(WRITE).read_text()))
if os.environ.get("XUEJI_BENCH_BOUND") == "1":
    share_one()

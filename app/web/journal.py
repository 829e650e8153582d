"""One line of JSON on standard error for each request and each unforeseen error.

Nothing of a person is in it: the pattern of the route instead of the address, no query, no body,
no name, and of an error its kind and where it arose but not its message, which may quote what
people typed.
"""

import atexit
import functools
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any, NamedTuple, TextIO

import msgspec
from flask import Flask, g, has_request_context, request
from flask.globals import app_ctx
from werkzeug.wrappers import Response

from app.base.clock import machine_time
from app.base.config import ROOT
from app.base.ids import new_id

HEADER = "X-Request-Id"
KEY = "xueji.observers"
PAUSE = 0.2  # seconds
MOST = 100_000  # lines that wait for whoever reads them; then the oldest are dropped
FAILED, ANSWERED = (logging.WARNING, "warning"), (logging.INFO, "info")
logger = logging.getLogger("app")


class Lines(logging.Formatter):
    """Write a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: when, how bad, what; of which request; of an error where."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        if has_request_context():
            told["request"] = request_id()
        if record.exc_info and record.exc_info[1]:
            told |= describe(record.exc_info[1])
        return msgspec.json.encode(told).decode()


def describe(error: BaseException) -> dict[str, Any]:
    """Return the kind of an error, the system's code for it, and where it arose; no message.

    Of the way there only our own frames are told, and the last one, whosoever it is.
    """
    origin = getattr(error, "orig", None) or error
    codes = (getattr(origin, name, None) for name in ("sqlite_errorname", "sqlstate", "errno"))
    frames = extract_tb(error.__traceback__)
    own = [frame for frame in frames[:-1] if "site-packages" not in frame.filename]
    where = [
        f"{frame.filename.removeprefix(str(ROOT) + '/')}:{frame.lineno} {frame.name}"
        for frame in (*own, *frames[-1:])
    ]
    kinds = [type(one).__name__ for one in (error, origin)]
    return {
        "error": " from ".join(dict.fromkeys(kinds)),
        "code": next((code for code in codes if code), None),
        "where": where,
    }


def request_id() -> str:
    """Return the random id of this request; it is on the answer too, for people to quote."""
    if "request_id" not in g:
        g.request_id = new_id()
    return str(g.request_id)


class Answered(NamedTuple):
    """An answer: the id of its request, whose page it was, how it was asked and what it became.

    `endpoint` is None and `route` empty when the address is none of ours; `seconds` is how long it
    took, `at` when it was given, by the machine's clock.
    """

    request: str
    endpoint: str | None
    method: str
    route: str
    status: int
    seconds: float
    at: float


class Writer(logging.StreamHandler[TextIO]):
    """Writes lines to standard error, those of requests several at a time when told to gather.

    A request then neither waits for whoever reads the lines nor gives way to another thread on
    their account. What went wrong is written at once, after all that came before it.
    """

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(Lines())
        self.gathering = False
        self.gathered = deque[str | tuple[Flask, Answered]](maxlen=MOST)

    def note(self, app: Flask, answered: Answered) -> None:
        """Write the line of an answer, and let it be counted."""
        self.gathered.append((app, answered))
        if not self.gathering or answered.status >= 500:
            self.flush()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        self.gathered.append(self.format(record))
        self.flush()

    def flush(self) -> None:
        """Write and count all that was gathered."""
        with self.lock or nullcontext():
            lines = [one if isinstance(one, str) else _line_of(*one) for one in self._take()]
            with suppress(OSError, ValueError):  # nobody reads any more
                if told := [line for line in lines if line]:
                    self.stream.write("\n".join(told) + "\n")
                self.stream.flush()

    def _take(self) -> Iterator[str | tuple[Flask, Answered]]:
        """Yield what was gathered until now; more may come meanwhile."""
        for _one in range(len(self.gathered)):
            with suppress(IndexError):  # there is so much that the oldest was dropped
                yield self.gathered.popleft()

    def gather(self) -> None:
        """Write the lines of requests from now on a few times a second, and the last at the end."""
        self.gathering = True
        atexit.register(self.flush)
        threading.Thread(target=self._carry_on, name="journal", daemon=True).start()

    def _carry_on(self) -> None:
        """Write what has gathered, again and again."""
        while True:
            time.sleep(PAUSE)
            if self.gathered:
                self.flush()


WRITER = Writer()


def init_journal(app: Flask) -> None:
    """Write the lines of `app`; must come before everything else that looks at requests."""
    logger.setLevel(logging.INFO)
    if WRITER not in logger.handlers:
        logger.addHandler(WRITER)
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    """Give the request its id and note when it came."""
    own = app_ctx._get_current_object().g  # type: ignore[attr-defined]  # looked up once
    own.request_id, own.came = new_id(), time.perf_counter()


def _end(response: Response) -> Response:
    """Write the line of the request."""
    asked = request._get_current_object()  # type: ignore[attr-defined]
    rule, context = asked.url_rule, app_ctx._get_current_object()  # type: ignore[attr-defined]
    own = context.g
    place = asked.endpoint, asked.method, rule.rule if rule else ""
    took = time.perf_counter() - own.came
    told = own.request_id, *place, response.status_code, took, machine_time()
    WRITER.note(context.app, Answered(*told))
    response.headers.add(HEADER, own.request_id)
    return response


Observer = Callable[[Answered], None]


def add_observer(app: Flask, observer: Observer) -> None:
    """Let `observer` hear of every answer, at the latest when lines are written."""
    app.extensions.setdefault(KEY, []).append(observer)


def _line_of(app: Flask, answered: Answered) -> str:
    """Return the line of an answer, "" when lines like it are not wanted; tell whoever counts."""
    for observer in app.extensions.get(KEY, ()):
        observer(answered)
    level, word = FAILED if answered.status >= 500 else ANSWERED
    if not logger.isEnabledFor(level):
        return ""
    second, place = int(answered.at), answered[2:5]
    thousandths = int((answered.at - second) * 1000)
    return (
        f'{{"at":"{_second(second)}.{thousandths:03}+00:00",'
        f'"level":"{word}","event":"request",'
        f'"request":"{answered.request}",{_place(*place)},'
        f'"ms":{round(answered.seconds * 1000, 1)}}}'
    )


@functools.lru_cache(4)
def _second(at: int) -> str:
    """Return how a second stands in a line; hundreds of lines may be of the same one."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@functools.lru_cache(1000)
def _place(method: str, route: str, status: int) -> str:
    """Return how these stand in a line, without the braces; nearly all lines are of a few."""
    told = {"method": method if route else "", "route": route, "status": status}
    return msgspec.json.encode(told).decode()[1:-1]

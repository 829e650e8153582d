"""One line of JSON on standard error for each request and each unforeseen error.

Nothing of a person is in it: the pattern of the route instead of the address, no query, no body,
no name, and of an error its kind and where it arose but not its message, which may quote what
people typed.
"""

import logging
import sys
import time
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any

import msgspec
from flask import Flask, g, has_request_context, request
from flask.globals import app_ctx
from werkzeug.wrappers import Response

from app.base.config import ROOT
from app.base.ids import new_id

HEADER = "X-Request-Id"
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
        told |= getattr(record, "fields", {})
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


def init_journal(app: Flask) -> None:
    """Write the lines of `app`; must come before everything else that looks at requests."""
    logger.setLevel(logging.INFO)
    if not any(isinstance(handler.formatter, Lines) for handler in logger.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Lines())
        logger.addHandler(handler)
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    """Give the request its id and note when it came."""
    own = app_ctx._get_current_object().g  # type: ignore[attr-defined]  # looked up once
    own.request_id, own.came = new_id(), time.perf_counter()


def _end(response: Response) -> Response:
    """Write the line of the request."""
    asked = request._get_current_object()  # type: ignore[attr-defined]
    rule, own = asked.url_rule, app_ctx._get_current_object().g  # type: ignore[attr-defined]
    fields = {
        "method": asked.method if rule else "",
        "route": rule.rule if rule else "",
        "status": response.status_code,
        "ms": round((time.perf_counter() - own.came) * 1000, 1),
    }
    level = logging.WARNING if response.status_code >= 500 else logging.INFO
    if logger.isEnabledFor(level):  # made by hand: where in the code it was said is always here
        record = logging.LogRecord(logger.name, level, __file__, 0, "request", None, None)
        record.fields = fields
        logger.handle(record)
    response.headers.add(HEADER, own.request_id)
    return response


def elapsed() -> float:
    """Return the seconds since this request came."""
    came: float | None = g.get("came")
    return time.perf_counter() - came if came else 0.0

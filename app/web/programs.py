"""Addresses below /api/ are for the site's own scripts: JSON in and out, no forms, no strangers.

A form of another site cannot send JSON or a header of its own, and a script of another site must
ask the browser first, which nothing here allows; so no token is needed.
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_wtf import CSRFProtect
from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEADER = "X-Xueji"
JSON = "application/json"
P = ParamSpec("P")
R = TypeVar("R")


def is_program() -> bool:
    """Say whether the request is one of a script, which no page would help."""
    return request.path.startswith("/api/")


def json_only(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view be posted to by the site's own scripts only, with at most `most` bytes of JSON."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            request.max_content_length = most
            if not is_ours(request.environ):
                abort(403)
            if request.mimetype != JSON:
                abort(415)
            return view(*args, **kwargs)

        guarded.json_only = True  # type: ignore[attr-defined]
        return guarded

    return declare


def init_programs(app: Flask, tokens: CSRFProtect) -> None:
    """Ask no form token of views that take JSON from our own scripts."""
    for view in app.view_functions.values():
        if getattr(view, "json_only", False):
            tokens.exempt(view)


def is_ours(environ: "WSGIEnvironment") -> bool:
    """Say whether a script of this very site sent the request, as far as the browser tells."""
    origin = environ.get("HTTP_ORIGIN")
    return (
        "HTTP_" + HEADER.upper().replace("-", "_") in environ
        and environ.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin"
        and (origin is None or urlsplit(origin).netloc == get_host(environ))
    )

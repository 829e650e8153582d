"""Addresses below /api/ are for the site's own scripts: JSON in and out, no forms, no strangers.

A form of another site cannot send JSON or a header of its own, and a script of another site must
ask the browser first, which nothing here allows; so no token is needed.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_wtf import CSRFProtect

HEADER = "X-Xueji"
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
            if not _is_ours():
                abort(403)
            if request.mimetype != "application/json":
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


def _is_ours() -> bool:
    """Say whether a script of this very site sent the request, as far as the browser tells."""
    origin = request.headers.get("Origin")
    return (
        HEADER in request.headers
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        and (origin is None or urlsplit(origin).netloc == request.host)
    )

"""How much a request may carry: little, but for pages that take files from those who signed in.

The ceiling must stand before anything reads the form, and the token against forgery is read first.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_login import current_user

ROUND_A_FILE = 1024 * 1024  # bytes of a form besides its file
MOST_DRAINED = 128 * 1024 * 1024  # bytes
DRAINING = 20  # seconds
PIECE = 256 * 1024  # bytes
WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")
V = TypeVar("V", bound=Callable[..., Any])


def takes_files(most: int) -> Callable[[V], V]:
    """Let a view be sent a file of at most `most` bytes; stands below the permission."""

    def declare(view: V) -> V:
        view.largest_file = most  # type: ignore[attr-defined]
        return view

    return declare


def init_sizes(app: Flask) -> None:
    """Set each request's ceiling before its form is read; comes before the token's check."""
    app.before_request(_set_ceiling)


def _set_ceiling() -> None:
    """Raise the ceiling where a page takes files and the sender has signed in."""
    if request.method in WITHOUT_BODY:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    most: int | None = getattr(view, "largest_file", None)
    if most is not None and current_user.is_authenticated:
        request.max_content_length = most + ROUND_A_FILE


def drain() -> None:
    """Read what is still on its way and forget it, so that the browser gets to read our refusal.

    A browser that is cut off while it sends shows an error of its own. Only so much is read, and
    only for so long.
    """
    coming, end = request.environ["wsgi.input"], time.monotonic() + DRAINING
    left = min(request.content_length or 0, MOST_DRAINED)
    while left > 0 and time.monotonic() < end:
        piece = coming.read(min(PIECE, left))
        if not piece:
            return
        left -= len(piece)

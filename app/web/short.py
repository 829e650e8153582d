"""The short way: pages that everybody opens all the time, answered without opening a request.

What the framework does around such a page costs several times what the page costs. So a room may
hang a short page before its full one. It is asked when nothing about a request is unusual: a GET
without a query, from a browser that has the style sheets, with a cookie that was opened of late,
holds a sign-in and nothing to be said once. Who is signed in is asked of the database all the same,
and what guards, heads, counts and writes down every other page does so here. Whatever else comes
up, the request goes the full way, which decides; tests hold the answers of both equal.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flask import Flask, g
from sqlalchemy.exc import DBAPIError

from app.base import clock
from app.base.ids import new_id
from app.web import compression, csrf, headers, journal
from app.web.cookies import RememberingSessions
from app.web.permissions import admits
from app.web.stencil import ShortPen, Stencils, Unusual, stencils_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "xueji.short"
T = TypeVar("T")


@dataclass(frozen=True)
class Short(Generic[T]):
    """A short page: `find` asks who is signed in and what their page shows, `show` draws it.

    `find` gets the token of the sign-in and the moment, and returns None for the full way.
    """

    endpoint: str
    find: Callable[[str, datetime], tuple[Any, T] | None]
    show: Callable[[ShortPen, T, datetime], str]


def add_short(app: Flask, path: str, page: Short[Any]) -> None:
    """Let a short page answer at the path of its endpoint when nothing is unusual."""
    app.extensions.setdefault(KEY, {})[path] = page


def init_short(app: Flask) -> None:
    """Let the short pages of `app` come first; after everything that wraps its answers."""
    app.wsgi_app = _Way(app, app.wsgi_app)  # type: ignore[method-assign, assignment]


class _Way:
    """The application with its short pages before it."""

    def __init__(self, app: Flask, inner: "WSGIApplication") -> None:
        self.app, self.inner = app, inner
        self.pages: dict[str, Short[Any]] = app.extensions.setdefault(KEY, {})
        self.stencils: Stencils = stencils_of(app)
        self.heads = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", headers.PRIVATE),
            *headers.list_always(app),
        ]

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request the short way, or else the full one."""
        page = self.pages.get(environ["PATH_INFO"])
        held = self._held(environ) if page else None
        if page is None or held is None:
            return self.inner(environ, start)
        began = time.perf_counter()
        text = self._draw(page, held)
        if text is None:
            return self.inner(environ, start)
        body, heads = text.encode(), [*self.heads]
        if compression.is_wanted(environ.get("HTTP_ACCEPT_ENCODING", "")):
            body, packed = compression.pack(body)
            heads += [("Vary", "Cookie, Accept-Encoding"), *packed]
        else:
            heads.append(("Vary", "Cookie"))
        identity = new_id()
        heads += [("Content-Length", str(len(body))), (journal.HEADER, identity)]
        journal.tell(
            self.app,
            journal.Answered(identity, page.endpoint, "GET", environ["PATH_INFO"], 200),
            time.perf_counter() - began,
        )
        start("200 OK", heads)
        return [body]

    def _held(self, environ: "WSGIEnvironment") -> dict[str, Any] | None:
        """Return what the cookie of a usual request holds; None when anything is unusual."""
        cookie: str = environ.get("HTTP_COOKIE", "")
        usual = environ["REQUEST_METHOD"] == "GET" and self.stencils.sheets in cookie
        for name in ("QUERY_STRING", "SCRIPT_NAME", "HTTP_UPGRADE"):
            usual = usual and not environ.get(name)
        sessions = self.app.session_interface
        if not usual or not isinstance(sessions, RememberingSessions):
            return None
        held = sessions.find(cookie)
        if held is None or "_flashes" in held or csrf.FIELD not in held or "_user_id" not in held:
            return None
        return held

    def _draw(self, page: Short[Any], held: dict[str, Any]) -> str | None:
        """Return the page for whoever holds this sign-in; None for the full way."""
        with self.app.app_context():
            try:
                now = clock.now()
                found = page.find(held["_user_id"], now)
                if found is None or not admits(self.app, page.endpoint, found[0]):
                    return None
                viewer, told = found
                g.language = viewer.language
                pen = ShortPen(viewer, self.stencils, csrf.token_of(self.app, held[csrf.FIELD]))
                return page.show(pen, told, now)
            except (Unusual, DBAPIError):
                return None  # the full way draws what was never drawn, and says what is broken
            except Exception as error:
                if self.app.testing or self.app.debug:
                    raise
                self.app.logger.error("the short way failed", exc_info=error)
                return None

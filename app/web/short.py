"""The short way: pages that everybody opens all the time, answered without opening a request.

What the framework does around such a page costs several times what the page costs. So a room may
hang a short page before its full one. It is asked when nothing about a request is unusual: it has
no query and comes from a browser that has the style sheets, with a cookie that was opened of late,
holds a sign-in and nothing to be said once. Who is signed in is asked of the database all the same,
and what guards, heads, counts and writes down every other page does so here. Whatever else comes
up, the request goes the full way, which decides; tests hold the answers of both equal.
"""

import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import unquote_plus

from flask import Flask
from flask.ctx import AppContext
from flask.globals import _cv_app
from sqlalchemy.exc import DBAPIError

from app.base import clock
from app.base.db import reading_to_write
from app.base.errors import XuejiError
from app.base.ids import new_id
from app.web import compression, csrf, headers, journal, programs
from app.web.cookies import RememberingSessions
from app.web.pens import ShortPen, Unusual
from app.web.permissions import admits
from app.web.stencil import Stencils, stencils_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "xueji.short"
S = TypeVar("S")
T = TypeVar("T")
Form = Mapping[str, list[str]]
LARGEST = 8 * 1024  # bytes of a form; a usual one has some hundred
ENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Short(Generic[T]):
    """A short page: `find` asks who is signed in and what their page shows, `show` draws it.

    `find` gets the token of the sign-in and the moment, and returns None for the full way.
    """

    endpoint: str
    find: Callable[[str, datetime], tuple[Any, T] | None]
    show: Callable[[ShortPen, T, datetime], bytes]


@dataclass(frozen=True)
class ShortForm(Generic[S, T]):
    """A short answer to a form with a good token.

    `find` reads who is signed in and what the form needs; `take` does what it asks for, and `show`
    draws the page after it. Any of them may leave the form to the full way, even when it is done:
    so it must be one that is done only once however often it is sent.
    """

    endpoint: str
    find: Callable[[str, Form, datetime], tuple[Any, S] | None]
    take: Callable[[Any, S, datetime], T | None]
    show: Callable[[ShortPen, T, datetime], bytes]


@dataclass(frozen=True)
class ShortProgram(Generic[S]):
    """A short answer to what one of the site's own scripts posts, at most `most` bytes of JSON.

    As with a form: `find` reads who is signed in and what is asked, `take` does it and returns the
    JSON that answers.
    """

    endpoint: str
    most: int
    find: Callable[[str, bytes, datetime], tuple[Any, S] | None]
    take: Callable[[Any, S, datetime], bytes | None]


AnyPosted = ShortForm[Any, Any] | ShortProgram[Any]
AnyShort = Short[Any] | AnyPosted


def add_short(app: Flask, path: str, page: AnyShort) -> None:
    """Let a short page answer at the path of its endpoint when nothing is unusual."""
    app.extensions.setdefault(KEY, {})[path] = page


def init_short(app: Flask) -> None:
    """Let the short pages of `app` come first; after everything that wraps its answers."""
    app.wsgi_app = _Way(app, app.wsgi_app)  # type: ignore[method-assign, assignment]


class _Context(AppContext):
    """The framework's context of an application, without what the short way has no use for.

    Nobody is told that it comes and goes, and it builds no addresses; whatever is to be done at the
    end of every context is done at the end of this one.
    """

    def __init__(self, app: Flask) -> None:
        self.app, self.g, self.url_adapter = app, app.app_ctx_globals_class(), None

    def __enter__(self) -> "_Context":
        """Begin."""
        self.token = _cv_app.set(self)
        return self

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        """End."""
        try:
            for end in self.app.teardown_appcontext_funcs:
                end(error)
        finally:
            _cv_app.reset(self.token)


class _Way:
    """The application with its short pages before it."""

    def __init__(self, app: Flask, inner: "WSGIApplication") -> None:
        self.app, self.inner = app, inner
        self.pages: dict[str, AnyShort] = app.extensions.setdefault(KEY, {})
        self.stencils: Stencils = stencils_of(app)
        always = [("Cache-Control", headers.PRIVATE), *headers.list_always(app)]
        self.html = [("Content-Type", "text/html; charset=utf-8"), *always]
        self.json = [("Content-Type", programs.JSON), *always]

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request the short way, or else the full one."""
        page = self.pages.get(environ["PATH_INFO"])
        held = self._held(environ) if page else None
        if page is None or held is None:
            return self.inner(environ, start)
        began, method = time.perf_counter(), environ["REQUEST_METHOD"]
        if isinstance(page, Short):
            body = self._draw(page, held) if method == "GET" else None
        else:
            sent = self._sent(environ, page, held) if method == "POST" else None
            body = self._draw(page, held, sent) if sent else None
        if body is None:
            return self.inner(environ, start)
        heads = (self.json if isinstance(page, ShortProgram) else self.html).copy()
        if compression.is_wanted(environ.get("HTTP_ACCEPT_ENCODING", "")):
            body, packed = compression.pack(body)
            heads += [("Vary", "Cookie, Accept-Encoding"), *packed]
        else:
            heads.append(("Vary", "Cookie"))
        identity = new_id()
        heads += [("Content-Length", str(len(body))), (journal.HEADER, identity)]
        place = page.endpoint, method, environ["PATH_INFO"]
        took = time.perf_counter() - began
        answered = journal.Answered(identity, *place, 200, took, clock.machine_time())
        journal.WRITER.note(self.app, answered)
        start("200 OK", heads)
        return [body]

    def _held(self, environ: "WSGIEnvironment") -> dict[str, Any] | None:
        """Return what the cookie of a usual request holds; None when anything is unusual."""
        cookie: str = environ.get("HTTP_COOKIE", "")
        usual = self.stencils.sheets in cookie
        for name in ("QUERY_STRING", "SCRIPT_NAME", "HTTP_UPGRADE"):
            usual = usual and not environ.get(name)
        sessions = self.app.session_interface
        if not usual or not isinstance(sessions, RememberingSessions):
            return None
        held = sessions.find(cookie)
        if held is None or "_flashes" in held or csrf.FIELD not in held or "_user_id" not in held:
            return None
        return held

    def _sent(
        self, environ: "WSGIEnvironment", page: AnyPosted, held: dict[str, Any]
    ) -> Form | bytes | None:
        """Return what is posted by a page or script of ours; the full way can read it again."""
        if isinstance(page, ShortForm):
            body = _read(environ, ENCODED, LARGEST)
            return self._fields(body, held) if body else None
        return _read(environ, programs.JSON, page.most) if programs.is_ours(environ) else None

    def _fields(self, body: bytes, held: dict[str, Any]) -> Form | None:
        """Return the fields of a form with this browser's token."""
        try:
            sent = read_fields(body.decode())
        except ValueError:
            return None
        token = csrf.token_of(self.app, held[csrf.FIELD])
        given = sent.get(csrf.FIELD, [""])[0]
        return sent if hmac.compare_digest(given.encode(), token.encode()) else None

    def _guarded(
        self, context: AppContext, page: Any, found: tuple[Any, T] | None
    ) -> tuple[Any, T] | None:
        """Return what was found for somebody who may see it, and speak their language from now."""
        if found is None or not admits(self.app, page.endpoint, found[0]):
            return None
        context.g.language = found[0].language
        return found

    def _take(
        self, context: AppContext, page: AnyPosted, token: str, sent: Any, now: datetime
    ) -> tuple[Any, Any] | None:
        """Do what is asked for; return who asked and what they are told."""
        with reading_to_write():
            found = self._guarded(context, page, page.find(token, sent, now))
            told = page.take(found[0], found[1], now) if found else None
        return None if found is None or told is None else (found[0], told)

    def _draw(self, page: AnyShort, held: dict[str, Any], sent: Any = None) -> bytes | None:
        """Return the page for whoever holds this sign-in; None for the full way."""
        with _Context(self.app) as context:
            try:
                now, token = clock.now_in(self.app.config), held["_user_id"]
                if isinstance(page, Short):
                    found = self._guarded(context, page, page.find(token, now))
                else:
                    found = self._take(context, page, token, sent, now)
                if found is None:
                    return None
                viewer, told = found
                if isinstance(page, ShortProgram):
                    return cast(bytes, told)
                pen = ShortPen(viewer, self.stencils, csrf.token_of(self.app, held[csrf.FIELD]))
                return page.show(pen, told, now)
            except (Unusual, DBAPIError, XuejiError):
                return None  # the full way draws what was never drawn, and says what is wrong
            except Exception as error:
                if self.app.testing or self.app.debug:
                    raise
                self.app.logger.error("the short way failed", exc_info=error)
                return None


def _read(environ: "WSGIEnvironment", kind: str, most: int) -> bytes | None:
    """Return a body of that kind and at most so many bytes, and leave it to be read again."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != kind or not length.isdecimal() or int(length) > most:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body


def read_fields(body: str) -> dict[str, list[str]]:
    """Return the fields of a form as browsers send it: `parse_qs` without what is not needed here.

    Raises ValueError when quoted bytes are no text.
    """
    found: dict[str, list[str]] = {}
    for pair in body.split("&"):
        name, _equals, value = pair.partition("=")
        if "%" in pair or "+" in pair:
            name, value = (unquote_plus(one, errors="strict") for one in (name, value))
        if pair:
            found.setdefault(name, []).append(value)
    return found

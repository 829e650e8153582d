"""The signed cookie: opened once, and then known for a minute without checking its signature again.

Who is signed in is asked of the database at every request all the same: what is remembered here is
only that we signed these very bytes, which nothing can make untrue.
"""

import time
from collections import OrderedDict
from threading import Lock
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from app.web.vary import add_vary

SECONDS = 60  # how long past its end a cookie might be taken, of sixty days
MOST = 10_000
LONGEST = 2000  # characters of what is remembered
SIMPLE = (str, int, bool)


class RememberingSessions(SecureCookieSessionInterface):
    """Flask's sessions in cookies, with the newest cookies remembered."""

    def __init__(self) -> None:
        self.known: OrderedDict[str, tuple[float, dict[str, Any]]] = OrderedDict()
        self.lock = Lock()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds."""
        cookie = request.environ.get("HTTP_COOKIE")  # with all others: taking them apart takes time
        found = self.find(cookie) if cookie else None
        if found is not None:
            return SecureCookieSession(found)
        opened = super().open_session(app, request)
        if (
            cookie
            and len(cookie) < LONGEST
            and opened
            and all(isinstance(value, SIMPLE) for value in opened.values())
        ):
            self._remember(cookie, dict(opened))
        return opened

    def find(self, cookie: str) -> dict[str, Any] | None:
        """Return what a cookie held when it was opened of late, not to be changed; else None."""
        found = self.known.get(cookie)
        return found[1] if found is not None and time.monotonic() < found[0] else None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie if it has changed; most requests only say that their page depends on it.

        (No cookie is written anew for its age, see SESSION_REFRESH_EACH_REQUEST.)
        """
        if session and not session.modified:
            if session.accessed:
                add_vary(response, "Cookie")
            return
        super().save_session(app, session, response)

    def _remember(self, cookie: str, held: dict[str, Any]) -> None:
        """Keep what a cookie holds, and forget the oldest."""
        with self.lock:
            self.known[cookie] = time.monotonic() + SECONDS, held
            self.known.move_to_end(cookie)
            while len(self.known) > MOST:
                self.known.popitem(last=False)


def init_cookies(app: Flask) -> None:
    """Open the cookies of `app` this way."""
    app.session_interface = RememberingSessions()

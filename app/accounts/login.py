"""How a browser is known again: the signed cookie holds a session token, the table its hash."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request, session
from flask.globals import app_ctx
from flask_login import LoginManager, login_user, logout_user
from werkzeug.wrappers import Response

from app.accounts import actions, passwords, proof, queries
from app.base.clock import epoch, now
from app.base.ids import digest

WAITING = "waiting"  # in the cookie: the token of a sign-in that waits for the second factor
V = TypeVar("V", bound=Callable[..., Any])


def while_confined(view: V) -> V:
    """Let a view know also those who may do nothing yet but set up a second factor."""
    view.while_confined = True  # type: ignore[attr-defined]
    return view


class Known(LoginManager):  # type: ignore[misc]
    """Flask-Login by the session's token alone: no cookie to remember, no tie to a browser."""

    def _load_user(self) -> None:
        """Find out who is signed in."""
        token = session.get("_user_id")
        self._update_request_context_with_user(_load(token) if token is not None else None)

    def _update_remember_cookie(self, response: Response) -> Response:
        """Leave the answer alone: there is no such cookie."""
        return response


def init_login(app: Flask) -> None:
    """Teach `app` who is signed in; tests may use cheap passwords."""
    app.config.setdefault(
        "PASSWORD_COST", passwords.CHEAP if app.config.get("TESTING") else passwords.STRONG
    )
    manager = Known()
    manager.init_app(app)
    app.before_request(_forget)
    passwords.is_right(None, "", app.config["PASSWORD_COST"])  # the dummy hash is made now


def _forget() -> None:
    """Start each request with nobody known, even inside a longer application context."""
    app_ctx._get_current_object().g.pop("_login_user", None)  # type: ignore[attr-defined]


def _load(token: str) -> queries.Viewer | None:
    """Return who holds the token; nobody while they must first set up a second factor."""
    moment = now()
    viewer = queries.find_viewer(token, moment)
    if viewer is None or queries.is_ordinary(viewer, epoch(moment)):
        return viewer
    if viewer.role != "member" and is_confined(viewer):
        view = current_app.view_functions.get(request.endpoint or "")
        return viewer if getattr(view, "while_confined", False) else None
    if viewer.seen_at < epoch(moment) - queries.NOTED_EVERY:
        actions.touch_session(token, moment)
    return viewer


def remember(token: str) -> None:
    """Give the browser a fresh cookie with `token`; nothing of an earlier session survives."""
    session.clear()
    viewer = queries.find_viewer(token, now())
    if viewer:
        login_user(viewer)
        session.permanent = True
    else:
        session[WAITING] = token


def waiting_token() -> str | None:
    """Return the token of this browser's sign-in that waits for the second factor, if any."""
    token = session.get(WAITING)
    return token if isinstance(token, str) else None


def is_confined(viewer: queries.Viewer) -> bool:
    """Say whether this session may do nothing yet but set up or show a second factor."""
    return proof.is_confined(current_app.config["SECOND_FACTOR"], viewer.role, viewer.second)


def find_confined() -> queries.Viewer | None:
    """Return who holds this browser's session though no page knows them: they are confined."""
    token = held_token()
    return queries.find_viewer(token, now()) if token else None


def held_token() -> str | None:
    """Return the token this browser holds, valid or not."""
    token = session.get("_user_id")
    return token if isinstance(token, str) else None


def forget() -> None:
    """Take the sign-in out of this browser's cookie."""
    logout_user()
    session.clear()


def this_device() -> str:
    """Return the key of the device this request comes from."""
    return digest(held_token() or "")

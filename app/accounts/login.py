"""How a browser is known again: the signed cookie holds a session token, the table its hash."""

from flask import Flask, g, session
from flask_login import LoginManager, login_user, logout_user

from app.accounts import actions, passwords, queries
from app.base.clock import epoch, now
from app.base.ids import digest

DAY = 24 * 3600


def init_login(app: Flask) -> None:
    """Teach `app` who is signed in; tests may use cheap passwords."""
    app.config.setdefault(
        "PASSWORD_COST", passwords.CHEAP if app.config.get("TESTING") else passwords.STRONG
    )
    manager = LoginManager()
    # Flask-Login's protection ties a session to the exact browser version; updates sign people out.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app)
    app.before_request(_forget)
    passwords.is_right(None, "", app.config["PASSWORD_COST"])  # the dummy hash is made now


def _forget() -> None:
    """Start each request with nobody known, even inside a longer application context."""
    g.pop("_login_user", None)


def _load(token: str) -> queries.Viewer | None:
    viewer = queries.find_viewer(token, now())
    if viewer and viewer.seen_at < epoch(now()) - DAY:
        actions.touch_session(token, now())
    return viewer


def remember(token: str) -> None:
    """Give the browser a fresh cookie with `token`; nothing of an earlier session survives."""
    session.clear()
    viewer = queries.find_viewer(token, now())
    if viewer:
        login_user(viewer)
        session.permanent = True


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

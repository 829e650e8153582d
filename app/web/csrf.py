"""The form token, signed once a sign-in and not once a page: a page has half a dozen forms.

A token says nothing but that we gave it to this browser, and holds as long as its sign-in does,
so the one that was signed first is as good as any later one.
"""

import functools
import hmac

from flask import Flask, current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from app.web.programs import is_program

FIELD = "csrf_token"
MOST = 10_000  # browsers whose token is kept


class RememberingProtect(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's check, without checking again the very token this process has signed."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a form without a token of its own browser."""
        method = request.method
        if method in ("GET", "HEAD"):
            return
        if method == "POST" and not is_program() and FIELD in session:
            sent, own = request.form.get(FIELD, ""), _signed(_secret(), session[FIELD])
            if hmac.compare_digest(sent.encode(), own.encode()):
                g.csrf_valid = True
                return
        super().protect(apply_exemptions)


def _secret() -> str:
    """Return what tokens are signed with."""
    return str(current_app.secret_key)


@functools.lru_cache(MOST)
def _signed(secret: str, held: str) -> str:
    """Return the token of a browser that holds this secret, as Flask-WTF signs and checks it."""
    return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(held))


def token_of(app: Flask, held: str) -> str:
    """Return the token for forms of a browser whose cookie holds this secret."""
    return _signed(str(app.secret_key), held)


def form_token() -> str:
    """Return the token that this browser's forms carry; what was signed is remembered."""
    held = session.get(FIELD)
    return _signed(_secret(), held) if held else str(generate_csrf())


def init_tokens(app: Flask) -> None:
    """Give templates `csrf_token()`."""

    def token() -> str:
        mark: str | None = g.get("token_mark")  # while a stencil is drawn
        return mark or form_token()

    app.jinja_env.globals[FIELD] = token
    app.context_processor(lambda: {FIELD: token})  # Flask-WTF gives templates its own both ways

"""The form token, signed once a sign-in and not once a page: a page has half a dozen forms.

A token says nothing but that we gave it to this browser, and holds as long as its sign-in does,
so the one that was signed first is as good as any later one.
"""

import functools

from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

FIELD = "csrf_token"
MOST = 10_000  # browsers whose token is kept


def init_tokens(app: Flask) -> None:
    """Give templates `csrf_token()` that remembers what it has signed."""

    @functools.lru_cache(MOST)
    def signed(held: str) -> str:  # as Flask-WTF signs and checks it
        return str(URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(held))

    def token() -> str:
        if "token_mark" in g:  # a stencil is being drawn
            return str(g.token_mark)
        held = session.get(FIELD)
        return signed(held) if held else str(generate_csrf())

    app.jinja_env.globals[FIELD] = token
    app.context_processor(lambda: {FIELD: token})  # Flask-WTF gives templates its own both ways

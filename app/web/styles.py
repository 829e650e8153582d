"""Style sheets: inside the page on a first visit, so that one reply is enough to paint it.

On a bad line each further file costs seconds. So whoever does not have the sheets of this build
gets them in the page, by their hashes and nothing else allowed by its policy; beside that they are
fetched for later, and for paper, without the page waiting (`media="print"`), and a cookie says that
they are there.
"""

import base64
import hashlib
from pathlib import Path

from flask import Flask, current_app, g, request
from flask.globals import app_ctx, request_ctx
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.web.packing import for_screens
from app.web.vary import add_vary

COOKIE = "look"
YEAR = 365 * 24 * 3600  # seconds


def init_styles(app: Flask, folder: Path, prefix: str) -> None:
    """Give templates `styles()`, for the sheets of a folder that lie under an address."""
    build: str = app.extensions["xueji_build"]
    sheets = {path.name: _inside(for_screens(path.read_text())) for path in folder.glob("*.css")}

    def styles(*names: str, inside: bool = False) -> Markup:
        """Return what brings sheets to the page, one after the other; `inside` at every visit."""
        address = f'<link rel="stylesheet" href="{prefix}css/%s">'
        if not inside and request.cookies.get(cookie_name()) == build:
            return Markup("".join(address % name for name in names))
        late = address.replace(" href=", ' media="print" href=')
        g.setdefault("sheets", []).extend(sheets[name][1] for name in names)
        return Markup("".join(sheets[name][0] + late % name for name in names))

    app.jinja_env.globals["styles"] = styles
    app.before_request(_forget)
    app.after_request(_remember)


def _forget() -> None:
    """Begin each page without sheets, inside a longer application context too."""
    app_ctx._get_current_object().g.pop("sheets", None)  # type: ignore[attr-defined]


def _inside(text: str) -> tuple[str, str]:
    """Return a sheet as it stands in a page, and the source that a policy allows for it."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"<style>{text}</style>", f"'sha256-{digest}'"


def allowed() -> str:
    """Return the sources to be added to the policy of this page: " 'sha256-…'" or ""."""
    return "".join(f" {source}" for source in dict.fromkeys(g.get("sheets", ())))


def cookie_name() -> str:
    """Return the name of the cookie, which under HTTPS is bound to this host."""
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _remember(response: Response) -> Response:
    """Note in the browser that it has the sheets; a page of a refusal is no visit."""
    context = request_ctx._get_current_object()  # type: ignore[attr-defined]  # looked up once
    sheets = "sheets" in g
    if not sheets and f"{COOKIE}=" in context.request.environ.get("HTTP_COOKIE", ""):
        add_vary(response, "Cookie")  # nearly every page: nothing to be said but this
        return response
    if g.get("sheets") and response.status_code == 200:
        secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
        build: str = current_app.extensions["xueji_build"]
        response.set_cookie(
            cookie_name(), build, max_age=YEAR, secure=secure, samesite="Lax", httponly=True
        )
    if sheets or request.cookies.get(cookie_name()):
        add_vary(response, "Cookie")
    return response

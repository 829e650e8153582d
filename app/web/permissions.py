"""Who may open what: each view declares its level, and one guard asks for it.

A role holds a set of levels; there is no ladder, because an editor of questions has no business
with people, and an auditor reads what a trainer sees without changing it. Somebody without the
right sees exactly the page that a missing address gives, so that nobody can find out what exists.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, url_for
from flask.globals import request_ctx
from flask_login import current_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from app.base.errors import Forbidden
from app.web.programs import is_program

Level = Literal["public", "member", "reader", "trainer", "editor", "auditor", "admin"]
LEVELS: frozenset[str] = frozenset(Level.__args__)  # type: ignore[attr-defined]
EVERYBODY: frozenset[str] = frozenset({"public", "member"})
GRANTS: dict[str, frozenset[str]] = {
    "member": EVERYBODY,
    "trainer": EVERYBODY | {"reader", "trainer"},
    "editor": EVERYBODY | {"editor"},
    "auditor": EVERYBODY | {"reader", "auditor"},
    "admin": LEVELS,
}
OR = " or "
KEY = "xueji.permissions"
NOTHING: frozenset[str] = frozenset()
V = TypeVar("V", bound=Callable[..., Any])


def permission(*levels: Level) -> Callable[[V], V]:
    """Declare whose view it is: one of the levels is enough; stands directly under the route.

    "reader" is for pages that show people and change nothing, so it never stands on a POST.
    """

    def declare(view: V) -> V:
        view.permission = OR.join(levels)  # type: ignore[attr-defined]
        return view

    return declare


def fresh(view: V) -> V:
    """Ask who opens this view to prove anew who they are, unless they did so lately.

    For acts that cannot be taken back or that open doors: a browser left open on a desk, or a
    copied cookie, must not be enough for them.
    """
    view.fresh = True  # type: ignore[attr-defined]
    return view


def grants(role: str, *levels: str) -> bool:
    """Say whether a role holds one of the levels; unknown roles hold none."""
    return not GRANTS.get(role, frozenset()).isdisjoint(levels)


def declared(app: Flask) -> dict[str, str]:
    """Return endpoint → levels; an endpoint that declares none maps to an empty string."""
    return {name: getattr(view, "permission", "") for name, view in app.view_functions.items()}


def init_permissions(app: Flask) -> None:
    """Refuse to start with an undeclared view, and guard every request."""
    undeclared = [n for n, levels in declared(app).items() if not LEVELS.issuperset(_split(levels))]
    if undeclared:
        raise RuntimeError(f"views without @permission: {', '.join(undeclared)}")
    app.extensions[KEY] = {}
    app.before_request(_guard)
    app.jinja_env.globals["may"] = _may


def _split(levels: str) -> list[str]:
    """Return the levels of a declaration."""
    return levels.split(OR)


def _may(*levels: str) -> bool:
    """Say whether the person who is signed in holds one of the levels; for templates."""
    return current_user.is_authenticated and grants(current_user.role, *levels)


def _guard() -> Response | None:
    """Let the request pass, send it to sign-in, or show the page of a missing address."""
    context = request_ctx._get_current_object()  # type: ignore[attr-defined]  # looked up once
    endpoint = context.request.endpoint
    if endpoint is None:
        return None
    levels = _levels(context.app, endpoint)
    if "public" in levels:
        return None
    viewer = current_user._get_current_object()
    if not viewer.is_authenticated and is_program():
        raise Unauthorized  # a program keeps what it has; a sign-in page would tell it nothing
    if not viewer.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=back))
    if levels.isdisjoint(GRANTS.get(viewer.role, NOTHING)):
        raise Forbidden("没有找到这一页。")
    if viewer.fresh:
        return None
    return (
        ask_to_confirm() if getattr(current_app.view_functions[endpoint], "fresh", False) else None
    )


def _levels(app: Flask, endpoint: str) -> frozenset[str]:
    """Return the levels an endpoint declares, read once."""
    known: dict[str, frozenset[str]] = app.extensions[KEY]
    levels = known.get(endpoint)
    if levels is None:
        levels = known[endpoint] = frozenset(_split(declared_level(endpoint)))
    return levels


def admits(app: Flask, endpoint: str, viewer: Any) -> bool:
    """Say whether the guard would let somebody who is signed in pass without a word."""
    if getattr(app.view_functions[endpoint], "fresh", False) and not viewer.fresh:
        return False
    return not _levels(app, endpoint).isdisjoint(GRANTS.get(viewer.role, NOTHING))


def ask_to_confirm() -> Response:
    """Send the person to prove anew who they are, and then back to where they can go on."""
    if is_program():
        raise Unauthorized
    opens = "GET" in getattr(request.url_rule, "methods", ())
    came_from = urlsplit(request.headers.get("Referer", "")).path
    back = request.full_path.rstrip("?") if opens else came_from
    return redirect(url_for("accounts.confirm", next=back or None))


def declared_level(endpoint: str) -> str:
    """Return the declaration of one endpoint."""
    return str(getattr(current_app.view_functions[endpoint], "permission", "admin"))

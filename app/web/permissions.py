"""Who may open what: each view declares its level, and one guard asks for it.

Somebody without the right sees exactly the page that a missing address gives, so that nobody can
find out what exists.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from app.base.errors import Forbidden
from app.web.programs import is_program

Level = Literal["public", "member", "trainer", "admin"]
RANK: dict[str, int] = {"public": 0, "member": 1, "trainer": 2, "admin": 3}
V = TypeVar("V", bound=Callable[..., Any])


def permission(level: Level) -> Callable[[V], V]:
    """Declare the least role that may use a view; stands directly under the route."""

    def declare(view: V) -> V:
        view.permission = level  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask) -> dict[str, str]:
    """Return endpoint → level; an endpoint that declares none maps to an empty string."""
    return {name: getattr(view, "permission", "") for name, view in app.view_functions.items()}


def init_permissions(app: Flask) -> None:
    """Refuse to start with an undeclared view, and guard every request."""
    undeclared = [name for name, level in declared(app).items() if level not in RANK]
    if undeclared:
        raise RuntimeError(f"views without @permission: {', '.join(undeclared)}")
    app.before_request(_guard)


def _guard() -> Response | None:
    """Let the request pass, send it to sign-in, or show the page of a missing address."""
    if request.endpoint is None:
        return None
    level = RANK[declared_level(request.endpoint)]
    if level == 0:
        return None
    if not current_user.is_authenticated and is_program():
        raise Unauthorized  # a program keeps what it has; a sign-in page would tell it nothing
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=back))
    if RANK[current_user.role] < level:
        raise Forbidden("没有找到这一页。")
    return None


def declared_level(endpoint: str) -> str:
    """Return the level of one endpoint."""
    return str(getattr(current_app.view_functions[endpoint], "permission", "admin"))

"""Views that everybody opens all the time take turns (`base.turn`): none of them waits long.

Their bodies are read first, so that nobody's slow line is waited for.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask

from app.base.turn import taking_turns

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST = 64 * 1024  # bytes of a body that is read ahead; what sends more takes no turn
V = TypeVar("V", bound=Callable[..., Any])


def quick(view: V) -> V:
    """Declare that a view only reads and writes a little, and waits for nobody."""
    view.quick = True  # type: ignore[attr-defined]
    return view


def init_turns(app: Flask) -> None:
    """Let requests for quick views take turns; rooms come first, other layers later."""
    views = app.view_functions
    rules = (r for r in app.url_map.iter_rules() if getattr(views.get(r.endpoint), "quick", False))
    app.wsgi_app = _in_turn(app.wsgi_app, frozenset(r.rule for r in rules))  # type: ignore[method-assign, assignment]


def _in_turn(inner: "WSGIApplication", paths: frozenset[str]) -> "WSGIApplication":
    """Return the application with these addresses asked for one after another."""

    def outer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in paths or not _read_ahead(environ):
            return inner(environ, start)
        with taking_turns():
            return inner(environ, start)

    return outer


def _read_ahead(environ: "WSGIEnvironment") -> bool:
    """Read the body, if there is one; say whether it is short enough."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if length == "0":
        return "HTTP_TRANSFER_ENCODING" not in environ
    if not length.isdecimal() or int(length) > LONGEST:
        return False
    environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
    return True

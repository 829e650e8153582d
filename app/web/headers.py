"""Security headers on every answer; inline only whole sheets by hash, nothing from elsewhere."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, session
from werkzeug.wrappers import Response

from app.web.styles import allowed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CSP = "Content-Security-Policy"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
ASSET_HEADERS = {  # an asset loads nothing; the fewer bytes around each, the lighter the page
    "Content-Security-Policy": "default-src 'none'; style-src 'self'",
    "X-Content-Type-Options": "nosniff",
}
HEADERS = {
    CSP: POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PRIVATE = "no-store"  # Cache-Control of what somebody who is signed in sees
HSTS = "max-age=31536000"  # a year; other names of the domain decide for themselves


def init_headers(app: Flask) -> None:
    """Add the headers to every answer of the application; assets, which come later, have theirs."""
    app.wsgi_app = _adding(app.wsgi_app, list_always(app))  # type: ignore[method-assign, assignment]

    @app.after_request
    def keep_private(response: Response) -> Response:
        if sources := allowed():
            own = POLICY.replace("style-src 'self'", f"style-src 'self'{sources}")
            response.headers[CSP] = own
        if "_user_id" in session:  # asks nobody, so that it holds when the database is gone
            response.headers["Cache-Control"] = PRIVATE
        return response


def list_always(app: Flask) -> list[tuple[str, str]]:
    """Return the headers that are on every answer of `app`."""
    always = list(HEADERS.items())
    if app.config["SESSION_COOKIE_SECURE"]:
        always.append(("Strict-Transport-Security", HSTS))
    return always


def _adding(inner: "WSGIApplication", always: list[tuple[str, str]]) -> "WSGIApplication":
    """Return the application with these headers on all it answers, whatever went wrong in it."""

    but_policy = [pair for pair in always if pair[0] != CSP]

    def outer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], failed: Any = None) -> Any:
            own = any(name == CSP for name, _policy in headers)
            return start(status, headers + (but_policy if own else always), failed)

        return inner(environ, begin)

    return outer

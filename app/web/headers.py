"""Security headers on every answer; inline only whole sheets by hash, nothing from elsewhere."""

from flask import Flask, session
from werkzeug.wrappers import Response

from app.web.styles import allowed

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
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS = "max-age=31536000"  # a year; other names of the domain decide for themselves


def init_headers(app: Flask) -> None:
    """Add the headers to every answer of the application."""

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(HEADERS)
        if sources := allowed():
            own = POLICY.replace("style-src 'self'", f"style-src 'self'{sources}")
            response.headers["Content-Security-Policy"] = own
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = HSTS
        if "_user_id" in session:  # asks nobody, so that it holds when the database is gone
            response.headers["Cache-Control"] = "no-store"
        return response

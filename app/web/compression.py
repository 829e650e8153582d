"""Compress pages for phones that ask for it."""

import gzip

from flask import Flask, request
from werkzeug.wrappers import Response

from app.web.vary import add_vary

LEAST = 600  # bytes; below that the header costs more than it saves
TYPES = ("text/html", "application/json", "image/svg+xml")


def init_compression(app: Flask) -> None:
    """Compress what is text, long enough and wanted."""

    @app.after_request
    def compress(response: Response) -> Response:
        wanted = is_wanted(request.headers.get("Accept-Encoding", ""))
        if not wanted or response.mimetype not in TYPES or response.direct_passthrough:
            return response
        add_vary(response, "Accept-Encoding")
        if "Content-Encoding" not in response.headers:
            body, packed = pack(response.get_data())
            response.set_data(body)
            response.headers.extend(packed)
        return response


def is_wanted(accepted: str) -> bool:
    """Say whether a browser that sent this Accept-Encoding takes gzip."""
    return "gzip" in accepted


def pack(body: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """Return the body as it travels, with the headers that say so."""
    if len(body) < LEAST:
        return body, []
    return gzip.compress(body, 5, mtime=0), [("Content-Encoding", "gzip")]

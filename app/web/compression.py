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
        wanted = "gzip" in request.headers.get("Accept-Encoding", "")
        if not wanted or response.mimetype not in TYPES or response.direct_passthrough:
            return response
        add_vary(response, "Accept-Encoding")
        body = response.get_data()
        if len(body) >= LEAST and "Content-Encoding" not in response.headers:
            response.set_data(gzip.compress(body, 5, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response

"""The smallest Flask application: the ceiling that pages are compared with.

`/` says hello; `/shaped` says what the file named by XUEJI_BENCH_SHAPE holds, a page of the site,
under as many headers of the same size, so that an equal number of bytes travels.
"""

import json
import os
from pathlib import Path

from flask import Flask, Response

application = Flask(__name__)
SHAPE = os.environ.get("XUEJI_BENCH_SHAPE")
TEXT, HEADERS = json.loads(Path(SHAPE).read_text()) if SHAPE else ("hello", {})


@application.get("/")
def hello() -> str:
    """Say hello."""
    return "hello"


@application.get("/shaped")
def shaped() -> Response:
    """Say as much as the site does."""
    response = Response(TEXT)
    response.headers.update(HEADERS)
    return response

"""The site as in production, but without CSRF tokens, so that a plain load generator can post.

XUEJI_BENCH_PLAIN=1 answers in the straightforward way instead (tests/bench/plain.py).
"""

import os

from app.factory import create_app
from tests.bench.plain import make_plain

application = create_app({"WTF_CSRF_ENABLED": False}, commands=False)
if os.environ.get("XUEJI_BENCH_PLAIN") == "1":
    make_plain(application)

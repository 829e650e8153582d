"""The site as in production, but without form tokens, so that a plain load generator can post.

XUEJI_BENCH_TOKENS=1 asks for them all the same, as every real site does.
XUEJI_BENCH_PLAIN=1 answers in the straightforward way instead (tests/bench/plain.py).
"""

import os

from app.factory import create_app
from app.web.serving import start_serving
from tests.bench.plain import make_plain

tokens = os.environ.get("XUEJI_BENCH_TOKENS") == "1"
application = create_app({"WTF_CSRF_ENABLED": tokens}, commands=False)
if os.environ.get("XUEJI_BENCH_PLAIN") == "1":
    make_plain(application)
start_serving(application)

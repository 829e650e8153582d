"""`python -m tests.bench.timing`: can time tell an unknown name from a wrong password?

Both are tried in pairs, in random order within each pair, so that whatever else the machine does
hits both; the two samples are compared with the two-sample Kolmogorov-Smirnov test.
"""

import argparse
import json
import math
import random
import tempfile
import time
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.accounts.actions import add_user
from app.accounts.models import Throttle
from app.accounts.passwords import STRONG, Cost
from app.base import clock
from app.base.db import db
from app.factory import create_app

KNOWN = 40  # people, so that none is tried often in a row
PASSWORD = "measured by the clock"


def distance(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the largest difference between the two empirical distributions, 0…1."""
    one, two = sorted(first), sorted(second)
    return max(
        abs(bisect_right(one, x) / len(one) - bisect_right(two, x) / len(two)) for x in one + two
    )


def chance(gap: float, size: int) -> float:
    """Return the probability of such a distance, or more, between equal samples of one size.

    The asymptotic Kolmogorov distribution with Stephens' correction (Numerical Recipes, 14.3).
    """
    root = math.sqrt(size / 2)
    scaled = (root + 0.12 + 0.11 / root) * gap
    if scaled < 0.3:
        return 1.0
    terms = ((-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * sum(terms)))


def compare(client: FlaskClient, known: Sequence[str], pairs: int, seed: int = 1) -> dict[str, Any]:
    """Sign in wrongly `pairs` times with a known and with an unknown name; return the comparison.

    Needs an application context; the counted tries are taken back after each pair.
    """
    rng = random.Random(seed)
    times: dict[str, list[float]] = {"wrong": [], "unknown": []}
    for number in range(-5, pairs):  # the first five warm up
        kinds = [("wrong", known[number % len(known)]), ("unknown", f"没有的人{number + 5:05d}")]
        rng.shuffle(kinds)
        for kind, login in kinds:
            data = {"login": login, "password": f"wrong guess {number}"}
            begin = time.perf_counter()
            reply = client.post("/sign-in", data=data)
            took = time.perf_counter() - begin
            assert reply.status_code == 422, reply.status_code
            if number >= 0:
                times[kind].append(took)
        db.session.execute(delete(Throttle))
        db.session.commit()
    gap = distance(times["wrong"], times["unknown"])
    medians = {k: round(1000 * sorted(v)[len(v) // 2], 3) for k, v in times.items()}
    return {
        "pairs": pairs,
        "distance": round(gap, 4),
        "p": chance(gap, pairs),
        "median_ms": medians,
    }


def add_known(app: Flask) -> list[str]:
    """Add the people whose passwords are guessed, and return their names."""
    names = [f"有这个人{number:05d}" for number in range(KNOWN)]
    for name in names:
        add_user(name, "member", clock.now(), password=PASSWORD)
    return names


def measure(pairs: int, cost: Cost = STRONG) -> dict[str, Any]:
    """Compare on a site of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "DATA": Path(folder),
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/t.sqlite3",
            "WTF_CSRF_ENABLED": False,
            "PASSWORD_COST": cost,
        }
        app = create_app(settings)
        with app.app_context():
            db.create_all()
            found = compare(app.test_client(), add_known(app), pairs)
            db.session.remove()
            db.engine.dispose()
    return found


def main() -> None:
    """Print one JSON object; exit code 1 when time tells the two apart (p < 0.001)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    found = measure(parser.parse_args().pairs)
    print(json.dumps(found))
    if found["p"] < 0.001:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

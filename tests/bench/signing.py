"""`python -m tests.bench.signing`: how long five hundred people take to sign in at once.

Passwords are compared at the real cost; the server is the one that `./xueji serve` starts, and all
come from one address, as a branch behind one router does.
"""

import argparse
import http.client
import json
import os
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Any

from app.accounts.models import User
from app.accounts.passwords import STRONG, hash_password
from app.base.db import db
from app.factory import create_app
from tests.bench.run import FORM
from tests.bench.servers import server

PASSWORD = "measured by the clock"
AT_ONCE = 16  # connections


def prepare(folder: Path, people: int) -> None:
    """Make a database with people who share a hash: looking at it costs the same for each."""
    os.environ["XUEJI_DATA"] = str(folder)
    app = create_app()
    with app.app_context():
        db.create_all()
        kept = hash_password(PASSWORD, STRONG)
        for number in range(people):
            row = User(name=f"有人{number:04d}", role="member", password_hash=kept, created_at=0)
            db.session.add(row)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def sign_in(port: int, numbers: list[int], found: list[int]) -> None:
    """Sign these people in one after another over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in numbers:
        body = urllib.parse.urlencode({"login": f"有人{number:04d}", "password": PASSWORD})
        connection.request("POST", "/sign-in", body, dict(FORM))
        reply = connection.getresponse()
        reply.read()
        found.append(reply.status)
    connection.close()


def measure(people: int) -> dict[str, Any]:
    """Sign everybody in as fast as the server lets them."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), people)
        found: list[int] = []
        parts = [range(first, people, AT_ONCE) for first in range(AT_ONCE)]
        with server("tests.bench.site:application", {"XUEJI_DATA": folder}) as running:
            threads = [
                threading.Thread(target=sign_in, args=(running.port, list(part), found))
                for part in parts
            ]
            began = time.monotonic()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            took = time.monotonic() - began
    signed = sum(status == 302 for status in found)
    return {"people": people, "signed_in": signed, "seconds": round(took, 2)}


def main() -> None:
    """Print one JSON object; exit code 1 when somebody was not let in or it took over 10 s."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    found = measure(parser.parse_args().people)
    print(json.dumps(found))
    if found["signed_in"] < found["people"] or found["seconds"] > 10:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

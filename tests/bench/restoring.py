"""`python -m tests.bench.restoring`: a copy of a gigabyte is made, proven and restored.

The database is the real one with as many answers as fill the size. Afterwards one byte of the copy
is altered, again and again, and each such copy must be refused.
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.accounts.actions import add_user
from app.bank.actions import publish_bank
from app.base import clock
from app.base.db import db
from app.base.errors import Invalid
from app.base.schema import upgrade_schema
from app.factory import create_app
from app.ops.actions import make_backup, restore_backup
from app.ops.snapshot import read_tables

FILL = """
WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
INSERT INTO study_review (member_id, answer_id, question_id, revision, at_ms, day, rating, "right",
  before, response, elapsed_ms, way, disputed)
SELECT 1, printf('%022d', i), :question, 1, i, '2026-11-25', 3, 1, 0,
  '["' || hex(randomblob(100)) || '"]', 4000, 'due', 0 FROM n
"""
STEP = 100_000  # answers in one transaction


def fill(path: Path, size: int, question: str) -> None:
    """Add answers until the file has that many bytes."""
    first = 1
    while path.stat().st_size < size:
        with db.engine.begin() as connection:
            words = {"first": first, "last": first + STEP - 1, "question": question}
            connection.execute(text(FILL), words)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        first += STEP


def measure(megabytes: int, altered: int) -> dict[str, Any]:
    """Return how long each part took, whether the rows are equal, and which copies were refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "xueji.sqlite3"
        settings = {"DATA": Path(folder), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"}
        app = create_app(settings)
        with app.app_context():
            upgrade_schema()
            publish_bank(app.config["QUESTION_BANK"], clock.now())
            add_user("bench", "member", clock.now())
            question = db.session.scalar(text("SELECT id FROM bank_question LIMIT 1"))
            db.session.remove()
            fill(path, megabytes << 20, str(question))
            found = _times(path, Path(folder), app.config["SECRET_KEY"], altered)
            db.session.remove()
            db.engine.dispose()
    return {"megabytes": megabytes, **found}


def _times(path: Path, folder: Path, secret: str, altered: int) -> dict[str, Any]:
    began = time.monotonic()
    copy = Path(make_backup(clock.now()).file)
    made = time.monotonic()
    restored = folder / "restored"
    restore_backup(copy, restored, secret)
    done = time.monotonic()
    equal = read_tables(path) == read_tables(next(restored.glob("*.sqlite3")))
    return {
        "backup_s": round(made - began, 1),
        "restore_s": round(done - made, 1),
        "equal": equal,
        "altered": altered,
        "refused": sum(_is_refused(copy, folder / f"r{n}", secret, n) for n in range(altered)),
    }


def _is_refused(copy: Path, into: Path, secret: str, seed: int) -> bool:
    """Alter one byte, say whether the copy is refused, and put the byte back."""
    place = random.Random(seed).randrange(copy.stat().st_size)
    with copy.open("r+b") as file:
        file.seek(place)
        kept = file.read(1)
        file.seek(place)
        file.write(bytes([kept[0] ^ 1]))
    try:
        restore_backup(copy, into, secret)
    except Invalid:
        return True
    finally:
        with copy.open("r+b") as file:
            file.seek(place)
            file.write(kept)
    return False


def main() -> None:
    """Print one JSON object; exit code 1 when it took over a minute or let damage through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--altered", type=int, default=20, help="copies with one byte changed")
    choice = parser.parse_args()
    found = measure(choice.megabytes, choice.altered)
    print(json.dumps(found))
    if not found["equal"] or found["refused"] < found["altered"] or found["restore_s"] > 60:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

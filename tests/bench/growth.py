"""`bench growth`: what everything else costs at growing sizes, and how that grows.

Beside `sizes` (answers, pages, deliveries): taking a question file in, writing and reading Anki
decks, a unit's report, the analysis of a paper, signing in among more and more people, and handing
in a paper that more and more are writing. Each is measured in processor time, children included,
at sizes ten times apart, in turn, several times; `growth` is b of cost = a · size^b, so 1 is
proportional and 0 is flat.
"""

import argparse
import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.accounts.actions import sign_in as open_session
from app.accounts.passwords import STRONG, hash_password
from app.anki.deck import Selection, build
from app.anki.reading import read_safely
from app.authoring.actions import import_drafts
from app.bank.formats.sandbox import parse_safely
from app.base import clock
from app.base.db import db, transaction
from app.base.ids import new_id
from app.factory import create_app
from app.org.actions import add_unit
from app.quiz import actions as quiz
from tests.bench import anki, exam, reports
from tests.bench.sizes import growth

SIZES = {
    "import": (100, 1000, 10_000),  # questions in a file
    "deck": (100, 1000, 10_000),  # questions written
    "history": (1000, 10_000, 100_000),  # reviews read
    "report": (100, 1000, 10_000),  # members
    "items": (1000, 10_000, 100_000),  # answers of a paper
    "sign_in": (100, 1000, 10_000, 100_000),  # people who have a password
    "hand_in": (10, 100, 1000),  # people who write the paper
}
QUICK = {"report": (50, 100), "items": (1000, 2000)}
CARDS = 50  # of each member of a report
PASSWORD = "measured by the clock"


def spent() -> float:
    """Return the processor seconds of this process and its children so far."""
    return time.process_time() + anki._spent()


def cost(act: Callable[[], object]) -> float:
    """Return the processor time of an act, in ms."""
    before = spent()
    act()
    return 1000 * (spent() - before)


def question_file(number: int) -> bytes:
    """Return a file of single choices as people write them in a text editor."""
    parts = []
    for n in range(number):
        right = "ABCD"[n % 4]
        options = "\n".join(f"{letter}．第{n}题的选项{letter}" for letter in "ABCD")
        parts.append(f"{n + 1}．第{n}题：下列说法正确的是（　　）。\n{options}\n答案：{right}\n")
    return "\n".join(parts).encode()


def importing(place: Path, size: int) -> Callable[[], float]:
    """Return what takes a file of so many questions in, each time as drafts of another unit."""
    app, data = _site(place), question_file(size)

    def act() -> float:
        with app.app_context():
            unit = add_unit(new_id()[:10], "支部", now=clock.now())

            def take() -> None:
                found = parse_safely("a.txt", data)
                done = import_drafts(unit, "a.txt", found.drafts, None, clock.now())
                assert done.imported == size, done

            return cost(take)

    return act


def writing_decks(_place: Path, size: int) -> Callable[[], float]:
    """Return what writes an Anki deck."""
    questions = anki._many(size)
    return lambda: cost(lambda: build(Selection(questions), anki.NOW))


def reading_histories(_place: Path, size: int) -> Callable[[], float]:
    """Return what reads the reviews of a package that came home."""
    data, known = anki._long_history(size), [f"q-{n}" for n in range(1000)]

    def read() -> None:
        assert len(read_safely(data, known, anki.NOW).reviews) == size

    return lambda: cost(read)


def reporting(place: Path, size: int) -> Callable[[], float]:
    """Return what reads the report of a unit of so many members."""
    return _reports(place, size, 20, "report_cpu_ms")


def analysing(place: Path, size: int) -> Callable[[], float]:
    """Return what analyses a paper of fifty questions with so many answers."""
    return _reports(place, size // 50, size // 50, "items_cpu_ms")


def _reports(place: Path, members: int, takers: int, name: str) -> Callable[[], float]:
    """Return the median of several readings, which is made once."""
    os.environ["XUEJI_DATA"] = str(place)
    found = float(reports.measure(place, members, CARDS, takers)[name])
    return lambda: found


def signing_in(place: Path, size: int) -> Callable[[], float]:
    """Return what signs one of so many people in."""
    app, rng = _site(place), random.Random(size)
    kept = hash_password(PASSWORD, STRONG)
    row = "INSERT INTO accounts_user (id, name, role, password_hash, created_at, language, theme,"
    row += " text_size, shortcuts) VALUES (:id, :name, 'member', :kept, 0, 'zh', 'auto', 18, true)"
    people = [{"id": n, "name": f"员{n}", "kept": kept} for n in range(1000, 1000 + size)]
    with app.app_context(), transaction() as session:
        session.execute(text(row), people)

    def act() -> float:
        name = f"员{1000 + rng.randrange(size)}"
        with app.app_context():
            return cost(lambda: open_session(name, PASSWORD, new_id(), "bench", None, clock.now()))

    return act


def handing_in(place: Path, size: int) -> Callable[[], float]:
    """Return what hands in one of so many attempts."""
    held = exam.prepare_exam(place, size, 1)
    left = iter(held.takers)

    def act() -> float:
        taker = next(left)
        with held.app.app_context():
            return cost(lambda: quiz.submit_attempt(taker.member_id, held.paper_id, 1, clock.now()))

    return act


KINDS: dict[str, Callable[[Path, int], Callable[[], float]]] = {
    "import": importing,
    "deck": writing_decks,
    "history": reading_histories,
    "report": reporting,
    "items": analysing,
    "sign_in": signing_in,
    "hand_in": handing_in,
}


def _site(place: Path) -> Any:
    """Return an application with empty tables in a folder."""
    place.mkdir(parents=True, exist_ok=True)
    os.environ["XUEJI_DATA"] = str(place)
    app = create_app({"WTF_CSRF_ENABLED": False})
    with app.app_context():
        db.create_all()
        db.session.remove()
    return app


def measure(kind: str, sizes: Sequence[int], rounds: int, place: Path) -> dict[str, Any]:
    """Return the median cost of a kind at each size, in ms, and how it grows."""
    acts = {size: KINDS[kind](place / f"{kind}-{size}", size) for size in sizes}
    found: dict[int, list[float]] = {size: [] for size in sizes}
    for _round in range(rounds):
        for size, act in acts.items():
            act()  # several sites take turns in this process: each reads its bank again
            found[size].append(act())
    costs = [statistics.median(found[size]) for size in sizes]
    return {
        "sizes": list(sizes),
        "cpu_ms": [round(one, 2) for one in costs],
        "growth": round(growth(sizes, costs), 3),
    }


def main(words: list[str]) -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(prog="bench growth", description=__doc__)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="the two smallest sizes, once")
    choice = parser.parse_args(words)
    told: dict[str, Any] = {"load": os.getloadavg()}
    with tempfile.TemporaryDirectory() as folder:
        for kind in choice.kinds.split(","):
            sizes = QUICK.get(kind, (10, 20)) if choice.quick else SIZES[kind]
            rounds = 1 if choice.quick else choice.rounds
            told[kind] = measure(kind, sizes, rounds, Path(folder))
    told["largest_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    print(json.dumps(told))

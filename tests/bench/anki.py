"""`python -m tests.bench.anki life|carry|hostile|speed`: long proofs of the way to Anki and back.

`life` takes a member with 2,000 reviews of 300 questions into real Anki, studies there for six
days and comes home in four kinds of file; `carry` compares every card that real Anki imported, in
two time zones, with the site; `hostile` puts two hundred files through the child;
`speed` measures writing beside genanki alone, and reading a history of 100,000 rows. Each prints
one JSON object and ends with code 1 when a promise is broken.
"""

import argparse
import io
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import genanki

from app.accounts.actions import add_user
from app.anki import actions, queries, reading
from app.anki.deck import Selection, build
from app.anki.note import note_of
from app.anki.progress import Progress
from app.anki.reading import read_safely
from app.bank.actions import publish_bank
from app.bank.catalogue import Question
from app.bank.kinds import Single
from app.bank.queries import get_questions, list_question_ids
from app.base import child, clock
from app.base.db import db
from app.base.errors import Invalid
from app.factory import create_app
from app.ops.demo import simulate
from app.study.actions import import_simulated
from app.study.queries import list_drifted, list_histories, list_missummed_members
from tests.anki import hostile
from tests.anki.make import ALL, COMMON, NOW, ask_anki, make_question
from tests.anki.test_real_anki import check_card

ROOT = Path(__file__).resolve().parents[2]
LIFE = ROOT / "tests" / "anki" / "life.py"
KINDS = ("latest.apkg", "latest.colpkg", "legacy.apkg", "legacy.colpkg")


def _studied(questions: int = 300, reviews: int = 2000) -> tuple[int, int, Selection]:
    """Return a member with so many reviews, how many they are, and their deck with progress."""
    member = add_user("甲", "member", clock.now(), password=None)
    asked = get_questions(list_question_ids()[:questions])
    end = clock.now() - timedelta(days=8)
    made = simulate(random.Random(5), list(asked.values()), 90, end)[:reviews]
    import_simulated(member, made)
    selection = queries.get_subject("dangzhang", member, True)
    kept = tuple(q for q in selection.questions if q.id in asked)
    return member, len(made), replace(selection, questions=kept)


def life() -> dict[str, Any]:
    """Go to Anki, study for six days, come home; everything is compared with Anki's own."""
    member, made, selection = _studied()
    before = {q: log for q, (_card, log) in list_histories(member).items()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "out.apkg").write_bytes(build(selection, clock.now()).content)
        seen = _live(folder)
        merged = [_bring(folder / kind, member) for kind in KINDS]
    db.session.rollback()
    after = list_histories(member)
    unchanged = sum(r in after[q][1] for q, log in before.items() for r in log)
    apart = [
        abs(after[q][0].memory.stability / card["memory"][0] - 1)
        for q, card in seen["cards"].items()
        if card["memory"]
    ]
    held = {
        "questions": len(selection.questions),
        "server_reviews": made,
        "unchanged": unchanged,
        "made_in_anki": len(seen["reviews"]) - made,
        "inserted": [one.new for one in merged],
        "cards_compared": len(apart),
        "largest_difference_of_stability": max(apart),
        "drifted": len(list_drifted(member)) + len(list_missummed_members([member])),
    }
    kept_all = unchanged == made and held["inserted"] == [held["made_in_anki"], 0, 0, 0]
    return {**held, "ok": kept_all and max(apart) < 0.005 and not held["drifted"]}


def carry() -> dict[str, Any]:
    """Import a deck with progress into real Anki in two time zones; compare every card."""
    _member, made, selection = _studied()
    assert selection.progress is not None
    equal = {}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "out.apkg"
        path.write_bytes(build(selection, clock.now()).content)
        for zone in ("UTC", "Asia/Shanghai"):
            seen = ask_anki(path, zone=zone)
            cards = {card["guid"]: card for card in seen["cards"]}
            for question in selection.questions:
                found = selection.progress.get(question.id, Progress())
                check_card(cards[question.id], question.id, found, seen["reviews"])
            equal[zone] = (len(cards), len(seen["reviews"]))
    fits = all(pair == (len(selection.questions), made) for pair in equal.values())
    return {"cards_and_reviews_equal": equal, "ok": fits}


def _live(folder: Path) -> dict[str, Any]:
    """Let real Anki study for six days."""
    done = subprocess.run(
        [sys.executable, LIFE, folder / "out.apkg", folder, "--days", "6", "--a-day", "60"],
        env={**os.environ, "TZ": "Asia/Shanghai"},
        capture_output=True,
        text=True,
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def _bring(path: Path, member: int) -> actions.Merged:
    """Read a file and join its reviews as the page does."""
    now, known = clock.now(), queries.list_readable_ids(member)
    return actions.bring_home(member, read_safely(path.read_bytes(), known, now), None, now)


def attack() -> dict[str, Any]:
    """Put all hostile files through the child; tell the worst time and memory."""
    known, runs, refused = [question.id for question in ALL], [], 0
    for group in hostile.GROUPS:
        for name, data in group():
            before, began = _spent(), time.monotonic()
            try:
                read_safely(data, known, NOW)
            except Invalid as refusal:
                refused += refusal.message in map(str, reading.FAULTS.values())
            wall, cpu = time.monotonic() - began, _spent() - before
            runs.append((round(cpu, 2), round(wall, 2), _peak_mb(data, known), name))
    held = {
        "files": len(runs),
        "refused": refused,
        "longest_cpu": max(runs)[::3],
        "longest_wall_s": max(wall for _cpu, wall, _peak, _name in runs),
        "peak": max((peak, name) for _cpu, _wall, peak, name in runs),
    }
    fits = max(runs)[0] <= 5 and held["peak"][0] <= 256
    return {**held, "ok": fits and refused == len(runs) == 200}


def _peak_mb(data: bytes, known: Sequence[str]) -> float:
    """Return the most memory that a child held in reading a file; 0 when it did not survive."""
    words = str(int(NOW.timestamp() * 1000)), "\n".join(known)
    limits = {"memory": reading.MEMORY, "seconds": reading.SECONDS}
    try:
        told = child.run("tests.bench.anki_child:measure", data, *words, **limits)
    except Invalid:  # it ran into a limit, which is below what is promised
        return 0.0
    return round(told["peak_kib"] / 1024, 1)


def _spent() -> float:
    """Return the processor seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def speed(notes: int = 10_000, rows: int = 100_000, rounds: int = 3) -> dict[str, Any]:
    """Write many notes, beside genanki alone; read a long history."""
    questions = _many(notes)
    ours, theirs, size = [], [], 0
    for _round in range(rounds):
        began = time.process_time()
        size = len(build(Selection(questions), NOW).content)
        ours.append(time.process_time() - began)
        theirs.append(_genanki_alone(questions))
    data = _long_history(rows)
    known, began, before = [q.id for q in questions[:1000]], time.monotonic(), _spent()
    found = read_safely(data, known, NOW)
    wall, cpu = time.monotonic() - began, _spent() - before
    peak = _peak_mb(data, known)
    ratio = min(ours) / min(theirs)
    held = {
        "write_s": round(min(ours), 2),
        "genanki_s": round(min(theirs), 2),
        "ratio": round(ratio, 2),
        "bytes": size,
        "bytes_of_the_bank": len(build(Selection(_real()), NOW).content),
        "rows": len(found.reviews),
        "read_wall_s": round(wall, 2),
        "read_cpu_s": round(cpu, 2),
        "read_peak_mb": peak,
    }
    fits = ratio < 1.5 and size <= 700_000 and cpu < 2 and peak < 150
    return {**held, "ok": fits and len(found.reviews) == rows}


def _many(notes: int) -> tuple[Question, ...]:
    """Return as many questions, alike in shape as those of a bank are."""
    options = ("应当按期交纳党费", "可以不参加组织生活", "没有表决权", "随时可以转正")
    content = Single(id="q", stem="?", options=options, answer="A", **COMMON)
    return tuple(
        make_question(
            content,
            id=f"q-{n}",
            stem=f"第 {n} 题：下列关于党员权利和义务的说法，正确的是（　　）。",
            explanation=f"见第 {n} 条原文，各项义务应当同时履行。",
            position=n,
        )
        for n in range(notes)
    )


def _real() -> tuple[Question, ...]:
    """Return the whole bank."""
    return tuple(get_questions(list_question_ids()).values())


def _genanki_alone(questions: tuple[Question, ...]) -> float:
    """Return the processor seconds genanki takes for the same notes, made of fields beforehand."""
    made = [note_of(question) for question in questions]
    began = time.process_time()
    deck = genanki.Deck(1, "学记")
    for one in made:
        deck.add_note(
            genanki.Note(one.note_type, list(one.fields), guid=one.guid, tags=list(one.tags))
        )
    with tempfile.TemporaryDirectory() as folder:
        genanki.Package(deck).write_to_file(f"{folder}/d.apkg")
    return time.process_time() - began


def _long_history(rows: int) -> bytes:
    """Return a package of 1,000 cards with so many reviews, as newer Ankis write it."""
    questions = _many(1000)
    with zipfile.ZipFile(io.BytesIO(build(Selection(questions), NOW).content)) as archive:
        content = archive.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        cards = [i for (i,) in connection.execute("SELECT id FROM cards")]
        first = int(NOW.timestamp() * 1000) - rows * 1000
        made = ((first + n * 1000, cards[n % 1000], -1, 3, 9, 4, 500, 4000, 1) for n in range(rows))
        connection.executemany("INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", made)
        connection.commit()
        return hostile.packed(connection.serialize(), "anki21b")


def main() -> None:
    """Run one of the proofs on a fresh database with the real bank."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("life", "carry", "hostile", "speed"))
    what = parser.parse_args().what
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XUEJI_DATA"] = folder
        app = create_app()
        with app.app_context(), app.test_request_context():
            db.create_all()
            publish_bank(app.config["QUESTION_BANK"], clock.now())
            done = {"life": life, "carry": carry, "hostile": attack, "speed": speed}[what]()
            db.session.remove()
            db.engine.dispose()
    print(json.dumps(done))
    sys.exit(not done["ok"])


if __name__ == "__main__":
    main()

"""`python -m tests.bench.powercut`: the power fails at random moments while answers are recorded.

The real action records answers under strace, which shows every write and every sync of the
database and its journal, and when each answer was acknowledged. A power cut is then any moment of
that trace: what was synced by then is on the disk; of what was written since, any part may be,
down to single sectors and in any order. Each such disk is opened and compared with what was
acknowledged. Assumed is a disk that keeps what it has confirmed, and that a file once made stays in
its folder.
"""

import argparse
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask

from app.base import clock
from app.base.checkpoint import begin_again
from app.base.db import db
from app.factory import create_app
from app.study.actions import Answer, answer_card
from tests.bench.run import ROOT, answers, prepare

MEMBERS = 4  # who answer at once
AGAIN = 4  # answers of the first after which the log is begun again
FILES = ("xueji.sqlite3", "xueji.sqlite3-wal")
SECTOR = 512  # bytes that a disk writes whole
CALLS = "openat,close,write,pwrite64,fsync,fdatasync,ftruncate"
CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
BEGUN = re.compile(r"^(\d+) +(\w+)\((.*?),? <unfinished \.\.\.>$", re.DOTALL)  # others came between
ENDED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$", re.DOTALL)
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Step:
    """One line of the trace: a write, a cut to a size, a sync, or an acknowledgement."""

    kind: str
    file: str = ""
    place: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """What certainly is on the disk, and what was written since the last sync."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Step] = field(default_factory=list)
    syncing: int | None = None  # how many of them a sync under way will have made certain

    def begin(self) -> None:
        """Begin a sync: what is written while it is under way stays uncertain."""
        self.syncing = len(self.pending)

    def sync(self) -> None:
        """Make everything certain that was written before the sync began."""
        number = len(self.pending) if self.syncing is None else self.syncing
        for step in self.pending[:number]:
            apply(self.durable, step)
        del self.pending[:number]
        self.syncing = None

    def after_a_cut(self, rng: random.Random) -> bytes:
        """Return the file with any part of what was not synced, in sectors."""
        found, share = bytearray(self.durable), rng.choice((0.0, 0.3, 0.7, 1.0))
        for step in self.pending:
            for piece in sectors(step):
                if rng.random() < share:
                    apply(found, piece)
        return bytes(found)


def apply(file: bytearray, step: Step) -> None:
    """Do to a file what a step does."""
    if step.kind == "truncate":
        del file[step.place :]
    end = step.place + len(step.data)
    file.extend(bytes(max(0, end - len(file))))
    file[step.place : end] = step.data


def sectors(step: Step) -> Iterator[Step]:
    """Split a write where the disk would; a cut to a size is done or not done."""
    if step.kind == "truncate":
        yield step
    for begin in range(0, len(step.data), SECTOR):
        yield Step("write", step.file, step.place + begin, step.data[begin : begin + SECTOR])


def read_trace(lines: Iterator[str], folder: str) -> Iterator[Step]:
    """Yield what a trace did to the database files in `folder`, and the acknowledgements."""
    names: dict[str, str] = {}
    begun: dict[str, str] = {}  # thread → the beginning of its call
    for line in lines:
        if first := BEGUN.match(line.rstrip("\n")):
            begun[first[1]] = line.split(" <unfinished")[0]
            yield from _begin(first[2], first[3], names)
            continue
        if last := ENDED.match(line):
            line = begun.pop(last[1], "") + last[2]
        found = CALL.match(line)
        if found is None or int(found[3]) < 0:
            continue
        call, words, result = found[1], found[2], found[3]
        texts = [bytes.fromhex(t.replace("\\x", "")) for t in TEXT.findall(words)]
        handle = words.split(",")[0].strip()
        if call == "openat":
            path = texts[0].decode(errors="replace")
            names[result] = path.removeprefix(folder + "/") if path.startswith(folder) else ""
        elif call == "close":
            names.pop(handle, None)
        elif call == "write" and handle == "1" and not last:
            yield Step("ack", data=texts[0])
        elif names.get(handle) in FILES:
            yield from _step(call, names[handle], words, texts)


def _begin(call: str, words: str, names: Mapping[str, str]) -> Iterator[Step]:
    """Yield what counts from when a call has begun: who is told may know it from then on."""
    handle = words.split(",")[0].strip()
    if call in ("fsync", "fdatasync") and names.get(handle) in FILES:
        yield Step("begin", names[handle])
    elif call == "write" and handle == "1":
        yield Step("ack", data=bytes.fromhex(TEXT.findall(words)[0].replace("\\x", "")))


def _step(call: str, name: str, words: str, texts: list[bytes]) -> Iterator[Step]:
    """Yield the step that a call on a file means."""
    last = int(words.rsplit(",", 1)[-1]) if "," in words else 0
    if call == "pwrite64":
        yield Step("write", name, last, texts[0])
    elif call == "ftruncate":
        yield Step("truncate", name, last)
    elif call in ("fsync", "fdatasync"):
        yield Step("sync", name)


def measure(cuts: int, count: int, sync: str = "FULL", seed: int = 1) -> dict[str, Any]:
    """Record `count` answers, cut the power `cuts` times; return how many disks lost an answer."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder, trace = Path(place) / "data", Path(place) / "trace"
        prepare(folder, MEMBERS)
        disks = {"xueji.sqlite3": Disk(bytearray(_at_rest(folder))), "xueji.sqlite3-wal": Disk()}
        _record(folder, trace, count, sync)
        with trace.open() as lines:
            steps = list(read_trace(lines, str(folder)))
        acts = [n for n, step in enumerate(steps) if step.kind not in ("ack", "begin")]
        chosen = sorted(rng.choices(acts, k=cuts))
        found = _cut(steps, chosen, disks, rng, Path(place) / "after")
    syncs = sum(step.kind == "sync" for step in steps)
    return {"sync": sync, "cuts": cuts, "answers": count, "syncs": syncs, **found}


def _at_rest(folder: Path) -> bytes:
    """Return the database file with its journal worked in and gone."""
    with closing(sqlite3.connect(folder / "xueji.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (folder / "xueji.sqlite3").read_bytes()


def _record(folder: Path, trace: Path, count: int, sync: str) -> None:
    """Run the recording process under strace."""
    words = ["strace", "-f", "-qq", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", trace]
    words += [sys.executable, "-m", "tests.bench.powercut", "--record", str(count)]
    environ = {**os.environ, "XUEJI_DATA": str(folder), "XUEJI_SQLITE_SYNC": sync}
    subprocess.run(words, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, check=True)


def _cut(
    steps: list[Step], chosen: list[int], disks: dict[str, Disk], rng: random.Random, place: Path
) -> dict[str, int]:
    """Walk the trace, and at each chosen moment look at what a power cut would leave."""
    lost = corrupt = answers_lost = 0
    acknowledged: list[str] = []
    moments = iter([*chosen, -1])
    moment = next(moments)
    for number, step in enumerate(steps):
        if step.kind == "ack":
            acknowledged += step.data.decode().split()
        elif step.kind == "sync":
            disks[step.file].sync()
        elif step.kind == "begin":
            disks[step.file].begin()
        else:
            disks[step.file].pending.append(step)
        while number == moment:
            moment = next(moments)
            missing = look(disks, rng, place, acknowledged)
            corrupt += missing is None
            lost += bool(missing)
            answers_lost += missing or 0
    return {"disks_that_lost": lost, "answers_lost": answers_lost, "corrupt": corrupt}


def look(
    disks: dict[str, Disk], rng: random.Random, place: Path, acknowledged: list[str]
) -> int | None:
    """Return how many acknowledged answers a disk after a cut has not; None when it is corrupt."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, disk in disks.items():
        (place / name).write_bytes(disk.after_a_cut(rng))
    try:
        with closing(sqlite3.connect(place / "xueji.sqlite3")) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return None
            stored = {i for (i,) in connection.execute("SELECT answer_id FROM study_review")}
    except sqlite3.DatabaseError:
        return None
    return len(set(acknowledged) - stored)


def record(count: int) -> None:
    """Record answers through the real action, and acknowledge each on standard output.

    Several members answer at once, so that answers are kept together, and now and then the log is
    begun again beneath them.
    """
    app = create_app()
    bodies = islice(answers(app), count)
    shares = [list(islice(bodies, count // MEMBERS)) for _one in range(MEMBERS)]
    threads = [threading.Thread(target=_answer, args=(app, *one)) for one in enumerate(shares, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _answer(app: Flask, member: int, bodies: list[str]) -> None:
    """Let one member answer."""
    versions: dict[str, int] = {}
    with app.app_context():
        for number, body in enumerate(bodies):
            parts = dict(part.split("=") for part in body.split("&"))
            question, identity = parts["question_id"], parts["answer_id"]
            version = versions.get(question, 0)
            sent = Answer(identity, question, int(parts["revision"]), version, [0], 4000, "due")
            answer_card(member, sent, clock.now())
            versions[question] = version + 1
            os.write(1, f"{identity}\n".encode())
            if member == 1 and number % AGAIN == AGAIN - 1:
                begin_again(Path(os.environ["XUEJI_DATA"]) / "xueji.sqlite3")
        with suppress(Exception):
            db.session.remove()


def main() -> None:
    """Print one JSON object; exit code 1 when an acknowledged answer was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--answers", type=int, default=400)
    parser.add_argument("--sync", choices=("FULL", "NORMAL"), default="FULL")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", type=int, help=argparse.SUPPRESS)
    choice = parser.parse_args()
    if choice.record:
        record(choice.record)
        return
    found = measure(choice.cuts, choice.answers, choice.sync, choice.seed)
    print(json.dumps(found))
    if found["disks_that_lost"] or found["corrupt"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

"""`python -m tests.bench.hostile`: hundreds of files that mean harm, uploaded to the real server.

Question files (each under its own name and that of another format), packages from Anki, and
rosters, two at a time, while a visitor goes on opening a page. Each must be refused in a sentence
by a child that took at most five seconds of processor time and 256 MB, and so must the server stay.
"""

import argparse
import contextlib
import itertools
import json
import os
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.accounts.actions import add_user
from app.base import clock
from app.base.db import db
from app.factory import create_app
from app.org.actions import add_unit
from tests.anki import hostile as packages
from tests.bank.formats import hostile
from tests.bench.servers import TICK, descendants, server
from tests.conftest import PASSWORD
from tests.uploads import CUT_OFF, Browser, waits_meanwhile

SECONDS, MEMORY = 5.0, 256  # of processor time; MB resident
OTHER = {"xlsx": "docx", "docx": "xlsx", "xml": "gift", "json": "csv", "csv": "json"}
REFUSED = (413, 422, CUT_OFF)
AT_ONCE = 2
File = tuple[str, str, bytes]  # the page that takes it, its name, what is in it


def question_files() -> Iterator[File]:
    """Yield every file for the question bank under its own name and under another."""
    for name, data in itertools.chain.from_iterable(group() for group in hostile.GROUPS):
        stem, _dot, kind = name.rpartition(".")
        for one in (name, f"{stem}.{OTHER.get(kind, 'xlsx')}"):
            yield "/bank/import", one, data


def anki_files() -> Iterator[File]:
    """Yield every package."""
    for name, data in itertools.chain.from_iterable(group() for group in packages.GROUPS):
        yield "/anki/home", f"{name}.apkg", data


def rosters() -> Iterator[File]:
    """Yield what of the files for the question bank looks like a roster."""
    for group in (hostile.zips, hostile.workbooks, hostile.noise):
        for name, data in group():
            yield "/people/roster", name, data


class Watch(threading.Thread):
    """Looks every few milliseconds at what the server and each of its children ever used."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.over, self.pid = threading.Event(), pid
        self.child_kb = self.server_kb = 0
        self.seconds: dict[int, float] = {}

    def run(self) -> None:
        """Look until told to stop; a child that is gone in between is looked at no more."""
        servers = [self.pid, *descendants(self.pid)]
        while not self.over.wait(0.003):
            for one in servers:
                self.server_kb = max(self.server_kb, _peak(one))
                for task in Path(f"/proc/{one}/task").glob("*/children"):
                    with contextlib.suppress(OSError):
                        for child in map(int, task.read_text().split()):
                            self._look(child)

    def _look(self, child: int) -> None:
        with contextlib.suppress(OSError):
            if b"app/base/child.py" in Path(f"/proc/{child}/cmdline").read_bytes():
                self.child_kb = max(self.child_kb, _peak(child))
                used = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()
                self.seconds[child] = (int(used[11]) + int(used[12])) / TICK


def _peak(process: int) -> int:
    """Return the most memory that a process ever held, in KiB; 0 of one that is gone."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
        return int(found[1]) if found else 0
    return 0


@dataclass
class Sender:
    """Somebody who uploads file after file."""

    browser: Browser
    files: Iterator[File]
    turn: threading.Lock
    taken: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0

    def work(self) -> None:
        """Send until there are no more."""
        while True:
            with self.turn:
                one = next(self.files, None)
            if one is None:
                return
            began = time.monotonic()
            status = self.browser.upload(one[0], one[1], one[2], "1")
            self.longest = max(self.longest, time.monotonic() - began)
            self.statuses[f"{one[0]} {status}"] += 1
            if status not in REFUSED and not (status == 200 and one[0] == "/bank/import"):
                self.taken.append(f"{one[0]} {one[1]} {status}")


def prepare(folder: str) -> None:
    """Make a site with a unit and trainers."""
    os.environ["XUEJI_DATA"] = folder
    app = create_app()
    with app.app_context():
        db.create_all()
        unit = add_unit("A", "甲支部", now=clock.now())
        for number in range(AT_ONCE):
            add_user(f"书记{number}", "trainer", clock.now(), password=PASSWORD, unit_id=unit)
        db.session.remove()
        db.engine.dispose()


def kept(folder: str) -> list[str]:
    """Return the files of which a question was recognised: a preview may say that none was."""
    app = create_app({"DATA": Path(folder)})
    with app.app_context():
        rows = db.session.execute(text("SELECT file, content FROM authoring_batch")).all()
        found = [row.file for row in rows if json.loads(row.content)["drafts"]]
        db.session.remove()
        db.engine.dispose()
    return found


def measure(most: int) -> dict[str, Any]:
    """Upload at most so many files of each kind; return what became of them and what it cost."""
    kinds = (question_files(), anki_files(), rosters())
    files = itertools.chain.from_iterable(itertools.islice(kind, most) for kind in kinds)
    began, turn = time.monotonic(), threading.Lock()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        with server("app.wsgi:application", {"XUEJI_DATA": folder}) as running:
            url = f"http://127.0.0.1:{running.port}"
            senders = [Sender(Browser(url), files, turn) for _one in range(AT_ONCE)]
            for number, sender in enumerate(senders):
                sender.browser.sign_in(f"书记{number}")
            watch = Watch(running.pid)
            watch.start()
            waits = sorted(waits_meanwhile(url, [sender.work for sender in senders]))
            watch.over.set()
            watch.join()
        taken = [one for sender in senders for one in sender.taken] + kept(folder)
    statuses = sum((sender.statuses for sender in senders), Counter[str]())
    number = sum(statuses.values())
    return {
        "files": number,
        "refused": number - len(taken),
        "taken": taken,
        "statuses": dict(sorted(statuses.items())),
        "most_processor_s": max(watch.seconds.values()),
        "most_wall_s": round(max(sender.longest for sender in senders), 2),
        "child_mb": watch.child_kb // 1024,
        "server_mb": watch.server_kb // 1024,
        "visits": len(waits),
        "visit_median_s": round(waits[len(waits) // 2], 3),
        "visit_p99_s": round(waits[len(waits) * 99 // 100], 3),
        "visit_longest_s": round(waits[-1], 3),
        "seconds": round(time.monotonic() - began, 1),
    }


def main() -> None:
    """Print one JSON object; exit code 1 when a file was taken or cost too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000, help="at most so many of each kind")
    found = measure(parser.parse_args().files)
    print(json.dumps(found, ensure_ascii=False))
    cheap = found["most_processor_s"] <= SECONDS
    small = max(found["child_mb"], found["server_mb"]) <= MEMORY
    if found["taken"] or not cheap or not small:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

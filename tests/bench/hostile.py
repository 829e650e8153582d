"""`python -m tests.bench.hostile`: two hundred files that mean harm, each read as an upload is.

Every file of the corpus is sent under its own name and under that of another format. Each must end
in a sentence and no question, within five seconds of processor time and 256 MB.
"""

import argparse
import contextlib
import json
import re
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.bank.formats.sandbox import parse_safely
from app.base.errors import Invalid
from tests.bank.formats import hostile

SECONDS, MEMORY = 5.0, 256 * 1024  # of processor time; KiB resident
OTHER = {"xlsx": "docx", "docx": "xlsx", "xml": "gift", "json": "csv", "csv": "json"}


def files() -> Iterator[tuple[str, bytes]]:
    """Yield every file under its own name and under another."""
    for group in hostile.GROUPS:
        for name, data in group():
            yield name, data
            stem, _dot, kind = name.rpartition(".")
            yield f"{stem}.{OTHER.get(kind, 'xlsx')}", data


def spent() -> float:
    """Return the processor seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Watch(threading.Thread):
    """Looks every few milliseconds at how much memory any child ever held."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over, self.peak = threading.Event(), 0

    def run(self) -> None:
        """Look until told to stop; a child that is gone in between is looked at no more."""
        while not self.over.wait(0.003):
            for task in Path("/proc/self/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    for child in task.read_text().split():
                        self._look(Path(f"/proc/{child}"))

    def _look(self, process: Path) -> None:
        with contextlib.suppress(OSError):
            if b"app/base/child.py" in (process / "cmdline").read_bytes():
                found = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
                self.peak = max(self.peak, int(found[1]) if found else 0)


def measure(most: int) -> dict[str, Any]:
    """Read at most so many of the files; return how many were refused and what the worst cost."""
    taken: list[str] = []
    tried, slowest, longest = 0, 0.0, 0.0
    watch = Watch()
    watch.start()
    for name, data in files():
        if tried == most:
            break
        before, began = spent(), time.monotonic()
        try:
            drafts = parse_safely(name, data).drafts
        except Invalid:
            drafts = ()
        if drafts:
            taken.append(name)
        tried += 1
        slowest = max(slowest, spent() - before)
        longest = max(longest, time.monotonic() - began)
    watch.over.set()
    watch.join()
    return {
        "files": tried,
        "refused": tried - len(taken),
        "taken": taken,
        "most_processor_s": round(slowest, 2),
        "most_wall_s": round(longest, 2),
        "most_resident_mb": watch.peak // 1024,
    }


def main() -> None:
    """Print one JSON object; exit code 1 when a file was taken or cost too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000, help="at most")
    found = measure(parser.parse_args().files)
    print(json.dumps(found))
    cheap = found["most_processor_s"] <= SECONDS and found["most_resident_mb"] * 1024 <= MEMORY
    if found["taken"] or not cheap:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

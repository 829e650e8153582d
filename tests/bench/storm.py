"""Everybody hands in within a minute: nothing lost, nothing double, and how long each waited.

People arrive at random moments, whatever the server is doing (open loop). Each sends the last two
answers, hands in, and, as a phone on a bad line would, sends the last answer and the handing in a
second time. What the server answers without touching the database is measured beside it, so that
the noise of the machine can be told from the work.
"""

import argparse
import json
import random
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from app.base.ids import new_id
from tests.bench.exam import (
    QUESTIONS,
    Exam,
    Server,
    Taker,
    earned,
    prepare_exam,
    stored_attempts,
    stored_slots,
)

KINDS = ("live", "answer", "submit")
LEFT = 2  # answers that each person still sends


class Walk:
    """What one person sends, and how long each request took in milliseconds."""

    def __init__(self, exam: Exam, server: Server, taker: Taker, after: float) -> None:
        self.base = f"/papers/{exam.paper_id}/attempts/1"
        self.server, self.taker, self.after = server, taker, after
        self.acknowledged: dict[int, str] = {}
        self.waits: dict[str, list[float]] = {kind: [] for kind in KINDS}
        self.failures = 0

    def run(self, began: float) -> None:
        """Wait for one's moment, then answer and hand in."""
        time.sleep(max(0.0, began + self.after - time.perf_counter()))
        self.send("live", "/livez")
        for slot in range(QUESTIONS - LEFT + 1, QUESTIONS + 1):
            fields = {"answer_id": new_id(), "version": "0", "choice": "0", "goto": "review"}
            for _delivery in range(2 if slot == QUESTIONS else 1):
                if self.send("answer", f"{self.base}/{slot}", fields):
                    self.acknowledged[slot] = fields["answer_id"]
        for _delivery in range(2):
            self.send("submit", f"{self.base}/submit", {})

    def send(self, kind: str, path: str, fields: dict[str, str] | None = None) -> bool:
        """Send a form, or get a page, note the wait, and say whether it went well."""
        begin, method = time.perf_counter(), "GET" if fields is None else "POST"
        try:
            status, _body = self.server.send(method, path, self.taker.cookie, fields)
        except OSError:
            status = 0
        self.waits[kind].append(1000 * (time.perf_counter() - begin))
        went_well = status == (200 if fields is None else 302)
        self.failures += not went_well
        return went_well


def measure(members: int, seconds: float, seed: int = 1) -> dict[str, Any]:
    """Return how many answers were lost or double, and the waits."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        exam = prepare_exam(Path(folder), members, QUESTIONS - LEFT)
        server = Server(Path(folder))
        server.start()
        try:
            walks = [Walk(exam, server, t, rng.uniform(0, seconds)) for t in exam.takers]
            began = time.perf_counter()
            threads = [threading.Thread(target=walk.run, args=(began,)) for walk in walks]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            took = time.perf_counter() - began
        finally:
            server.stop()
        with exam.app.app_context():
            return {
                "members": members,
                "seconds": round(took, 1),
                "failures": sum(walk.failures for walk in walks),
                **_count(exam, walks),
                **{kind: _waits(walks, kind) for kind in KINDS},
            }


def _count(exam: Exam, walks: list[Walk]) -> dict[str, int]:
    """Compare what was acknowledged with what is stored."""
    lost = double = wrong = 0
    for walk in walks:
        slots, attempts = stored_slots(exam, walk.taker), stored_attempts(exam, walk.taker)
        stored = {slot.slot: slot.answer_id for slot in slots}
        lost += sum(stored.get(slot) != i for slot, i in walk.acknowledged.items())
        lost += sum(attempt.state != "submitted" for attempt in attempts)
        double += len(attempts) - 1 + sum(slot.version > 1 for slot in slots)
        wrong += sum(attempt.score != earned(slots) for attempt in attempts)
    return {"lost": lost, "double": double, "wrong_marks": wrong}


def _waits(walks: list[Walk], kind: str) -> dict[str, float]:
    """Return p50, p99 and the longest wait."""
    waits = sorted(wait for walk in walks for wait in walk.waits[kind])
    return {
        "requests": len(waits),
        "p50_ms": round(waits[len(waits) // 2], 1),
        "p99_ms": round(waits[min(len(waits) - 1, int(len(waits) * 0.99))], 1),
        "longest_ms": round(waits[-1], 1),
    }


def main(words: list[str] | None = None) -> None:
    """Print one JSON object; `--quick` only shows that everything runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--quick", action="store_true", help="a few people in a second")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    choice = parser.parse_args(words)
    members, seconds = (12, 1.0) if choice.quick else (choice.members, choice.seconds)
    print(json.dumps(measure(members, seconds), indent=None if choice.json else 2))


if __name__ == "__main__":
    main()

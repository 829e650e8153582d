"""The server is killed (-9) again and again during an examination, while answers are sent.

Each person answers question after question and sends an answer until it is acknowledged, as a
phone does. In the end every acknowledged answer is stored once and the deadline is what it was.
"""

import argparse
import json
import random
import re
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from app.base import clock
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

MEMBERS = 4


class Sender:
    """One person who answers until told to stop."""

    def __init__(self, exam: Exam, server: Server, taker: Taker) -> None:
        self.base = f"/papers/{exam.paper_id}/attempts/1"
        self.server, self.taker = server, taker
        self.last: dict[int, str] = {}
        self.versions = dict.fromkeys(range(1, QUESTIONS + 1), 0)
        self.acknowledged = self.refused = self.retried = 0
        self.stop = threading.Event()

    def run(self) -> None:
        """Answer round and round; stop only once the last answer is acknowledged."""
        turn = 0
        while not self.stop.is_set():
            slot, turn = turn % QUESTIONS + 1, turn + 1
            fields = {
                "answer_id": new_id(),
                "version": str(self.versions[slot]),
                "choice": str(turn % 3),
                "goto": "review",
            }
            self.deliver(slot, fields)

    def deliver(self, slot: int, fields: dict[str, str]) -> None:
        """Send one answer until the server says something."""
        while True:
            try:
                status, _body = self.server.send(
                    "POST", f"{self.base}/{slot}", self.taker.cookie, fields
                )
            except OSError:
                self.retried += 1
                time.sleep(0.02)
                continue
            if status == 302:
                self.acknowledged += 1
                self.versions[slot] += 1
                self.last[slot] = fields["answer_id"]
            else:
                self.refused += 1
            return


def measure(kills: int, seed: int = 1) -> dict[str, Any]:
    """Return what was acknowledged, lost and double after so many kills, and the clock."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        exam = prepare_exam(Path(folder), MEMBERS, 0)
        with exam.app.app_context():
            deadlines = [stored_attempts(exam, t)[0].deadline for t in exam.takers]
        server = Server(Path(folder))
        server.start()
        senders = [Sender(exam, server, taker) for taker in exam.takers]
        threads = [threading.Thread(target=sender.run) for sender in senders]
        for thread in threads:
            thread.start()
        for _kill in range(kills):
            time.sleep(rng.uniform(0.3, 1.5))
            server.kill()
            server.start()
        time.sleep(1)
        for sender in senders:
            sender.stop.set()
        for thread in threads:
            thread.join()
        left = [_seconds_left(server, exam, taker) for taker in exam.takers]
        for sender in senders:
            server.send("POST", f"{sender.base}/submit", sender.taker.cookie, {})
        server.stop()
        with exam.app.app_context():
            return {"kills": kills, **_count(exam, senders, deadlines, left)}


def _seconds_left(server: Server, exam: Exam, taker: Taker) -> tuple[int, int]:
    """Return what the page says is left, and when it said so."""
    _status, page = server.send("GET", f"/papers/{exam.paper_id}/attempts/1/1", taker.cookie)
    with exam.app.app_context():
        now = clock.epoch(clock.now())
    return int(re.findall(r'data-left="(\d+)"', page)[0]), now


def _count(
    exam: Exam, senders: list[Sender], deadlines: list[Any], left: list[tuple[int, int]]
) -> dict[str, Any]:
    """Compare what was acknowledged with what is stored."""
    lost = double = wrong = moved = 0
    for sender, deadline in zip(senders, deadlines, strict=True):
        slots, [attempt] = stored_slots(exam, sender.taker), stored_attempts(exam, sender.taker)
        lost += sum(slot.answer_id != sender.last.get(slot.slot) for slot in slots)
        double += sum(slot.version != sender.versions[slot.slot] for slot in slots)
        wrong += attempt.score != earned(slots) or attempt.state != "submitted"
        moved += attempt.deadline != deadline
    off = [abs(end - now - shown) for end, (shown, now) in zip(deadlines, left, strict=True)]
    return {
        "acknowledged": sum(sender.acknowledged for sender in senders),
        "connections_lost": sum(sender.retried for sender in senders),
        "refused": sum(sender.refused for sender in senders),
        "lost": lost,
        "double": double,
        "wrong_marks": wrong,
        "deadlines_moved": moved,
        "clock_off_s": max(off),
    }


def main(words: list[str] | None = None) -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--quick", action="store_true", help="one kill")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    choice = parser.parse_args(words)
    found = measure(1 if choice.quick else choice.kills)
    print(json.dumps(found, indent=None if choice.json else 2))


if __name__ == "__main__":
    main()

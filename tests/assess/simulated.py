"""Simulated members whose true memory is power-law with noise, half-life-like, or of our family.

They study on the days FSRS gives them, sometimes late, and sit a paper two weeks later. Nothing of
the truth is known to the code under test but right and wrong answers. All of it is simulated.
"""

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import msgspec

from app.assess.expected import Slot, recall_on
from app.assess.offsets import Recall, Sample, logit, sigmoid
from app.study.memory import AGAIN, GOOD, Memory, after_answer

START = date(2026, 1, 1)
LAST_DAY, PAPER_DAY = 60, 75  # studying ends, the paper is written
GUESSES = (0.25, 0.25, 0.5, 0.0, 1 / 11)


@dataclass
class Sitting:
    """One member before a paper, and what came of it."""

    member: int
    slots: list[Slot]
    right: list[bool]

    @property
    def score(self) -> int:
        """The marks reached."""
        return sum(slot.mark for slot, right in zip(self.slots, self.right, strict=True) if right)


@cache
def after(memory: Memory | None, rating: int, gap: int) -> Memory:
    """Return the memory after an answer, its last day called START so that few differ."""
    found = after_answer(memory, rating, START + timedelta(days=gap))
    return msgspec.structs.replace(found, last_day=START)


@cache
def recall_after(memory: Memory | None, gap: int) -> Recall | None:
    """Return what FSRS expects `gap` days after the last answer."""
    return recall_on(memory, START + timedelta(days=gap))


class Truth:
    """How one member really remembers one item; `kind` is "power", "half-life" or "ours"."""

    def __init__(self, kind: str, ease: float, draw: random.Random) -> None:
        self.kind, self.ease, self.draw, self.growth = kind, ease, draw, 0.9
        self.first = self.strength = math.log(1.5) + ease + draw.gauss(0, 0.3)

    def knows(self, gap: int, recall: Recall | None) -> float:
        """Return the true chance of knowing `gap` days after the last answer."""
        if recall is None:
            return sigmoid(self.ease - 1.0)
        if self.kind == "ours":
            return sigmoid(logit(recall.chance) + self.ease)
        strength = math.exp(self.strength + self.draw.gauss(0, 0.2))
        if self.kind == "power":
            return float((1 + gap / (4 * strength)) ** -0.35)
        return float(2 ** (-gap / (6 * strength)))

    def answered(self, right: bool, gap: int) -> None:
        """Grow with a right answer, little on the same day; forgetting leaves a tenth,
        and what was forgotten grows more slowly afterwards."""
        if right:
            self.strength += (self.growth if gap else 0.1) + 0.15 * self.ease
        else:
            self.strength = self.first + 0.1 * (self.strength - self.first) - 0.1
            self.growth = max(0.3, self.growth - 0.15)


def simulate(
    kind: str, members: int = 1000, items: int = 14, paper: int = 12, seed: int = 1
) -> tuple[list[Sample], list[Sitting]]:
    """Return the answers of all members up to LAST_DAY and their papers on PAPER_DAY."""
    draw = random.Random(f"{kind}/{seed}")
    hardness = [draw.gauss(0, 0.5) for _ in range(items)]
    samples: list[Sample] = []
    sittings = []
    for member in range(members):
        ability, cards = draw.gauss(0, 0.5), {}
        for item in range(items):
            truth = Truth(kind, ability - hardness[item], draw)
            met = draw.random() < 0.9
            cards[item] = (truth, *_study(samples, member, item, truth, met, draw))
        sittings.append(_sit(member, cards, draw.sample(range(items), paper), draw))
    return samples, sittings


def _study(
    samples: list[Sample], member: int, item: int, truth: Truth, met: bool, draw: random.Random
) -> tuple[Memory | None, int]:
    """Let a member study an item till LAST_DAY; return the memory and the last day of it."""
    memory: Memory | None = None
    day = draw.randrange(30) if met else LAST_DAY
    last, guess = day, GUESSES[item % len(GUESSES)]
    while day < LAST_DAY:
        gap = day - last
        recall = recall_after(memory, gap)
        right = draw.random() < guess + (1 - guess) * truth.knows(gap, recall)
        if memory is None or gap:  # a second answer on the same day is drill, not evidence
            samples.append(Sample(member, f"q{item}", recall, guess, right))
        memory = after(memory, GOOD if right else AGAIN, gap)
        truth.answered(right, gap)
        last = day
        day += _wait((memory.due_day - START).days, draw)
    return memory, last


def _wait(due: int, draw: random.Random) -> int:
    """Return after how many days somebody comes: when due, days or weeks late, or in between."""
    kind = draw.random()
    if kind < 0.2 and due > 1:
        return draw.randrange(1, due)  # practice by chapter or at random does not wait
    if kind < 0.7:
        return due
    return due + (draw.randrange(1, 5) if kind < 0.92 else draw.randrange(5, 25))


def _sit(
    member: int,
    cards: dict[int, tuple[Truth, Memory | None, int]],
    asked: list[int],
    draw: random.Random,
) -> Sitting:
    """Let a member write a paper of these items."""
    slots, right = [], []
    for item in asked:
        truth, memory, last = cards[item]
        gap, guess = PAPER_DAY - last, GUESSES[item % len(GUESSES)]
        recall = recall_after(memory, gap)
        slots.append(Slot(f"q{item}", 5, guess, recall))
        right.append(draw.random() < guess + (1 - guess) * truth.knows(gap, recall))
    return Sitting(member, slots, right)

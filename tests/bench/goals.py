"""Study goals: the worked-out load beside the same days played by lot, and what it costs.

Run as `python -m tests.bench.goals`. The game knows nothing of the tables: it asks the scheduler
itself day by day, so that a mistake in either shows as a difference.
"""

import argparse
import json
import random
import time
from dataclasses import dataclass
from datetime import date, timedelta

from app.assign.load import Known, Load, plan_load, recall, tables
from app.study.memory import AGAIN, GOOD, REVIEW, Memory, after_answer, retrievability

TODAY = date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """A member's situation: memories, unseen questions, days to go, chance of a first answer."""

    memories: tuple[Memory, ...]
    unseen: int
    days: int
    first: float


def make_case(seed: int, met: int, unseen: int, days: int) -> Case:
    """Return a member who has met `met` questions, some of them overdue."""
    rng = random.Random(seed)
    memories = []
    for _n in range(met):
        memory = None
        day = TODAY - timedelta(days=rng.randrange(1, 60))
        while memory is None or (
            memory.due_day <= TODAY - timedelta(days=3) and rng.random() < 0.9
        ):
            day = memory.due_day if memory and memory.state == REVIEW else day
            rating = GOOD if rng.random() < 0.85 else AGAIN
            memory = after_answer(memory, rating, day)
            while memory.state != REVIEW:
                memory = after_answer(memory, GOOD, day)
        memories.append(memory)
    return Case(tuple(memories), unseen, days, 0.7)


def known_of(case: Case) -> list[Known]:
    """Return the memories as the load sees them."""
    return [
        Known(m.stability, m.difficulty, (TODAY - m.last_day).days, (m.due_day - TODAY).days)
        for m in case.memories
    ]


def play(case: Case, new: int, rng: random.Random) -> tuple[float, float]:
    """Return (mean recall on the last day, reviews a day) of one game with `new` a day."""
    end = TODAY + timedelta(days=case.days)
    cards, waiting, answers = list(case.memories), case.unseen, 0
    for number in range(case.days):
        day = TODAY + timedelta(days=number)
        for place, memory in enumerate(cards):
            if memory.due_day > day:
                continue
            right = rng.random() < retrievability(memory, day)
            cards[place] = _answer(memory, right, day)
            answers += 1 if right else 2
        for _new in range(min(new, waiting)):
            cards.append(_answer(None, rng.random() < case.first, day))
        waiting -= min(new, waiting)
    total = len(case.memories) + case.unseen
    known = sum(recall(m.stability, (end - m.last_day).days) for m in cards)
    return known / total, answers / case.days


def _answer(memory: Memory | None, right: bool, day: date) -> Memory:
    """Return the memory after a day's answers: until the scheduler lets the question rest."""
    after = after_answer(memory, GOOD if right else AGAIN, day)
    while after.state != REVIEW:
        after = after_answer(after, GOOD, day)
    return after


def compare(case: Case, target: float, games: int) -> tuple[Load, float, float]:
    """Return the load, and the means of recall and reviews over games played with its pace."""
    load = plan_load(known_of(case), case.unseen, case.days, target, 10_000, case.first)
    played = [play(case, load.new, random.Random(f"game {n}")) for n in range(games)]
    return load, sum(p[0] for p in played) / games, sum(p[1] for p in played) / games


def main() -> None:
    """Print what the tables cost, what a member costs, and the differences to games by lot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--games", type=int, default=20)
    asked = parser.parse_args()
    began = time.perf_counter()
    tables().grow(366)
    built = time.perf_counter() - began
    cases = [make_case(n, 300, 237, 120) for n in range(20)]
    people = [known_of(cases[n % len(cases)]) for n in range(asked.members)]
    began = time.process_time()
    for known in people:
        plan_load(known, 237, 120, 0.9, 100, 0.7)
    each = (time.process_time() - began) / asked.members
    found = []
    for met, unseen, days, target in ((0, 120, 30, 0.9), (150, 100, 60, 0.9), (200, 0, 120, 0.8)):
        case = make_case(7, met, unseen, days)
        load, then, due = compare(case, target, asked.games)
        found.append(
            {
                "met": met,
                "unseen": unseen,
                "days": days,
                "new_a_day": load.new,
                "recall": round(load.then, 4),
                "recall_played": round(then, 4),
                "due_a_day": load.due,
                "due_played": round(due, 2),
            }
        )
    figures = {
        "tables_seconds": round(built, 3),
        "milliseconds_a_member": round(each * 1000, 2),
        "seconds_for_10000_members": round(each * 10_000, 1),
        "questions_a_member": 537,
        "against_games": found,
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()

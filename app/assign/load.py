"""From a study goal to a daily load: how many new questions and reviews a day it takes; pure.

The question is which mean probability of recall the questions of some chapters have on a day,
questions never met counting as 0, when those met are reviewed whenever they fall due and so many
new ones are begun every day. Every review is a step of the scheduler the site uses (FSRS-6, see
`app.study.memory`): answered rightly with the probability R that its forgetting curve gives,
rated Good then; else Again, and Good after the relearning step of the same day.

Questions do not influence each other, so nothing has to be drawn by lot: the expectations over
all courses a question can take obey a recursion over the days that are left. With k days left
right after an answer that led to stability s and difficulty d, whose interval is I(s),

    V(k; s, d) = R(k, s)                                          when I(s) ≥ k, and else
    V(k; s, d) = p · V(k − I; s⁺, d⁺) + (1 − p) · V(k − I; s⁻, d⁻)   with p = R(I, s),

and the expected number of answers C obeys the same with 1 (or 2, after a lapse) added; ⁺ and ⁻
are what the scheduler makes of a right and a wrong answer. Both are worked out once per process
on a grid of stabilities and difficulties, between whose points they are interpolated; a member's
load is then a few look-ups a question. `tests/bench/goals.py` holds this against playing the
same days by lot with the scheduler itself, and measures what it costs.

Sources: the recursion is that of a Markov chain with rewards (Howard 1960, Dynamic Programming
and Markov Processes); the model of memory is FSRS-6 (github.com/open-spaced-repetition).
Nothing is reviewed on the goal's own day, so that the goal is about memory, not about cramming.
"""

import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from app.study.memory import AGAIN, GOOD, REVIEW, Memory, after_answer, scheduler

LONGEST = 366  # days that a goal may lie ahead
LEAST_S, STEP_S, POINTS_S = 0.1, 1.35, 33  # stabilities of the grid: 0.1 … about 1,500 days
STEP_D, POINTS_D = 1.5, 7  # difficulties of the grid: 1, 2.5 … 10
DAY = date(2026, 1, 1)  # any day will do: only differences count
FIRST_PRIOR, FIRST_WEIGHT = 0.7, 10  # right first answers of somebody unknown, worth ten answers
ANSWERS_RIGHT, ANSWERS_WRONG = 2, 3  # answers that a new question takes on its first day


@dataclass(frozen=True, slots=True)
class Known:
    """A question the member has met: stability in days, difficulty 1…10, days since the last
    answer (≥ 0), days until it is due (≤ 0 when it is), None when the member has set it aside.
    """

    stability: float
    difficulty: float
    ago: int
    wait: int | None


@dataclass(frozen=True, slots=True)
class Load:
    """What a goal takes of a member; recalls are means over all its questions, 0…1.

    `new` questions and `due` reviews a day lead from `now` to `then`. `reachable` says whether
    the goal is met without more than the allowed answers a day; when not, `new` and `due` are
    what would come closest, or 0 where nothing helps.
    """

    now: float
    then: float
    new: int
    due: int
    answers: int
    unseen: int
    total: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a memory lies on the grid: the four points around it and their weights."""

    points: tuple[int, int, int, int]
    weights: tuple[float, float, float, float]

    def of(self, values: Sequence[float]) -> float:
        """Return the value in between."""
        (a, b, c, d), (wa, wb, wc, wd) = self.points, self.weights
        return wa * values[a] + wb * values[b] + wc * values[c] + wd * values[d]


def place_of(stability: float, difficulty: float) -> Place:
    """Return the place of a memory; what lies beyond the grid is taken as its edge."""
    x = math.log(max(stability, LEAST_S) / LEAST_S) / math.log(STEP_S)
    y = (difficulty - 1) / STEP_D
    x, y = min(max(x, 0.0), POINTS_S - 1.001), min(max(y, 0.0), POINTS_D - 1.001)
    i, j = int(x), int(y)
    u, v = x - i, y - j
    first = i * POINTS_D + j
    points = (first, first + 1, first + POINTS_D, first + POINTS_D + 1)
    return Place(points, ((1 - u) * (1 - v), (1 - u) * v, u * (1 - v), u * v))


def recall(stability: float, days: int) -> float:
    """Return R(t, s) of FSRS-6: (1 + f · t / s) ^ −w20, with R = 0.9 at t = s; in 0…1."""
    factor, decay = _curve()
    return float((1 + factor * max(0, days) / stability) ** decay)


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the grid: its stability, interval in days, chance at the due day, and whereto."""

    stability: float
    interval: int
    chance: float
    right: Place
    wrong: Place


class Tables:
    """Expectations by days left, grown as far as somebody asks; `values` and `costs` are V and C
    of the module's text at every point of the grid.
    """

    def __init__(self) -> None:
        self.steps = [_step(*_point(n)) for n in range(POINTS_S * POINTS_D)]
        self.values = [[1.0] * len(self.steps)]
        self.costs = [[0.0] * len(self.steps)]
        self.entries = (_entry((GOOD, GOOD)), _entry((AGAIN, GOOD, GOOD)))
        self.turn = threading.Lock()

    def grow(self, days: int) -> None:
        """Work the tables out as far as `days` days before the end; threads take turns."""
        with self.turn:
            while len(self.costs) <= days:
                left = len(self.costs)
                pairs = [self._pair(step, left) for step in self.steps]
                self.values.append([value for value, _cost in pairs])
                self.costs.append([cost for _value, cost in pairs])

    def _pair(self, step: Step, left: int) -> tuple[float, float]:
        """Return (recall, answers) at a point of the grid with `left` days to go."""
        if step.interval >= left:
            return recall(step.stability, left), 0.0
        later = left - step.interval
        value = self._mix(self.values[later], step)
        return value, 2 - step.chance + self._mix(self.costs[later], step)

    def _mix(self, table: Sequence[float], step: Step) -> float:
        """Return the mean over a right and a wrong answer."""
        return step.chance * step.right.of(table) + (1 - step.chance) * step.wrong.of(table)

    def after_review(self, known: Known, wait: int, left: int) -> tuple[float, float]:
        """Return (recall, answers) of a question reviewed in `wait` days, `left` before the end."""
        here, points = place_of(known.stability, known.difficulty), self.steps
        chance = recall(known.stability, known.ago + wait)
        value = cost = 0.0
        for point, weight in zip(here.points, here.weights, strict=True):
            right, wrong = points[point].right, points[point].wrong
            value += weight * (
                chance * right.of(self.values[left]) + (1 - chance) * wrong.of(self.values[left])
            )
            cost += weight * (
                chance * right.of(self.costs[left]) + (1 - chance) * wrong.of(self.costs[left])
            )
        return value, 2 - chance + cost

    def begun(self, left: int, first: float) -> tuple[float, float]:
        """Return (recall, later answers) of a question begun with `left` days to go.

        `first` is the chance of a right first answer.
        """
        right, wrong = self.entries
        values, costs = self.values[left], self.costs[left]
        return (
            first * right.of(values) + (1 - first) * wrong.of(values),
            first * right.of(costs) + (1 - first) * wrong.of(costs),
        )


@cache
def tables() -> Tables:
    """Return the tables of this process."""
    return Tables()


def chance_of_first(right: int, answers: int) -> float:
    """Return the chance of a right first answer, from the member's own ones and a prior."""
    return (right + FIRST_PRIOR * FIRST_WEIGHT) / (answers + FIRST_WEIGHT)


def plan_load(
    known: Iterable[Known], unseen: int, days: int, target: float, most: int, first: float
) -> Load:
    """Return what it takes to recall `target` (0…1) of known and unseen questions in `days` days.

    `days` counts today and not the goal's day, 0…LONGEST; with 0 it stays as it is. `most` answers
    a day are allowed; `first` is the chance of a right first answer. The smallest number of new
    questions a day that will do is chosen. Raises ValueError without any question.
    """
    table = tables()
    table.grow(days)
    met = [(recall(one.stability, one.ago), *_expect(table, one, days)) for one in known]
    total = len(met) + unseen
    if not total:
        raise ValueError("a goal needs questions")
    held, cost = sum(m[1] for m in met), sum(m[2] for m in met)
    course = _Course(table, unseen, days, first)
    best = (held + course.gain(0)[0], 0)
    for new in range(unseen + 1) if days else ():
        then = held + course.gain(new)[0]
        best = max(best, (then, -new))
        if then >= target * total:
            best = (then, -new)
            break
    new = -best[1]
    due = (cost + course.gain(new)[1]) / max(1, days)
    answers = due + new * (first * ANSWERS_RIGHT + (1 - first) * ANSWERS_WRONG)
    reached = best[0] >= target * total
    return Load(
        now=sum(m[0] for m in met) / total,
        then=best[0] / total,
        new=new,
        due=math.ceil(due - 1e-9),
        answers=math.ceil(answers - 1e-9),
        unseen=unseen,
        total=total,
        reachable=reached and answers <= most,
    )


class _Course:
    """What beginning unseen questions at a steady pace adds up to."""

    def __init__(self, table: Tables, unseen: int, days: int, first: float) -> None:
        self.unseen, self.days = unseen, days
        self.each = [table.begun(days - n, first) for n in range(days)]
        self.sums = [(0.0, 0.0)]
        for value, cost in self.each:
            self.sums.append((self.sums[-1][0] + value, self.sums[-1][1] + cost))

    def gain(self, new: int) -> tuple[float, float]:
        """Return (sum of recalls, answers after the first day) with `new` questions a day."""
        if not new or not self.unseen:
            return 0.0, 0.0
        full = min(self.days, self.unseen // new)
        value, cost = self.sums[full]
        rest = self.unseen - full * new if full < self.days else 0
        last = self.each[full] if rest else (0.0, 0.0)
        return new * value + rest * last[0], new * cost + rest * last[1]


def _expect(table: Tables, one: Known, days: int) -> tuple[float, float]:
    """Return (recall on the goal's day, answers until then) of a question that was met."""
    wait = None if one.wait is None else max(0, one.wait)
    if wait is None or wait >= days:
        return recall(one.stability, one.ago + days), 0.0
    return table.after_review(one, wait, days - wait)


@cache
def _curve() -> tuple[float, float]:
    """Return factor and exponent of the forgetting curve."""
    decay = -float(scheduler().parameters[20])
    return 0.9 ** (1 / decay) - 1, decay


def _point(number: int) -> tuple[float, float]:
    """Return stability and difficulty of a point of the grid."""
    i, j = divmod(number, POINTS_D)
    return LEAST_S * STEP_S**i, 1 + STEP_D * j


def _step(stability: float, difficulty: float) -> Step:
    """Return what the scheduler makes of a memory at its due day."""
    interval = _interval(stability)
    day = DAY + timedelta(days=interval)
    before = _memory(stability, difficulty, interval)
    right = after_answer(before, GOOD, day)
    wrong = after_answer(after_answer(before, AGAIN, day), GOOD, day)
    return Step(
        stability,
        interval,
        recall(stability, interval),
        place_of(right.stability, right.difficulty),
        place_of(wrong.stability, wrong.difficulty),
    )


def _interval(stability: float) -> int:
    """Return the days until a review, at a desired retention of 0.9: the stability, rounded."""
    return max(1, round(stability))


def _entry(ratings: tuple[int, ...]) -> Place:
    """Return where a new question stands after the answers of its first day."""
    memory: Memory | None = None
    for rating in ratings:
        memory = after_answer(memory, rating, DAY)
    assert memory is not None
    return place_of(memory.stability, memory.difficulty)


def _memory(stability: float, difficulty: float, wait: int) -> Memory:
    """Return a memory under review whose last answer was on the reference day."""
    return Memory(REVIEW, None, stability, difficulty, DAY, wait)

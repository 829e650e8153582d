"""What is worth a look by a person, each with its evidence; never a penalty by machine; pure.

Three things only, each measured against what is normal for the same questions: answers faster than
the question can be read, pairs with the same wrong answers beyond chance, and more answers in a
short while than the questions take. Much study before a deadline is none of these.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import NamedTuple

from app.bank.balance import distribution

ENOUGH_TIMES = 10  # answers by as many members before a question has a normal time
NORMAL = 1.4826  # makes the median absolute deviation that of a normal distribution
LEAST_SPREAD = 0.2  # log seconds; people never agree more closely than a fifth
FAR = 3.0  # such deviations below the median of log times count as too fast
LEAST_FAST, FAST_SHARE = 5, 0.2  # so many, and such a share of answers, before a person is named
LEAST_SAME = 3
UNLIKELY = 0.01  # expected number of pairs by chance, over all pairs looked at
WINDOW_MS = 600_000
LEAST_BURST, TIMES_TOO_MANY = 20, 3.0


class Timing(NamedTuple):
    """An answer with its reading time and moment, both in milliseconds; `at_ms` since 1970."""

    member: int
    item: str
    elapsed_ms: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal time of a question: median in ms, and the spread of its logarithm."""

    median_ms: float
    spread: float
    members: int

    @property
    def fast_ms(self) -> float:
        """Below this an answer is faster than reading."""
        return self.median_ms * math.exp(-FAR * self.spread)


@dataclass(frozen=True, slots=True)
class FastAnswer:
    """An answer faster than reading: its time beside the question's median and limit, in ms."""

    item: str
    elapsed_ms: int
    median_ms: float
    fast_ms: float


@dataclass(frozen=True, slots=True)
class Hasty:
    """A member many of whose answers were faster than reading; `others` is the share of others."""

    member: int
    fast: tuple[FastAnswer, ...]
    answers: int
    others: float


@dataclass(frozen=True, slots=True)
class SameWrong:
    """A pair with the same wrong answers: on `same` of `both_wrong` questions wrong for both.

    `expected` is how many would be the same by chance, `chance` that of so many or more, and
    `pairs` how many pairs were looked at, among which chance alone finds `chance · pairs`.
    """

    members: tuple[int, int]
    items: tuple[str, ...]
    same: int
    both_wrong: int
    expected: float
    chance: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Burst:
    """Answers within one window: how many, over which ms, and how long they normally take."""

    member: int
    start_ms: int
    answers: int
    took_ms: int
    usual_ms: float


def normal_times(timings: Sequence[Timing]) -> dict[str, Normal]:
    """Return the normal time of each question that ten members answered, by median and MAD.

    Every member counts once a question (with the median of their times), so that nobody's many
    fast answers make being fast normal.
    """
    by_item: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for timing in timings:
        by_item[timing.item][timing.member].append(max(1, timing.elapsed_ms))
    found = {}
    for item, members in by_item.items():
        if len(members) >= ENOUGH_TIMES:
            logs = [math.log(median(times)) for times in members.values()]
            middle = median(logs)
            spread = NORMAL * median(abs(value - middle) for value in logs)
            found[item] = Normal(math.exp(middle), max(LEAST_SPREAD, spread), len(members))
    return found


def list_hasty(timings: Sequence[Timing], normal: Mapping[str, Normal]) -> list[Hasty]:
    """Return members with at least five answers, and a fifth of theirs, faster than reading.

    Give first encounters only: a question known by heart is answered fast and well.
    """
    fast: dict[int, list[FastAnswer]] = defaultdict(list)
    answered: Counter[int] = Counter()
    for member, item, elapsed_ms, _at in timings:
        usual = normal.get(item)
        if usual is not None:
            answered[member] += 1
            if elapsed_ms < usual.fast_ms:
                evidence = FastAnswer(item, elapsed_ms, usual.median_ms, usual.fast_ms)
                fast[member].append(evidence)
    all_fast, everything = sum(map(len, fast.values())), sum(answered.values())
    found = []
    for member, answers in sorted(fast.items()):
        count = answered[member]
        if len(answers) >= max(LEAST_FAST, FAST_SHARE * count):
            rest = everything - count
            others = (all_fast - len(answers)) / rest if rest else 0.0
            found.append(Hasty(member, tuple(answers), count, others))
    return found


def list_same_wrong(wrong: Mapping[int, Mapping[str, str]]) -> list[SameWrong]:
    """Return pairs of members whose wrong answers agree far beyond chance.

    `wrong` gives each member's wrong answers of one paper by question, in any canonical form; keep
    members in it who had none. Given that both are wrong, the chance that they are wrong alike is
    Σ q² over the wrong answers with share q among the other members (error-similarity analysis,
    Bellezza and Bellezza 1989), smoothed by one made-up answer each and one for any other; the
    number of agreements is then Poisson-binomial. A misconception that many share is no evidence.
    """
    chosen: dict[str, Counter[str]] = defaultdict(Counter)
    for answers in wrong.values():
        for item, answer in answers.items():
            chosen[item][answer] += 1
    pairs = len(wrong) * (len(wrong) - 1) // 2
    alike = _Alike(chosen)
    compared = (_compare(pair, wrong, alike, pairs) for pair in _meeting(wrong))
    found = [one for one in compared if one is not None and one.chance * pairs < UNLIKELY]
    return sorted(found, key=lambda one: (one.chance, one.members))


def list_bursts(timings: Sequence[Timing], normal: Mapping[str, Normal]) -> list[Burst]:
    """Return, per member, the fullest ten minutes that hold what normally takes thrice as long.

    Twenty answers at the least; only questions with a normal time count.
    """
    by_member: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for member, item, elapsed_ms, at_ms in timings:
        if item in normal:
            by_member[member].append((at_ms, elapsed_ms, normal[item].median_ms))
    bursts = (_fullest(member, sorted(rows)) for member, rows in sorted(by_member.items()))
    return [burst for burst in bursts if burst is not None]


def _meeting(wrong: Mapping[int, Mapping[str, str]]) -> Iterator[tuple[int, int]]:
    """Yield pairs with at least three wrong answers in common."""
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for member in sorted(wrong):
        for item, answer in wrong[member].items():
            holders[item, answer].append(member)
    common: Counter[tuple[int, int]] = Counter()
    for members in holders.values():
        common.update(combinations(members, 2))
    yield from (pair for pair, count in sorted(common.items()) if count >= LEAST_SAME)


class _Alike(dict[tuple[str, str, str], float]):
    """By (question, answer, answer): the chance that two agree, judged by everybody else's."""

    def __init__(self, chosen: Mapping[str, Counter[str]]) -> None:
        super().__init__()
        self.chosen = chosen

    def __missing__(self, key: tuple[str, str, str]) -> float:
        item, *pair = key
        others = [n - pair.count(answer) + 1 for answer, n in self.chosen[item].items()]
        whole = sum(others) + 1
        self[key] = (sum(n * n for n in others) + 1) / (whole * whole)
        return self[key]


def _compare(
    members: tuple[int, int],
    wrong: Mapping[int, Mapping[str, str]],
    alike: _Alike,
    pairs: int,
) -> SameWrong | None:
    """Return how far two members' wrong answers agree; None when that is plainly chance."""
    one, other = wrong[members[0]], wrong[members[1]]
    both = sorted(one.keys() & other.keys())
    same = [item for item in both if one[item] == other[item]]
    chances = [alike[item, one[item], other[item]] for item in both]
    expected = math.fsum(chances)
    # Nearly all pairs of a large paper end here, long before what is looked for: 1 in 100 and less.
    spread = math.sqrt(math.fsum(p * (1 - p) for p in chances))
    if len(same) < expected + 2 * spread:
        return None
    return SameWrong(
        members=members,
        items=tuple(same),
        same=len(same),
        both_wrong=len(both),
        expected=expected,
        chance=min(1.0, math.fsum(distribution(chances)[len(same) :])),
        pairs=pairs,
    )


def _fullest(member: int, rows: Sequence[tuple[int, int, float]]) -> Burst | None:
    """Return the window with most answers for its length, None when nothing is remarkable."""
    best, first, usual = None, 0, 0.0
    for last, (at_ms, _elapsed, median_ms) in enumerate(rows):
        usual += median_ms
        while at_ms - rows[first][0] > WINDOW_MS:
            usual -= rows[first][2]
            first += 1
        took = max(1, at_ms - rows[first][0] + rows[first][1])  # from when the first was shown
        count = last - first + 1
        if count >= LEAST_BURST and usual > TIMES_TOO_MANY * took:
            burst = Burst(member, rows[first][0], count, took, usual)
            if best is None or burst.answers > best.answers:
                best = burst
    return best

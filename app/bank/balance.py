"""Whether the bank as a whole gives answers away: where keys stand, how long they are; pure.

Options are shuffled for each page, so a position in the file tells nobody anything; an uneven one
still says that somebody wrote without thinking. Length survives shuffling and is the real hint.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.bank.kinds import Content, Single, TrueFalse
from app.bank.kinds.kind import key_of

UNLIKELY = 0.05
ENOUGH = 20  # questions; Pearson's test wants five in each of four places
RECALL = 0.25  # the least share of questions that ask to recall instead of to recognise


@dataclass(frozen=True, slots=True)
class Balance:
    """Figures over all questions; every `p` is the chance (0…1) of something at least as uneven.

    `longest` counts single-choice questions whose key is the only longest option, out of
    `with_longest` that have an only longest one; `p_more` and `p_fewer` are the exact tails of
    the sum of independent draws with chance 1/options each. `p_position` is Pearson's χ² test of
    `positions` against even use. `p_true` is the two-sided binomial test of one half.
    """

    longest: int
    with_longest: int
    expected_longest: float
    p_more: float
    p_fewer: float
    positions: dict[str, int]
    chi_square: float
    p_position: float
    true: int
    false: int
    p_true: float
    recall_share: float


def measure(items: Sequence[Content]) -> Balance:
    """Return the balance of `items`; a bank without questions of a kind counts as even."""
    single = [item for item in items if isinstance(item, Single) and len(item.answer) == 1]
    chances, hits = _longest(single)
    draws = distribution(chances)
    positions = dict.fromkeys("ABCD", 0) | dict(Counter(item.answer for item in single))
    chi = chi_square(list(positions.values()))
    judged = [item.answer for item in items if isinstance(item, TrueFalse)]
    even = distribution([0.5] * len(judged))
    recalled = sum(type(item).__name__ in ("Blank", "Order") for item in items)
    return Balance(
        longest=hits,
        with_longest=len(chances),
        expected_longest=sum(chances),
        p_more=min(1.0, sum(draws[hits:])),
        p_fewer=min(1.0, sum(draws[: hits + 1])),
        positions=positions,
        chi_square=chi,
        p_position=chi_square_tail(chi, len(positions) - 1),
        true=sum(judged),
        false=len(judged) - sum(judged),
        p_true=min(1.0, 2 * sum(even[: min(sum(judged), len(judged) - sum(judged)) + 1])),
        recall_share=recalled / len(items) if items else 1.0,
    )


def list_faults(balance: Balance) -> list[tuple[str, str]]:
    """Return (rule, message) of what is less even than chance would leave it."""
    found = []
    share = f"{balance.longest}/{balance.with_longest}"
    if balance.p_more < UNLIKELY:
        found.append(("key-longest", f"正确选项最长的单选题太多（{share}），请缩短正确选项。"))
    if balance.p_fewer < UNLIKELY:
        message = f"正确选项最长的单选题太少（{share}），最长的可以放心排除，请加长一些正确选项。"
        found.append(("key-never-longest", message))
    if sum(balance.positions.values()) >= ENOUGH and balance.p_position < UNLIKELY:
        message = f"单选题答案的字母分布不均（{balance.positions}），请调整选项次序。"
        found.append(("key-position", message))
    if balance.p_true < UNLIKELY:
        message = f"判断题对错不均（对 {balance.true}，错 {balance.false}），请补写较少的一类。"
        found.append(("true-false", message))
    if balance.recall_share < RECALL:
        message = f"填空题和排序题只占 {balance.recall_share:.0%}，要到 {RECALL:.0%}，请补写。"
        found.append(("too-little-recall", message))
    return found


def distribution(chances: Sequence[float]) -> list[float]:
    """Return P(exactly n successes), n = 0…len, of independent draws with the given chances."""
    found = [1.0]
    for chance in chances:
        grown = [p * (1 - chance) for p in found] + [0.0]
        for n, p in enumerate(found):
            grown[n + 1] += p * chance
        found = grown
    return found


def chi_square(counts: Sequence[int]) -> float:
    """Return Pearson's χ² of counts against all being equal; 0 for no counts."""
    expected = sum(counts) / len(counts)
    return sum((n - expected) ** 2 / expected for n in counts) if expected else 0.0


def chi_square_tail(value: float, degrees: int) -> float:
    """Return P(χ² with `degrees` ≥ 1 degrees of freedom ≥ value).

    By the recurrence Q(x, k) = Q(x, k−2) + (x/2)^(k/2−1) e^(−x/2) / Γ(k/2), from
    Q(x, 1) = erfc(√(x/2)) and Q(x, 2) = e^(−x/2).
    """
    half = value / 2
    if degrees == 1:
        return math.erfc(math.sqrt(half))
    if degrees == 2:
        return math.exp(-half)
    term: float = half ** (degrees / 2 - 1) * math.exp(-half) / math.gamma(degrees / 2)
    return chi_square_tail(value, degrees - 2) + term


def _longest(items: Sequence[Single]) -> tuple[list[float], int]:
    """Return the chance of each question with an only longest option, and the number of hits."""
    chances, hits = [], 0
    for item in items:
        lengths = [len(text) for text in item.options]
        longest = [n for n, length in enumerate(lengths) if length == max(lengths)]
        if len(longest) == 1:
            chances.append(1 / len(lengths))
            hits += longest == list(key_of(item.answer))
    return chances, hits

"""Who chose which option, and what that says about key and distractors; pure.

The strong are the 27 % of answerers with the best rest of the attempt, the weak the 27 % with the
worst (Kelley 1939); ties at the border belong in. A distractor that fewer than 5 % choose does not
work. Flags need 20 answers; "low" needs 100, as chance alone moves a correlation by 1/√n.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

ENOUGH, MANY = 20, 100
GROUP = 0.27
IDLE = 0.05
EASY, HARD = 0.95, 0.2
LOW = 0.2
LIKE_GUESSING = 0.05

STRONG_CHOSE, NEGATIVE, LOW_DISCRIMINATION = "strong-chose", "negative", "low"
TOO_EASY, TOO_HARD, GUESSED, IDLE_OPTION = "easy", "hard", "guessed", "idle"


class Item(NamedTuple):
    """What is known of a question: number of options, indexes of the key, share by guessing."""

    id: str
    options: int = 0
    key: tuple[int, ...] = ()
    guess: float = 0.0


class Flag(NamedTuple):
    """Something to look at: the rule, and the index of the option it is about."""

    rule: str
    option: int | None = None


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """One option: how often chosen, as a share of all (0…1), of the strong and of the weak."""

    index: int
    is_key: bool
    count: int
    share: float
    strong: float
    weak: float

    @property
    def is_idle(self) -> bool:
        """Whether this is a distractor that does not work."""
        return not self.is_key and self.share < IDLE


def option_table(
    item: Item, responses: Sequence[tuple[int, ...] | None], rests: Sequence[float]
) -> tuple[OptionFigures, ...]:
    """Return the options of an item as chosen; nothing for kinds without options.

    `rests` holds the share (0…1) that the rest of the same attempt brought, answer by answer.
    """
    if not item.options or not responses:
        return ()
    size = max(1, math.ceil(GROUP * len(rests)))
    ordered = sorted(rests)
    best, worst = ordered[-size], ordered[size - 1]
    strong = [r or () for r, rest in zip(responses, rests, strict=True) if rest >= best]
    weak = [r or () for r, rest in zip(responses, rests, strict=True) if rest <= worst]
    everyone = _counts([r or () for r in responses])
    strong_counts, weak_counts = _counts(strong), _counts(weak)
    return tuple(
        OptionFigures(
            index=n,
            is_key=n in item.key,
            count=everyone[n],
            share=everyone[n] / len(responses),
            strong=strong_counts[n] / len(strong),
            weak=weak_counts[n] / len(weak),
        )
        for n in range(item.options)
    )


def list_flags(
    answers: int,
    facility: float | None,
    guess: float,
    discrimination: float | None,
    options: Sequence[OptionFigures],
) -> Iterator[Flag]:
    """Yield what deserves a look; nothing below 20 answers."""
    if answers < ENOUGH or facility is None:
        return
    yield from (Flag(STRONG_CHOSE, n) for n in _preferred(options))
    if discrimination is not None and discrimination < 0:
        yield Flag(NEGATIVE)
    elif discrimination is not None and discrimination < LOW and answers >= MANY:
        yield Flag(LOW_DISCRIMINATION)
    if guess and facility <= guess + LIKE_GUESSING:
        yield Flag(GUESSED)
    elif facility < HARD:
        yield Flag(TOO_HARD)
    if facility > EASY:
        yield Flag(TOO_EASY)  # nearly nobody is wrong: idle distractors follow from that
    else:
        yield from (Flag(IDLE_OPTION, o.index) for o in options if o.is_idle)


def _preferred(options: Sequence[OptionFigures]) -> Iterator[int]:
    """Yield wrong options that the strong choose more than a right one, and more than the weak."""
    least = min((o.strong for o in options if o.is_key), default=1.0)
    for option in options:
        if not option.is_key and option.strong > least and option.strong > option.weak:
            yield option.index


def _counts(responses: Sequence[tuple[int, ...]]) -> Counter[int]:
    """Count how often each option was chosen."""
    return Counter(index for response in responses for index in response)

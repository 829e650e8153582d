"""What somebody who knows nothing gets by guessing, by the site's own marking rules; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations
from typing import Any

from app.bank.kinds import KINDS, Content, Multiple, Order, Single, TrueFalse


@dataclass(frozen=True, slots=True)
class Guess:
    """What a blind guess gives: the chance (0…1) of being right, and the mean share of the mark."""

    right: float
    share: float


@cache
def guess(kind: str, content: Content) -> Guess:
    """Return what an answer drawn evenly from all that keep the rules of the kind gives.

    A guesser at multiple choice knows that two or more options are right. Nobody guesses a blank.
    """
    marks = [KINDS[kind].mark(content, response) for response in _responses(content)]
    if not marks:
        return Guess(0.0, 0.0)
    right = sum(mark.right for mark in marks) / len(marks)
    return Guess(right, sum(mark.share for mark in marks) / len(marks))


def _responses(content: Content) -> Iterator[Any]:
    """Yield every answer a guesser might give."""
    if isinstance(content, Single):
        yield from ([n] for n in range(len(content.options)))
    elif isinstance(content, Multiple):
        places = range(len(content.options))
        for count in range(2, len(places) + 1):
            yield from map(list, combinations(places, count))
    elif isinstance(content, TrueFalse):
        yield from (True, False)
    elif isinstance(content, Order):
        yield from map(list, permutations(range(len(content.items))))

"""What every kind of question offers; pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One shown option or item: `value` is its place on the page, `index` its place in the bank."""

    value: str
    letter: str
    text: str
    index: int


@dataclass(frozen=True, slots=True)
class Presented:
    """A question's options in the order of one page, and the bank places of the right ones."""

    options: tuple[Choice, ...] = ()
    key: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """The result of marking: `share` is in 0…1, and `right` means 1."""

    right: bool
    share: float


class Kind(Protocol):
    """A kind of question."""

    def present(self, content: Any, seed: str) -> Presented: ...
    def read(self, form: Form, content: Any, seed: str) -> Any: ...
    def mark(self, content: Any, response: Any) -> Mark: ...
    def describe_key(self, content: Any) -> str: ...
    def describe_response(self, content: Any, response: Any) -> str: ...


def shuffled(texts: Sequence[str], seed: str) -> tuple[Choice, ...]:
    """Return the texts as choices in an order that depends on `seed` alone."""
    order = list(range(len(texts)))
    random.Random(seed).shuffle(order)
    return tuple(
        Choice(str(place), "ABCDEFGH"[place], texts[index], index)
        for place, index in enumerate(order)
    )

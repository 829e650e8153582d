"""Marking: response in, mark out; pure."""

from typing import Any, Protocol

from app.bank.folding import fold
from app.bank.kinds import KINDS, Content, Mark

__all__ = ["Mark", "fold", "mark"]


class Markable(Protocol):
    """Anything with a kind and its content, such as a published question."""

    @property
    def kind(self) -> str:
        """The name of the kind."""

    @property
    def content(self) -> Content:
        """The content of that kind."""


def mark(question: Markable, response: Any) -> Mark:
    """Return the mark of a canonical `response`, as `Kind.read` gives it."""
    return KINDS[question.kind].mark(question.content, response)

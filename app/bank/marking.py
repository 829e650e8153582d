"""Marking: a question and a canonical response give a mark; pure."""

from typing import Any

from app.bank.kinds import KINDS, Mark
from app.bank.kinds.blank import fold
from app.bank.question import Question

__all__ = ["Mark", "fold", "mark"]


def mark(question: Question, response: Any) -> Mark:
    """Return the mark of `response`, which has the form that the kind's `read` returns."""
    return KINDS[question.kind].mark(question.content, response)

"""What to take along: questions and, when wanted, what is remembered of them; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.anki.progress import Progress
from app.bank.catalogue import Question


@dataclass(frozen=True, slots=True)
class Selection:
    """What to take along; `progress` (by question id) is None for questions without progress."""

    questions: tuple[Question, ...]
    progress: Mapping[str, Progress] | None = None

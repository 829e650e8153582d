"""A published question as other rooms see it; pure."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """One revision of a question with its citation; `updated_at` in epoch seconds."""

    id: str
    revision: int
    kind: str
    edition_id: str
    document_id: str
    document_title: str
    edition_short: str
    subject: str
    chapter_id: str
    chapter_title: str
    provision_id: str
    provision_label: str
    difficulty: str
    position: int
    stem: str
    content: Any
    explanation: str
    status: str
    updated_at: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A document people study, with how many active questions it has."""

    id: str
    title: str
    questions: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its active questions in bank order."""

    id: str
    title: str
    question_ids: tuple[str, ...]

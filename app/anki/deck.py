"""The deck to take along, from frozen questions and progress to the bytes of a package; pure."""

import io
from dataclasses import dataclass
from datetime import datetime

from app.anki.note import note_of
from app.anki.number import number_of
from app.anki.preset import PRESET_ID
from app.anki.progress import Progress
from app.anki.selection import Selection
from app.anki.writer import DEFAULT_PRESET, DeckWriter, NoteWriter, Package
from app.bank.catalogue import Question
from app.base.clock import epoch

ROOT = "学记"
LEVEL = "::"


@dataclass(frozen=True, slots=True)
class Deck:
    """A finished package and what is in it."""

    content: bytes
    notes: int
    cards: int
    reviews: int


def build(selection: Selection, now: datetime) -> Deck:
    """Return the package of a selection as made at the aware moment `now`.

    Numbers depend on question ids and names alone, times of change on the questions, so that any
    later package adds and corrects and never doubles.
    """
    progress = _by_number(selection)
    decks = _decks(selection)
    package = Package(decks.values(), progress)
    file = io.BytesIO()
    package.write_to_file(file, epoch(now))
    count = len(selection.questions)
    return Deck(file.getvalue(), count, count, package.reviews)


def deck_name(question: Question) -> str:
    """Return the sub-deck of a question: the root, its document, its chapter."""
    parts = (question.document_title, question.chapter_title)
    return LEVEL.join((ROOT, *(part.replace(LEVEL, "：") for part in parts)))


def _decks(selection: Selection) -> dict[str, DeckWriter]:
    """Return every deck by name, parents too so that they have the same preset."""
    preset_id = DEFAULT_PRESET if selection.progress is None else PRESET_ID
    decks: dict[str, DeckWriter] = {}
    for question in selection.questions:
        words = deck_name(question).split(LEVEL)
        for depth in range(1, len(words) + 1):
            name = LEVEL.join(words[:depth])
            if name not in decks:
                decks[name] = DeckWriter(number_of(name), name, preset_id)
        decks[name].add_note(NoteWriter(note_of(question)))
    return decks


def _by_number(selection: Selection) -> dict[int, Progress] | None:
    """Return the progress on the selected questions by note number, in bank order."""
    if selection.progress is None:
        return None
    found = selection.progress
    return {number_of(q.id): found[q.id] for q in selection.questions if q.id in found}

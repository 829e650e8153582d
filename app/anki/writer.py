"""An .apkg file: genanki's writer with permanent numbers, times of change, progress and DEFLATE.

The same content and time always give the same bytes.
"""

import itertools
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, astuple
from typing import IO, Any

import genanki

from app.anki.note import Note
from app.anki.preset import PRESET_ID, preset
from app.anki.progress import (
    CREATED_AT,
    SUSPENDED_QUEUE,
    HistoryRow,
    Progress,
    Scheduled,
    history,
    scheduled,
)

# Without schedVer Anki takes the ratings for those of its first scheduler; the others fix the
# creation day to Shanghai's, or every due date moves.
SETTINGS = {"schedVer": 2, "rollover": 4, "creationOffset": -480}
ZIP_DATE = (2020, 1, 1, 0, 0, 0)
DEFAULT_PRESET = 1
LOOKED_UP_BY = ("ix_cards_nid", "ix_revlog_cid")
ADDED = -1  # to be sent at the next sync
NOTE = f"INSERT INTO notes VALUES ({', '.join('?' * 11)})"
CARD = f"INSERT INTO cards VALUES ({', '.join('?' * 18)})"


class NoteWriter(genanki.Note):
    """Writes a note and its one card under the note's own number and time of change."""

    def __init__(self, note: Note) -> None:
        super().__init__(
            note.note_type, list(note.fields), None, list(note.tags), note.guid, note.position
        )
        self.note = note

    def write_to_db(
        self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]
    ) -> None:
        """Write both rows; the time of the export and its running numbers are not used."""
        note, at = self.note, self.note.updated_at
        tags, fields = f" {' '.join(note.tags)} ", "\x1f".join(note.fields)
        row = (note.id, note.guid, note.note_type.model_id, at, ADDED, tags, fields)
        cursor.execute(NOTE, (*row, self.sort_field, 0, 0, ""))
        place = (note.id, note.id, deck_id, 0, at, ADDED, 0, 0, note.position)
        cursor.execute(CARD, (*place, *[0] * 8, ""))


class DeckWriter(genanki.Deck):
    """Writes a deck with the preset that belongs to it."""

    def __init__(self, deck_id: int, name: str, preset_id: int) -> None:
        super().__init__(deck_id, name)
        self.preset_id = preset_id

        self.own: list[NoteWriter] = []

    def add_note(self, note: NoteWriter) -> None:
        """Take a note; the package writes it, because decks follow in another order than notes."""
        self.own.append(note)
        self.add_model(note.model)

    def to_json(self) -> dict[str, Any]:
        """Return what the collection stores."""
        return {**super().to_json(), "conf": self.preset_id}


class Package(genanki.Package):
    """Writes decks and, when `progress` (by note number) is given, what a member did with them."""

    def __init__(
        self, decks: Iterable[DeckWriter], progress: Mapping[int, Progress] | None
    ) -> None:
        super().__init__(list(decks))
        self.progress = progress
        self.reviews = 0

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        """Write the collection; `timestamp` in epoch seconds.

        Rows go in by their numbers and the indexes are made after them, so that pages are full.
        """
        super().write_to_db(cursor, timestamp, id_gen)
        kept = _drop_indexes(cursor)
        owned = ((note, deck.deck_id) for deck in self.decks for note in deck.own)
        for note, deck_id in sorted(owned, key=lambda pair: pair[0].note.id):
            note.write_to_db(cursor, timestamp, deck_id, id_gen)
        _change_json(cursor, "conf", SETTINGS)
        changed = int(timestamp * 1000)
        cursor.execute("UPDATE col SET crt = ?, mod = ?, scm = ?", (CREATED_AT, changed, changed))
        if self.progress is not None:
            _change_json(cursor, "dconf", {str(PRESET_ID): preset()})
            _write_cards(cursor, self.progress)
            self.reviews = _write_history(cursor, self.progress)
        for statement in kept:
            cursor.execute(statement)

    def write_to_file(self, file: str | IO[bytes], timestamp: float | None = None) -> None:
        """Write the package; the time of the export (epoch seconds) must be given."""
        if timestamp is None:
            raise ValueError("the time of the export must be given")
        with closing(sqlite3.connect(":memory:")) as connection:
            with connection:  # one transaction
                self.write_to_db(connection.cursor(), timestamp, itertools.count(1))
            collection = connection.serialize()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in (("collection.anki2", collection), ("media", b"{}")):
                entry = zipfile.ZipInfo(name, ZIP_DATE)
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED)


def _change_json(cursor: sqlite3.Cursor, column: str, values: Mapping[str, Any]) -> None:
    """Merge `values` into a JSON column of the collection."""
    (stored,) = cursor.execute(f"SELECT {column} FROM col").fetchone()
    merged = json.dumps({**json.loads(stored), **values}, ensure_ascii=False)
    cursor.execute(f"UPDATE col SET {column} = ?", (merged,))


def _drop_indexes(cursor: sqlite3.Cursor) -> list[str]:
    """Drop every index; return what makes those again that an import looks things up by.

    The others serve Anki's queue and sync, which no package ever sees, and would be a third of it.
    """
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    found: dict[str, str] = dict(cursor.execute(query).fetchall())
    for name in found:
        cursor.execute(f"DROP INDEX {name}")
    return [found[name] for name in LOOKED_UP_BY]


def _write_cards(cursor: sqlite3.Cursor, progress: Mapping[int, Progress]) -> None:
    """Put each card where the member left it; a new one may only be suspended."""
    columns = ", ".join(f'"{name}" = :{name}' for name in Scheduled.__slots__)
    for card_id, found in progress.items():
        if found.card is not None:
            values = {**asdict(scheduled(found.card, found.suspended)), "id": card_id}
            cursor.execute(f"UPDATE cards SET {columns} WHERE id = :id", values)
        elif found.suspended:
            queue = (SUSPENDED_QUEUE, card_id)
            cursor.execute("UPDATE cards SET queue = ? WHERE id = ?", queue)


def _write_history(cursor: sqlite3.Cursor, progress: Mapping[int, Progress]) -> int:
    """Write the review history and return its length.

    Anki knows a review by its millisecond, so of two in the same one the second moves on.
    """
    rows = [row for i, found in progress.items() for row in history(i, found.reviews)]
    taken: set[int] = set()
    for row in sorted(rows, key=lambda r: (r.id, r.cid)):
        moment = next(n for n in itertools.count(row.id) if n not in taken)
        taken.add(moment)
        values = (moment, *astuple(row)[1:])
        marks = ", ".join("?" * len(HistoryRow.__slots__))
        cursor.execute(f"INSERT INTO revlog VALUES ({marks})", values)
    return len(rows)

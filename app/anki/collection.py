"""Anki's collection, read for the reviews of our cards and for nothing else; pure.

Note texts, media and other people's decks are never looked at. The file may be hostile: it is
opened in memory, must consist of plain tables where they are read, and may run nothing of its own.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from app.anki.number import number_of

MAGIC = b"SQLite format 3\0"
LONGEST_VALUE = 16 * 1024 * 1024  # bytes; the old layout keeps all note types in one
MOST_REVIEWS = 150_000  # of our cards
MOST_OF_ONE = 1_000  # of one question; every day for three years
MOST_DECKS, LONGEST_NAME = 5, 60
FIRST_MS = 1_577_822_400_000  # 2020-01-01, the day our decks say they were made on
TOLERANCE_MS = 2 * 60 * 1000  # a clock may be a little ahead
LONGEST_MS = 10 * 60 * 1000  # of thinking
LEARN, RELEARN, FILTERED = 0, 2, 3
KINDS = range(6)
MANUAL = (4, 5)  # set by hand, rescheduled: no reviews
RATINGS = range(1, 5)
TABLES = ("col", "notes", "cards", "revlog")
READABLE = frozenset({*TABLES, "decks", "config", "sqlite_master"})


class Fault(Exception):
    """Why a file cannot be read, as a word: damaged, foreign, large, many, newer or nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_collection(content: bytearray, known: frozenset[str], now_ms: int) -> dict[str, Any]:
    """Return cards, decks, reviews and refused rows of the questions in `known`; raise Fault.

    A review is [place of the question in "questions", ms since 1970, rating 1…4, ms it took], a
    refused row [its number among the rows of our cards, why]. `content` is given up.
    """
    try:
        with closing(_opened(content)) as collection:
            return _read(collection, known, now_ms)
    except (sqlite3.Error, OverflowError):
        raise Fault("damaged") from None


def _opened(content: bytearray) -> sqlite3.Connection:
    """Open the file in memory, without trust in anything it says about itself."""
    if len(content) < 512 or not content.startswith(MAGIC):
        raise Fault("damaged")
    content[18:20] = b"\1\1"  # a file that was written with a log beside it opens nowhere else
    collection = sqlite3.connect(":memory:", isolation_level=None)
    collection.text_factory = lambda text: text.decode(errors="replace")
    collection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    collection.deserialize(bytes(content))
    content.clear()
    for setting in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
        collection.execute(f"PRAGMA {setting}")
    _check_tables(collection)
    collection.set_authorizer(_may)
    return collection


def _check_tables(collection: sqlite3.Connection) -> None:
    """Refuse what is not a plain table: a view or a computed column may never come to an end."""
    kinds = {row[1]: row[2] for row in collection.execute("PRAGMA table_list") if row[0] == "main"}
    if any(name not in kinds for name in TABLES):
        raise Fault("foreign")
    for name in READABLE & kinds.keys():
        computed = any(row[6] for row in collection.execute(f"PRAGMA table_xinfo({name})"))
        if name != "sqlite_master" and (kinds[name] != "table" or computed):
            raise Fault("damaged")


def _may(action: int, name: str | None, *_more: str | None) -> int:
    """Let a statement read the tables we need, and do nothing else."""
    if action == sqlite3.SQLITE_SELECT or (action == sqlite3.SQLITE_READ and name in READABLE):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _read(collection: sqlite3.Connection, known: frozenset[str], now_ms: int) -> dict[str, Any]:
    """Collect what is told of our cards."""
    notes = dict(collection.execute("SELECT id, guid FROM notes"))
    notes = {note_id: guid for note_id, guid in notes.items() if guid in known}
    cards, decks, taken = {}, set(), set()
    for card_id, note_id, deck_id, place in collection.execute(
        "SELECT id, nid, did, ord FROM cards"
    ):
        taken.add(card_id)
        if place == 0 and note_id in notes:
            cards[card_id] = notes[note_id]
            decks.add(deck_id)
    # Deleted cards leave their reviews behind, and we know the numbers we gave out.
    left = {number_of(question): question for question in known}
    owners = {i: question for i, question in left.items() if i not in taken} | cards
    reviews, refused = _reviews(collection, owners, now_ms)
    if not cards and not reviews:
        raise Fault("nothing")
    questions = sorted({review[0] for review in reviews})
    places = {question: n for n, question in enumerate(questions)}
    return {
        "cards": len(cards),
        "decks": _deck_names(collection, decks),
        "questions": questions,
        "reviews": [(places[question], *rest) for question, *rest in reviews],
        "refused": refused,
    }


def _reviews(
    collection: sqlite3.Connection, owners: dict[Any, str], now_ms: int
) -> tuple[list[tuple[str, int, int, int]], list[tuple[int, str]]]:
    """Return (question, ms, rating, ms it took) of our cards in time order, and refused rows."""
    rows = collection.execute("SELECT id, cid, ease, factor, type, time FROM revlog ORDER BY id")
    three = _is_first_scheduler(collection)
    reviews: list[tuple[str, int, int, int]] = []
    refused: list[tuple[int, str]] = []
    moments: dict[str, set[int]] = defaultdict(set)
    number, latest = 0, now_ms + TOLERANCE_MS
    for at_ms, card_id, rating, factor, kind, took in rows:
        question = owners.get(card_id)
        if question is None:
            continue
        number += 1
        if number > MOST_REVIEWS:
            raise Fault("many")
        if kind in MANUAL or rating == 0 or (kind == FILTERED and factor == 0):
            continue  # set by hand, rescheduled, or crammed: Anki's own memory leaves them out
        reason = _why_not(at_ms, rating, kind, latest) or _why_again(at_ms, moments[question])
        if reason is not None:
            refused.append((number, reason))
            continue
        moments[question].add(at_ms)
        shifted = three and kind in (LEARN, RELEARN) and rating in (2, 3)
        reviews.append((question, at_ms, rating + shifted, _thought(took)))
    return reviews, refused


def _why_again(at_ms: int, moments: set[int]) -> str | None:
    """Return why a further review of a question is refused, or None."""
    if at_ms in moments:
        return "twice"
    return "many" if len(moments) >= MOST_OF_ONE else None


def _why_not(at_ms: Any, rating: Any, kind: Any, latest: int) -> str | None:
    """Return why a row is no review of ours, or None when it is one."""
    if type(at_ms) is not int or type(rating) is not int or type(kind) is not int:
        return "shape"
    if kind not in KINDS:
        return "kind"
    if rating not in RATINGS:
        return "rating"
    if at_ms > latest:
        return "future"
    return "past" if at_ms < FIRST_MS else None


def _thought(took: Any) -> int:
    """Return the ms a review took, within what thinking takes."""
    return max(0, min(LONGEST_MS, took)) if type(took) is int else 0


def _is_first_scheduler(collection: sqlite3.Connection) -> bool:
    """Say whether ratings are those of Anki's first scheduler, with three of them in learning."""
    stored: Any = None
    if _has(collection, "config"):
        for name, value in collection.execute("SELECT key, val FROM config"):
            stored = value if name == "schedVer" else stored
        return bool(_json(stored) != 2)
    for (text,) in collection.execute("SELECT conf FROM col"):
        stored = _json(text)
    return not isinstance(stored, dict) or stored.get("schedVer") != 2


def _deck_names(collection: sqlite3.Connection, wanted: set[Any]) -> list[str]:
    """Return the first few decks that our cards lie in, by the name of the deck above them."""
    found = (str(name) for number, name in _decks(collection) if number in wanted)
    tops = {re.split(r"::|[\x00-\x1f\x7f]", name)[0][:LONGEST_NAME] for name in found}
    return sorted(tops)[:MOST_DECKS]


def _decks(collection: sqlite3.Connection) -> Iterator[tuple[Any, Any]]:
    """Yield number and name of every deck, in either layout."""
    if _has(collection, "decks"):
        yield from collection.execute("SELECT id, name FROM decks")
        return
    for (text,) in collection.execute("SELECT decks FROM col"):
        stored = _json(text)
        for number, deck in (stored if isinstance(stored, dict) else {}).items():
            if isinstance(deck, dict) and number.lstrip("-").isdigit():
                yield int(number), deck.get("name")


def _has(collection: sqlite3.Connection, table: str) -> bool:
    """Say whether the newer layout's table is there."""
    rows = collection.execute("SELECT name FROM sqlite_master")
    return any(name == table for (name,) in rows)


def _json(text: Any) -> Any:
    """Return what a JSON value says, None when it says nothing."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None

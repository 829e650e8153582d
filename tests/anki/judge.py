"""Real Anki, in a process of its own: imports packages one after another and says what it sees.

    python judge.py [--without-switches] [--edit=GUID] PACKAGE...

`--edit` writes into the explanation of a note after the first import, as its owner would.

Prints one JSON object. Needs nothing of the application, which never imports Anki.
"""

import anki.collection  # first: Anki's other modules import one another in a circle

# ruff: isort: split
import json
import re
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


def main(words: list[str]) -> None:
    """Import the packages into a fresh collection and print what is there."""
    switches = "--without-switches" not in words
    edited = [word.removeprefix("--edit=") for word in words if word.startswith("--edit=")]
    packages = [word for word in words if not word.startswith("--")]
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        try:
            logs = []
            for number, package in enumerate(packages):
                logs.append(take(collection, package, switches))
                if number == 0:
                    edit(collection, edited)
            print(json.dumps({"imports": logs, **seen(collection)}))
        finally:
            collection.close()


def take(collection: Collection, package: str, switches: bool) -> dict[str, int]:
    """Import one package and return Anki's own counts, and how many notes there are now."""
    options = ImportAnkiPackageOptions(with_scheduling=switches, with_deck_configs=switches)
    request = ImportAnkiPackageRequest(package_path=package, options=options)
    log = collection.import_anki_package(request).log
    names = ("new", "updated", "duplicate", "conflicting")
    counts = {name: len(getattr(log, name)) for name in names}
    return {**counts, "notes": collection.note_count(), "cards": collection.card_count()}


def edit(collection: Collection, guids: list[str]) -> None:
    """Write into notes as their owner would, which makes them newer than any package."""
    assert collection.db
    for guid in guids:
        note = collection.get_note(
            collection.db.scalar("select id from notes where guid = ?", guid)
        )
        note["解析"] = "我的话"
        collection.update_note(note)


def seen(collection: Collection) -> dict[str, Any]:
    """Return everything the tests ask about; `sound` is the verdict of Anki's own check."""
    assert collection.db
    columns = "id, cid, ease, ivl, lastIvl, factor, type"
    reviews = collection.db.all(f"select {columns} from revlog order by id")
    found = {
        "notes": [note_seen(collection, i) for i in collection.find_notes("")],
        "cards": [card_seen(collection, i) for i in collection.find_cards("")],
        "decks": {d.name: d.id for d in collection.decks.all_names_and_ids()},
        "note_types": {m.name: m.id for m in collection.models.all_names_and_ids()},
        "reviews": [dict(zip(columns.split(", "), row, strict=True)) for row in reviews],
    }
    return {**found, "sound": collection.fix_integrity()[1]}


def note_seen(collection: Collection, note_id: int) -> dict[str, Any]:
    """Return what is stored of a note."""
    note = collection.get_note(note_id)
    own = {"id": note.id, "guid": note.guid, "mod": note.mod, "tags": note.tags}
    return {**own, "fields": dict(note.items())}


def card_seen(collection: Collection, card_id: int) -> dict[str, Any]:
    """Return what is stored and shown of a card."""
    card = collection.get_card(card_id)
    preset = collection.decks.config_dict_for_deck_id(card.did)
    stored = {
        name: getattr(card, name)
        for name in ["id", "type", "queue", "ivl", "left", "reps", "lapses"]
    }
    return {
        **stored,
        **remembered(collection, card),
        "guid": card.note().guid,
        "siblings": len(card.note().cards()),
        "deck": collection.decks.name(card.did),
        "due": due_words(collection, card),
        "preset": preset["name"],
        "parameters": preset.get("fsrsParams6", []),
        "question": visible(card.question()),
        "answer": visible(card.answer()),
        "question_html": card.question(),
        "answer_html": card.answer(),
    }


def remembered(collection: Collection, card: Any) -> dict[str, Any]:
    """Return the stored memory, and the one that Anki works out from the history itself."""
    stored, again = card.memory_state, collection.compute_memory_state(card.id)
    return {
        "stability": stored.stability if stored else None,
        "difficulty": stored.difficulty if stored else None,
        "recomputed_stability": again.stability,
        "recomputed_difficulty": again.difficulty,
        "desired_retention": card.desired_retention,
        "decay": card.decay,
        "last_review": card.last_review_time,
    }


def due_words(collection: Collection, card: Any) -> str:
    """Return the due day as a date for a card in review, else the number as stored."""
    if card.type != 2:
        return str(card.due)
    today = (datetime.now().astimezone() - timedelta(hours=4)).date()
    return str(today + timedelta(days=card.due - collection.sched.today))


def visible(html: str) -> str:
    """Return the text of a side without styles and scripts."""
    bare = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare)).strip()


if __name__ == "__main__":
    assert anki.collection
    main(sys.argv[1:])

"""Real Anki, in a process of its own: imports a package, studies for days, exports in four ways.

    python life.py PACKAGE FOLDER --days 6 --a-day 40 --seed 1 [--tricks]

A day goes by in that everything in the collection is dated back by one, which to Anki's memory is
the same; so that what was imported keeps its dates, all of it is first dated on by as many days.
Prints one JSON object. Needs nothing of the application, which never imports Anki.
"""

import anki.collection  # first: Anki's other modules import one another in a circle

# ruff: isort: split
import argparse
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

DAY = 86_400
OURS = "deck:学记"


def main() -> None:
    """Live through the days and print what Anki has then."""
    parser = argparse.ArgumentParser()
    parser.add_argument("package")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=6)
    parser.add_argument("--a-day", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tricks", action="store_true")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        collection.set_config("fsrs", True)
        take(collection, words.package)
        shift(collection, words.days)
        rng = random.Random(words.seed)
        for _day in range(words.days):
            study(collection, words.a_day, rng)
            shift(collection, -1)
        done = tricks(collection) if words.tricks else {}
        print(json.dumps({**seen(collection), **done}))
        export(collection, words.folder)
        collection.close()


def take(collection: Collection, package: str) -> None:
    """Import a package with both switches on."""
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=options))


def shift(collection: Collection, days: int) -> None:
    """Date everything in the collection on by `days`, or back."""
    db: Any = collection.db
    # The order keeps a moved moment from meeting one that is still to move.
    order = "desc" if days > 0 else "asc"
    for (moment,) in db.all(f"select id from revlog order by id {order}"):
        db.execute("update revlog set id = ? where id = ?", moment + days * DAY * 1000, moment)
    for card_id, due, data in db.all("select id, due, data from cards where type > 0"):
        moved = due + days * (DAY if due > 1_000_000_000 else 1)
        stored = json.loads(data or "{}")
        if "lrt" in stored:
            stored["lrt"] += days * DAY
        text = json.dumps(stored, separators=(",", ":"))
        db.execute("update cards set due = ?, data = ? where id = ?", moved, text, card_id)


def study(collection: Collection, a_day: int, rng: random.Random) -> None:
    """Answer cards that are due, then new ones; some of them twice on the day."""
    due = list(collection.find_cards(f"{OURS} (is:due or is:learn)", order="c.due asc"))
    new = list(collection.find_cards(f"{OURS} is:new", order="c.id asc"))
    for card_id in [*due[: a_day * 3 // 4], *new][:a_day]:
        rating = rng.choices((0, 1, 2, 3), (2, 2, 6, 1))[0]
        answer(collection, card_id, rating)
        if rating == 0:
            answer(collection, card_id, rng.choice((0, 2, 2)))


def answer(collection: Collection, card_id: int, rating: int) -> None:
    """Answer a card as the buttons do; ratings are counted from 0 here."""
    scheduler: Any = collection.sched
    card = collection.get_card(card_id)
    card.start_timer()
    states = collection._backend.get_scheduling_states(card_id)
    scheduler.answer_card(scheduler.build_answer(card=card, states=states, rating=rating))


def tricks(collection: Collection) -> dict[str, Any]:
    """Undo, forget, set due, cram and delete; return what that was done to, by question."""
    undone, forgotten, moved, crammed, deleted = list(
        collection.find_cards(f"{OURS} prop:reps>0", order="c.id asc")
    )[:5]
    names = ("undone", "forgotten", "moved", "crammed", "deleted")
    cards = (undone, forgotten, moved, crammed, deleted)
    done = {name: collection.get_card(i).note().guid for name, i in zip(names, cards, strict=True)}
    answer(collection, undone, 2)
    collection.undo()
    collection.sched.schedule_cards_as_new([forgotten])
    collection.sched.set_due_date([moved], "9")
    cram(collection, crammed)
    collection.remove_notes([collection.get_card(deleted).nid])
    return done


def cram(collection: Collection, card_id: int) -> None:
    """Answer a card in a filtered deck that leaves its schedule alone."""
    deck: Any = collection.sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type]
    deck.config.reschedule = False
    del deck.config.search_terms[1:]
    deck.config.search_terms[0].search = f"cid:{card_id}"
    deck.config.search_terms[0].limit = 5
    made = collection.sched.add_or_update_filtered_deck(deck)
    answer(collection, card_id, 2)
    collection.sched.empty_filtered_deck(made.id)


def seen(collection: Collection) -> dict[str, Any]:
    """Return the reviews, and the memory of each card by question, as Anki has them."""
    db: Any = collection.db
    reviews = db.all("select id, cid, ease, type, factor from revlog order by id")
    cards = {}
    for card_id in collection.find_cards(OURS):
        card = collection.get_card(card_id)
        state = card.memory_state
        memory = [state.stability, state.difficulty] if state else None
        cards[card.note().guid] = {"id": card_id, "memory": memory}
    return {"reviews": reviews, "cards": cards}


def export(collection: Collection, folder: Path) -> None:
    """Write the four kinds of file that Anki offers; the last ones close the collection."""
    for legacy, name in ((False, "latest"), (True, "legacy")):
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=False, with_media=False, legacy=legacy
        )
        out = str(folder / f"{name}.apkg")
        collection.export_anki_package(out_path=out, options=options, limit=None)
    options.with_scheduling = False
    out = str(folder / "unscheduled.apkg")
    collection.export_anki_package(out_path=out, options=options, limit=None)
    for legacy, name in ((False, "latest"), (True, "legacy")):
        out = str(folder / f"{name}.colpkg")
        collection.export_collection_package(out, include_media=False, legacy=legacy)
        collection.reopen()


if __name__ == "__main__":
    assert anki.collection
    main()

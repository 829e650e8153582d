"""The sentences of the interface: found in code and templates, kept with their English."""

from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
MARKS = {"_": None, "_l": None}


def find_messages(folders: Iterable[Path]) -> set[str]:
    """Return every sentence marked for translation below the folders."""
    found = set()
    for folder in folders:
        read = extract_from_dir(
            folder, METHODS, keywords=MARKS, directory_filter=lambda _name: True
        )
        found |= {message for _file, _line, message, *_rest in read if isinstance(message, str)}
    return found


def read_catalogue(path: Path) -> Catalog:
    """Return the catalogue of a .po file."""
    with path.open("rb") as file:
        return read_po(file, locale="en")


def update_catalogue(path: Path, wanted: set[str]) -> tuple[int, int]:
    """Bring a .po file to exactly the wanted sentences; return (added, taken out).

    Translations that stand are kept; added ones are empty until somebody writes them.
    """
    old = read_catalogue(path)
    known = {str(m.id): m for m in old if m.id}
    catalogue = Catalog(locale="en", fuzzy=False)
    for text in sorted(wanted):
        kept = known.get(text)
        catalogue.add(text, kept.string if kept else "", flags=kept.flags if kept else ())
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, omit_header=True)
    return len(wanted - set(known)), len(set(known) - wanted)

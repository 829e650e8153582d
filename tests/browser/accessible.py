"""Every page and state in every look: `python -m tests.browser.accessible FILE --minutes 8`.

Each page of a demonstration site, in each of its states and once more with everything unfolded, is
dressed in light and dark, four sizes of text and three widths. In each of the 24 looks axe applies
all its rules, contrast must be decided, and nothing may be wider than the screen, too small, cut
off or hidden by the dock (`faults`). What was found goes into FILE, one line a piece; the same
command takes up what is missing there, a second one beside it with `--backwards` from the other
end, and with `--again` those in which something was found. `--sum FILE` adds up and fails unless
all pieces are there, nothing was found, and every template of the site was on a screen.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from flask import template_rendered
from playwright.sync_api import Error, Page

from app.base.config import ROOT
from app.base.errors import XuejiError
from tests.bench.pieces import add_up
from tests.browser.axe import violations
from tests.browser.faults import SIZES, WIDTHS, dress, list_faults
from tests.browser.place import Place
from tests.browser.screens import open_pages
from tests.browser.stage import Stage, set_the_stage
from tests.chromium import launch

SCHEMES = ("light", "dark")
FIRST = 360, 18, "light"  # how a page is reached
UNFOLD = """() => {
  const closed = Array.from(document.querySelectorAll('details:not([open])'));
  closed.forEach((one) => { one.open = true; });
  return closed.length;
}"""
# What stands on no page of its own: parts, and what is only there for developers.
PARTS = ("_layout", "_components", "dev")


def look(page: Page, place: Place) -> Iterator[str]:
    """Yield what is wrong with a page as it is, in every look."""
    for scheme, width, size in product(SCHEMES, WIDTHS, SIZES):
        dress(page, width, size, scheme)
        found = [*violations(page), *list_faults(page, size, width)]
        yield from (f"{place.name} {scheme} {width}px {size}: {fault}" for fault in found)


def visit(page: Page, place: Place) -> tuple[int, list[str]]:
    """Bring a page into its state and look; return in how many looks it was seen, and the faults.

    A state that cannot be reached is a fault.
    """
    dress(page, *FIRST) if page.url != "about:blank" else None
    try:
        place.open(page)
    except (Error, AssertionError, XuejiError) as error:
        return 0, [f"{place.name}: not reached: {str(error).splitlines()[0]}"]
    looks = len(SCHEMES) * len(WIDTHS) * len(SIZES)
    found = list(look(page, place))
    if page.evaluate(UNFOLD):
        found += [f"unfolded {fault}" for fault in look(page, place)]
        looks *= 2
    return looks, found


def list_templates() -> set[str]:
    """Return every template that is a page."""
    folder = ROOT / "templates"
    pages = (path.relative_to(folder) for path in folder.glob("*/*.html"))
    return {str(p) for p in pages if p.parts[0] not in PARTS and not p.name.startswith("_")}


def measure(stage: Stage, pages: dict[str, Page], piece: int, of: int) -> dict[str, Any]:
    """Look at every `of`-th page and state, from the `piece`-th on; return what was found."""
    began, seen, found, looks = time.monotonic(), set[str](), list[str](), 0
    places = stage.places[piece - 1 :: of]

    def note(_app: object, template: Any, **_more: object) -> None:
        seen.add(template.name)

    with template_rendered.connected_to(note):
        for place in places:
            times, faults = visit(pages[place.role], place)
            looks, found = looks + times, found + faults
            print(f"{place.name}: {len(faults)}", file=sys.stderr, flush=True)
    return {
        "seed": piece,
        "of": str(of),
        "places": len(places),
        "looks": looks,
        "seconds": round(time.monotonic() - began),
        "found": found,
        "templates": sorted(seen & list_templates()),
    }


def read_pieces(file: Path) -> dict[int, dict[str, Any]]:
    """Return the pieces of a file by number, of each the last that was written."""
    lines = file.read_text().splitlines() if file.exists() else []
    return {piece["seed"]: piece for piece in map(json.loads, lines)}


def list_missing(file: Path, of: int, again: bool) -> set[int]:
    """Return the pieces that a file lacks, and with `again` those in which something was found."""
    held = read_pieces(file).values()
    return set(range(1, of + 1)) - {p["seed"] for p in held if not (again and p["found"])}


def go_on(file: Path, of: int, minutes: float, backwards: bool, again: bool) -> None:
    """Add what is missing in a file until the time is over; a piece that was begun is finished.

    The site is made once and kept beside the file; each run has a copy, because states change it.
    """
    kept = file.with_name(f"{file.name}.stage")
    if not kept.exists():
        kept.mkdir()
        set_the_stage(kept)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        stage = set_the_stage(Path(folder))
        with stage.open() as url, launch() as browser:
            pages, until = open_pages(browser, stage, url), time.monotonic() + 60 * minutes
            done = set[int]()
            while time.monotonic() < until:
                missing = sorted(list_missing(file, of, again) - done, reverse=backwards)
                if not missing:
                    return
                done.add(missing[0])
                piece = measure(stage, pages, missing[0], of)
                with file.open("a") as told:
                    told.write(json.dumps(piece, ensure_ascii=False) + "\n")


def judge(file: Path) -> dict[str, Any]:
    """Return the pieces of a file added up; what lacks is among what was found."""
    pieces = read_pieces(file)
    total = add_up(list(pieces.values()))
    unseen = sorted(list_templates() - set(total.pop("templates")))
    total["found"] += [f"never on a screen: {name}" for name in unseen]
    lacking = set(range(1, int(total["of"]) + 1)) - set(pieces)
    total["found"] += [f"piece {number} is missing" for number in sorted(lacking)]
    return total


def main(words: list[str] | None = None) -> int:
    """Go on with a file; with `--sum` print one JSON object, exit code 1 for anything found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--of", type=int, default=40, help="pieces in all")
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--backwards", action="store_true")
    parser.add_argument("--again", action="store_true", help="what was red too, once more")
    parser.add_argument("--sum", action="store_true", help="add up what is in the file")
    choice = parser.parse_args(words)
    if not choice.sum:
        go_on(choice.file, choice.of, choice.minutes, choice.backwards, choice.again)
        return 0
    told = judge(choice.file)
    print(json.dumps(told, ensure_ascii=False))
    return 1 if told["found"] else 0


if __name__ == "__main__":
    sys.exit(main())

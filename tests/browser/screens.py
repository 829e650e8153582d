"""Pictures of every page: `python -m tests.browser.screens FOLDER`, to be looked at one by one.

One page of each kind of a demonstration site, light, dark and with the largest text, on a phone and
on a desk; beside the single pictures there are sheets with several, to be seen in one sitting.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Error, Page

from app.base.errors import XuejiError
from tests.browser.place import Place
from tests.browser.stage import Stage, set_the_stage
from tests.chromium import launch

LOOKS = {"light": ("light", 18), "dark": ("dark", 18), "elder": ("light", 30)}
WIDTHS = {360: 640, 1280: 800}  # the heights of those screens
TALLEST = 2400  # pixels; what is longer only repeats itself
COLUMNS = {360: 5, 1280: 2}  # pictures side by side on a sheet
HIGHEST = 2000  # pixels of a column, unless one picture alone is higher
GAP = 24
SET = """([theme, text]) => {
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.text = text;
}"""


def take(page: Page, place: Place, folder: Path, looks: list[str], widths: list[int]) -> None:
    """Open a page and keep its pictures."""
    place.open(page)
    for width in widths:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        for look in looks:
            page.evaluate(SET, list(map(str, LOOKS[look])))
            whole = page.evaluate("document.documentElement.scrollHeight")
            height = max(WIDTHS[width], min(whole, TALLEST))
            page.set_viewport_size({"width": width, "height": height})
            (folder / f"{look}-{width}").mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{look}-{width}" / f"{place.name.replace('/', '-')}.png")
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})


def lay_out(folder: Path, width: int) -> None:
    """Put the pictures of a folder on sheets, named, each where its column is shortest."""
    sheets: list[list[list[Path]]] = []
    heights = [HIGHEST] * COLUMNS[width]
    for file in sorted(folder.glob("*.png")):
        height = Image.open(file).height + GAP
        column = heights.index(min(heights))
        if heights[column] + height > HIGHEST and min(heights):
            sheets.append([[] for _column in heights])
            heights, column = [0] * len(heights), 0
        sheets[-1][column].append(file)
        heights[column] += height
    for number, columns in enumerate(sheets, 1):
        _draw(columns, width).save(folder.parent / f"sheet-{folder.name}-{number:02d}.png")


def _draw(columns: list[list[Path]], width: int) -> Image.Image:
    """Return one sheet."""
    pictures = [[(file.stem, Image.open(file)) for file in column] for column in columns]
    tall = max(sum(p.height + GAP for _name, p in column) for column in pictures)
    sheet = Image.new("RGB", (len(columns) * (width + GAP), tall), "#777")
    draw = ImageDraw.Draw(sheet)
    for place, column in enumerate(pictures):
        left, top = place * (width + GAP), 0
        for name, picture in column:
            draw.text((left + 4, top + 3), name, "white", font_size=16)
            sheet.paste(picture, (left, top + GAP))
            top += picture.height + GAP
    return sheet


def open_pages(browser: Browser, stage: Stage, url: str) -> dict[str, Page]:
    """Return a browser's page for each role; "" is nobody."""
    found, name = {}, str(stage.app.config["SESSION_COOKIE_NAME"])
    for role in ("", *stage.cookies):
        context = browser.new_context(
            base_url=url,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            service_workers="block",
        )
        context.set_default_timeout(15_000)
        if role:
            context.add_cookies([{"name": name, "value": stage.cookies[role], "url": url}])
        found[role] = context.new_page()
    return found


def main(words: list[str] | None = None) -> int:
    """Make the site, take every picture, lay out the sheets, and say how many there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=".*", help="a pattern of names (endpoints)")
    parser.add_argument("--looks", default=",".join(LOOKS))
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    choice = parser.parse_args(words)
    looks, widths = choice.looks.split(","), list(map(int, choice.widths.split(",")))
    with tempfile.TemporaryDirectory() as data:
        stage = set_the_stage(Path(data))
        places = [place for place in stage.places if re.fullmatch(choice.only, place.name)]
        with stage.open() as url, launch() as browser:
            pages = open_pages(browser, stage, url)
            for place in places:
                try:
                    take(pages[place.role], place, choice.folder, looks, widths)
                except (Error, AssertionError, XuejiError) as error:
                    print(f"not reached: {place.name}: {error}")
    for width in widths:
        for look in looks:
            lay_out(choice.folder / f"{look}-{width}", width)
    print(f"{len(places) * len(looks) * len(widths)} pictures of {len(places)} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())

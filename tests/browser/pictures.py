"""Makes the pictures of the README anew: `python -m tests.browser.pictures`.

A demonstration site is started on a fresh data folder, so that nobody real is in a picture.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, command, serve
from tests.chromium import launch

FOLDER = Path(__file__).parent / "pictures"
PASSWORD = "demo-2026-xueji"
COLOURS = 64
PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1100, "height": 700}


def main() -> int:
    """Start a demonstration site and take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        command(Path(data), "setup", "--demo")
        with serve(Path(data)) as site, launch() as browser:
            _phone(_signed_in(browser, site, "演示学员01", PHONE))
            _desktop(_signed_in(browser, site, "演示书记", DESKTOP))
    return 0


def _signed_in(browser: Browser, site: Site, name: str, size: dict[str, int]) -> Page:
    """Return a page of somebody who has signed in."""
    context = browser.new_context(
        base_url=site.url,
        viewport=size,  # type: ignore[arg-type]
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/")
    return page


def _phone(page: Page) -> None:
    """A member's day: today, a question, the feedback, the statistics."""
    _take(page, "today")
    page.goto("/study?way=one&question=dz22-a05-02")
    _take(page, "question")
    page.locator("label.choice").first.click()
    page.locator("button[form=answer]").click()
    page.locator("section.feedback").wait_for()
    _take(page, "feedback")
    page.goto("/statistics")
    _take(page, "statistics")


def _desktop(page: Page) -> None:
    """What a trainer keeps in order: the question bank."""
    page.goto("/bank?subject=dangzhang&difficulty=apply")
    _take(page, "bank")


def _take(page: Page, name: str) -> None:
    """Keep a picture, in as many colours as a drawing needs, which is a third of the bytes."""
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())

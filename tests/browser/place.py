"""A page of the stage, or one of its states: where it lies, who looks, and what is done there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Place:
    """What it is called, where it begins, who looks at it ("" is nobody), and how it is reached.

    `reach` is what is done on the page at `path` until it is in its state; None for the page as it
    opens. A state is named after its page: "study.question/refused".
    """

    name: str
    path: str
    role: str
    reach: Callable[[Page], None] | None = None

    def open(self, page: Page) -> None:
        """Bring a browser's page there, whatever was done on it before."""
        page.unroute_all(behavior="ignoreErrors")
        page.goto(self.path, wait_until="load")
        page.wait_for_load_state("networkidle")
        if self.reach is not None:
            self.reach(page)
            page.wait_for_load_state("networkidle")

"""axe finds nothing on any page, in light and dark, at 360 pixels."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Phone, Site
from tests.browser.test_member import answer, sign_in

pytestmark = pytest.mark.browser


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {v['id']} {[n['html'] for n in v['nodes']][:3]}" for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: Site, phone: Phone, every: list[str], scheme: str) -> None:
    site.make(f"丙{scheme}", role="admin")
    page = phone(scheme=scheme).new_page()
    found = []
    for path in ("/", "/sign-in"):
        page.goto(path)
        found += violations(page)
    sign_in(page, f"丙{scheme}")
    for path in every:
        page.goto(path)
        found += violations(page)
    page.goto("/study")
    answer(page)
    found += violations(page)
    assert found == []


def test_axe_finds_a_planted_fault(phone: Phone) -> None:
    page = phone().new_page()
    page.set_content("<!doctype html><html lang=zh><title>x</title><img src=x.png>")
    assert violations(page)

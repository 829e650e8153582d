"""What looks for faults finds them; that no page has any is shown in test_elder."""

import pytest

from tests.browser.axe import LOOKS, violations
from tests.browser.conftest import Phone

pytestmark = pytest.mark.browser
PALE = "<!doctype html><html lang=zh><title>x</title><main><h1 style='color:#ccc'>甲</h1></main>"


def test_axe_finds_a_planted_fault(phone: Phone) -> None:
    page = phone().new_page()
    page.set_content("<!doctype html><html lang=zh><title>x</title><img src=x.png>")
    assert violations(page)


def test_pale_words_are_found_by_the_rules_about_looks_alone(phone: Phone) -> None:
    page = phone().new_page()
    page.set_content(PALE)
    assert "color-contrast" in "".join(violations(page, LOOKS))

"""What looks for faults finds them; that no page has any is shown in test_elder."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.accessible import (
    UNFOLD,
    judge,
    list_missing,
    list_templates,
    look,
    main,
)
from tests.browser.axe import LOOKS, violations
from tests.browser.conftest import Phone
from tests.browser.place import Place

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


def test_a_page_is_looked_at_in_all_24_looks_and_unfolded_once_more(phone: Phone) -> None:
    page = phone().new_page()
    page.set_content(f"{PALE}<details><summary>乙</summary><p>丙</p></details>")
    found = list(look(page, Place("pale", "/", "")))
    pale = {fault.split(":")[0] for fault in found if "color-contrast" in fault}
    assert len(pale) == 24
    assert any("small" in fault for fault in found)
    assert page.evaluate(UNFOLD) == 1
    assert page.evaluate(UNFOLD) == 0


def test_what_lacks_is_a_fault_of_the_whole(tmp_path: Path) -> None:
    file, templates = tmp_path / "pieces", sorted(list_templates())
    piece: dict[str, Any] = {"seed": 1, "of": "2", "looks": 24, "found": [], "templates": templates}
    file.write_text(json.dumps(piece) + "\n")
    assert judge(file)["found"] == ["piece 2 is missing"]
    second = piece | {"seed": 2, "templates": []}
    file.write_text(json.dumps(piece) + "\n" + json.dumps(second) + "\n")
    assert (judge(file)["found"], judge(file)["looks"]) == ([], 48)
    file.write_text(json.dumps(piece | {"of": "1", "templates": templates[1:]}) + "\n")
    assert judge(file)["found"] == [f"never on a screen: {templates[0]}"]
    assert main([str(file), "--sum"]) == 1
    file.write_text(json.dumps(piece | {"found": ["pale"]}) + "\n")
    assert (list_missing(file, 2, again=False), list_missing(file, 2, again=True)) == ({2}, {1, 2})
    file.write_text(file.read_text() + json.dumps(piece) + "\n")
    assert list_missing(file, 2, again=True) == {2}

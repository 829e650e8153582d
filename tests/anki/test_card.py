"""Cards in a browser: tapping picks, the back says what was right, and plain lists without it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from app.anki.deck import Selection, build
from app.anki.note_type import CARD
from tests.anki.make import ALL, NOW, ask_anki

pytestmark = pytest.mark.browser
Sides = dict[str, dict[str, Any]]
Show = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    """Both sides of one card of every kind, as real Anki renders them."""
    file = tmp_path_factory.mktemp("deck") / "d.apkg"
    file.write_bytes(build(Selection(ALL), NOW).content)
    return {card["guid"]: card for card in ask_anki(file)["cards"]}


def shower(context: BrowserContext, sides: Sides, faults: list[str]) -> Show:
    """Return a function that shows a side of a card in a new page, as AnkiDroid does."""

    def show(question_id: str, side: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        body = f'<body class="card">{sides[question_id][side + "_html"]}</body>'

        def answer(route: Route) -> None:
            route.fulfill(body=f"<!doctype html>{body}", content_type="text/html; charset=utf-8")

        page.route("**/*", answer)
        page.goto(f"http://anki.invalid/{side}")
        return page

    return show


@pytest.fixture
def show(browser: Browser, sides: Sides) -> Iterator[Show]:
    """Show cards on a phone; no script may fail."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    yield shower(context, sides, faults)
    context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("question_id", "picks", "verdict"),
    [
        ("q-single", ["乙"], "✓ 回答正确"),
        ("q-single", ["乙", "甲"], "✗ 回答错误"),
        ("q-single", ["甲", "乙"], "✓ 回答正确"),
        ("q-multiple", ["丁", "甲", "丙"], "✓ 回答正确"),
        ("q-multiple", ["甲", "丙"], "✗ 回答错误"),
        ("q-multiple", ["甲", "乙", "丙", "丁", "乙"], "✓ 回答正确"),
        ("q-truefalse", ["错误"], "✓ 回答正确"),
        ("q-truefalse", ["正确"], "✗ 回答错误"),
        ("q-order", ["第一步", "第二步", "第三步"], "✓ 回答正确"),
        ("q-order", ["第二步", "第一步", "第三步"], "✗ 回答错误"),
        ("q-order", ["第一步", "第二步"], "✗ 回答错误"),
        ("q-single", [], ""),
    ],
)
def test_the_back_says_whether_the_taps_were_right(
    show: Show, question_id: str, picks: list[str], verdict: str
) -> None:
    front = show(question_id, "question")
    shown = front.locator(".option .text").all_inner_texts()
    for text in picks:
        front.locator(".option", has_text=text).tap()
    back = show(question_id, "answer")
    assert back.locator(".verdict").inner_text() == verdict
    assert back.locator(".option .text").all_inner_texts() == shown
    if question_id != "q-order":
        assert "正确答案" in back.locator(".result").inner_text()
        assert back.locator(".option.is-right").count() == (3 if "multiple" in question_id else 1)


def test_picks_of_another_showing_are_forgotten(show: Show) -> None:
    show("q-single", "question").locator(".option", has_text="甲").tap()
    show("q-single", "question")
    assert show("q-single", "answer").locator(".verdict").inner_text() == ""


def test_picks_survive_with_one_store_only(show: Show) -> None:
    front = show("q-single", "question")
    front.locator(".option", has_text="甲").tap()
    back = show("q-single", "answer")  # a new page: only localStorage can have carried it
    assert back.evaluate("sessionStorage.length") == 0
    assert back.locator(".is-wrong .said").all_inner_texts() == ["✗ 你的选择"]


NO_SESSION = (
    "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('closed'); }});"
)
NO_STORAGE = NO_SESSION + NO_SESSION.replace("session", "local")
SITUATIONS = {
    "normal": ("", True, True),
    "reload": ("", True, True),
    "no session storage": (NO_SESSION, True, True),
    "no storage": (NO_STORAGE, True, False),
    "no script": ("", False, False),
}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("question_id", [q.id for q in ALL])
def test_both_sides_show_the_same_order_whatever_is_stored(
    browser: Browser, sides: Sides, situation: str, question_id: str
) -> None:
    """AnkiDroid may load the back as a new page, where the answer stands even with nothing kept."""
    script, scripts, kept = SITUATIONS[situation]
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, java_script_enabled=scripts
    )
    context.add_init_script(script)
    faults: list[str] = []
    show = shower(context, sides, faults)
    front = show(question_id, "question")
    order = front.locator(".option .text").all_inner_texts()
    if scripts and order:
        front.locator(".option").first.tap()
    if situation == "reload":
        front.reload()
        assert front.locator(".option .text").all_inner_texts() == order
        if order:
            front.locator(".option").first.tap()
    back = show(question_id, "answer")
    assert back.locator(".option .text").all_inner_texts() == order
    assert "正确答案" in back.locator(".result").inner_text()
    assert "道理" in back.locator(".more").inner_text()
    if order and scripts:
        assert (back.locator(".verdict").inner_text() != "") is kept
    assert faults == []
    context.close()


def test_rows_are_tall_enough_for_thumbs(show: Show) -> None:
    boxes = [row.bounding_box() for row in show("q-single", "question").locator(".tappable").all()]
    assert len(boxes) == 4
    assert all(box is not None and box["height"] >= 44 for box in boxes)


def test_night_has_its_own_colours(show: Show) -> None:
    front = show("q-single", "question")
    colour = "getComputedStyle(document.body).backgroundColor"
    day = front.evaluate(colour)
    for name in ("nightMode", "night_mode"):
        for element in ("body", "documentElement"):  # where the class sits differs between Ankis
            front.evaluate(f"document.{element}.classList.add('{name}')")
            assert front.evaluate(colour) != day
            front.evaluate(f"document.{element}.classList.remove('{name}')")
            assert front.evaluate(colour) == day


def test_a_closed_blank_shows_a_line_and_no_answer(show: Show) -> None:
    front = show("q-blank", "question")
    assert "一年" not in front.locator(".stem").inner_text()
    line = front.locator(".cloze").first.bounding_box()
    assert line is not None
    assert line["width"] > 60
    assert "一年" in show("q-blank", "answer").locator(".result").inner_text()


def test_without_javascript_the_list_is_plain_and_the_back_has_the_answer(
    browser: Browser, sides: Sides
) -> None:
    context = browser.new_context(java_script_enabled=False)
    show = shower(context, sides, [])
    assert show("q-single", "question").locator(".option").count() == 4
    assert "想好以后" in show("q-single", "question").locator(".hint").inner_text()
    back = show("q-single", "answer")
    assert "乙" in back.locator(".result").inner_text()
    assert "道理" in back.locator(".more").inner_text()
    context.close()


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in Path(CARD).iterdir():
        text = path.read_text()
        assert not re.search(r"http|url\(|@import", text)

"""A member's whole walk on a phone: sign in, ten questions of all kinds, undo, forecast, Anki."""

import io
import zipfile

import pytest
from playwright.sync_api import Page

from app.bank.kinds import KINDS, Blank, Content, Multiple, Order, Single, TrueFalse
from app.bank.kinds.kind import key_of
from app.bank.source import kind_of, read_bank
from tests.browser.conftest import PASSWORD, ROOT, Phone, Site

pytestmark = pytest.mark.browser


def sign_in(page: Page, name: str) -> None:
    """Sign in through the form."""
    page.goto("/sign-in")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/")


def answer(page: Page, question: Content | None = None) -> None:
    """Answer the question on the page: rightly when its content is given, else somehow."""
    fill(page, question)
    page.locator("button[form=answer]").tap()
    page.locator("section.feedback").wait_for()


def fill(page: Page, question: Content | None = None) -> None:
    """Fill in an answer without sending it."""
    if page.locator("input[name=choice]").count():
        _choose(page, question)
    elif page.locator("select").count():
        for place, row in enumerate(page.locator("ol.order li").all()):
            text = row.locator(".text").inner_text()
            number = question.items.index(text) if isinstance(question, Order) else place
            row.locator("select").select_option(str(number + 1))
    else:
        texts = question.answers if isinstance(question, Blank) else ()
        for number, field in enumerate(page.locator("input[name^=blank-]").all()):
            field.fill(texts[number][0] if texts else "一年")


def _choose(page: Page, question: Content | None) -> None:
    """Tap the right options when they are known, else the first one."""
    if isinstance(question, TrueFalse):
        page.locator("label.choice").nth(0 if question.answer else 1).tap()
        return
    if not isinstance(question, Single | Multiple):
        page.locator("label.choice").first.tap()
        return
    for index in key_of(question.answer):
        exact = page.get_by_text(question.options[index], exact=True)
        page.locator("label.choice", has=exact).tap()


def go_on(page: Page, rating: str = "4") -> None:
    """Leave the feedback page by rating, or by going on after a wrong answer."""
    button = page.locator(f"button[name=rating][value='{rating}']")
    with page.expect_navigation():
        (button if button.count() else page.locator(".dock a.button")).first.tap()


def forecast(page: Page) -> list[int]:
    """Return how many questions are due from tomorrow on, as the statistics page says."""
    page.goto("/statistics")
    counts = page.locator("#forecast tbody td:last-child").all_text_contents()
    assert len(counts) == 30
    return [int(count) for count in counts[1:]]


def two_of_each_kind() -> list[Content]:
    """Return ten questions of the real bank, two of each kind."""
    bank = read_bank(ROOT / "question_bank")
    found: dict[str, list[Content]] = {kind: [] for kind in KINDS}
    for entry in bank.entries:
        found[kind_of(entry.item)].append(entry.item)
    return [item for items in found.values() for item in items[:2]]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_a_member_studies_ten_questions(site: Site, phone: Phone, javascript: bool) -> None:
    name = "甲一" if javascript else "甲二"
    site.make(name)
    page = phone(javascript=javascript).new_page()
    sign_in(page, name)
    before = forecast(page)
    questions = two_of_each_kind()
    assert len(questions) == 10
    for question in questions:
        page.goto(f"/study?way=one&question={question.id}")
        answer(page, question)
        assert page.get_by_text("回答正确").is_visible(), question.id
        go_on(page)
    after = forecast(page)
    assert (sum(before), sum(after)) == (0, 10)
    page.goto("/study")
    with page.expect_navigation():
        page.get_by_role("button", name="撤销上一题").tap()
    page.get_by_text("已撤销，请重新作答").wait_for()
    assert sum(forecast(page)) == 9
    page.goto("/anki")
    with page.expect_download() as waiting:
        page.locator("a[href*='/anki/export']").first.tap()
    packed = waiting.value.path().read_bytes()
    assert "collection.anki2" in zipfile.ZipFile(io.BytesIO(packed)).namelist()


def test_nothing_is_wider_than_a_small_phone(site: Site, phone: Phone) -> None:
    site.make("乙一")
    page = phone().new_page()
    sign_in(page, "乙一")
    for path in ("/", "/study", "/ways", "/statistics", "/settings", "/study/settings", "/anki"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path

"""A member's whole walk on a phone: sign in, ten questions of all kinds, undo, forecast, Anki."""

import io
import zipfile

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PASSWORD, Phone, Site

pytestmark = pytest.mark.browser
SUBJECT = "dangzhang"


def sign_in(page: Page, name: str) -> None:
    """Sign in through the form."""
    page.goto("/sign-in")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/")


def answer(page: Page) -> str:
    """Answer the question on the page somehow, rate it when right, and return its kind."""
    kind = "blank"
    if page.locator("input[name=choice]").count():
        boxes = page.locator("input[type=checkbox][name=choice]").count()
        kind = "multiple" if boxes else "single"
        if not boxes and page.locator("input[name=choice]").count() == 2:
            kind = "truefalse"
        page.locator("label.choice").first.tap()
    elif page.locator("select").count():
        kind = "order"
        for place, select in enumerate(page.locator("ol.order select").all()):
            select.select_option(str(place + 1))
    else:
        for blank in page.locator("input[name^=blank-]").all():
            blank.fill("一年")
    page.locator("button[form=answer]").tap()
    page.locator("section.feedback").wait_for()
    return kind


def go_on(page: Page) -> None:
    """Leave the feedback page by rating, or by going on after a wrong answer."""
    good = page.locator("button[name=rating][value='3']")
    (good if good.count() else page.locator(".dock a.button")).first.tap()
    page.wait_for_load_state()


def forecast(page: Page) -> list[str]:
    """Return the forecast table of the statistics page."""
    page.goto("/statistics")
    return page.locator("#forecast tbody td").all_text_contents()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_a_member_studies_ten_questions(site: Site, phone: Phone, javascript: bool) -> None:
    name = "甲一" if javascript else "甲二"
    site.make(name)
    page = phone(javascript=javascript).new_page()
    sign_in(page, name)
    before = forecast(page)
    kinds = set()
    for chapter in ("gp", "ch1", "ch2", "ch5", "ch7"):
        page.goto(f"/study?way=random&since=1&subject={SUBJECT}&chapter={chapter}")
        if page.locator("form.question").count():
            kinds.add(answer(page))
            go_on(page)
    answered = len(kinds)
    wanted = {"single", "multiple", "truefalse", "blank", "order"}
    for _try in range(60):
        if kinds == wanted and answered >= 10:
            break
        page.goto("/study?way=random&since=1")
        kinds.add(answer(page))
        answered += 1
        go_on(page)
    assert kinds == wanted
    page.goto("/study?way=random&since=1")
    answer(page)
    page.get_by_role("button", name="撤销这次作答").tap()
    page.get_by_text("已撤销，请重新作答").wait_for()
    assert forecast(page) != before
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

"""A paper is made on a desktop and taken on a phone, with JavaScript or without."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.axe import violations
from tests.browser.conftest import Phone, Site
from tests.browser.test_member import sign_in

pytestmark = pytest.mark.browser
WAYS = pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])


def desktop(browser: Browser, site: Site, javascript: bool) -> BrowserContext:
    """Return a desktop browser."""
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": 1280, "height": 800},
        java_script_enabled=javascript,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(10_000)
    return context


def make_paper(page: Page, title: str) -> None:
    """Make an examination of ten questions by rules and publish it."""
    page.goto("/paper-desk/new")
    page.locator("[name=title]").fill(title)
    page.locator("[name=duration]").fill("30")
    page.locator("[name=key_shown]").select_option("submission")
    for row, (kind, count) in enumerate((("order", "190"), ("multiple", "4"))):
        page.locator(f"[name=rules-{row}-kind]").select_option(kind)
        page.locator(f"[name=rules-{row}-count]").fill(count)
    page.locator("button[value=preview]").click()
    page.get_by_text("第 1 条要 190 题，题库里只有").wait_for()
    page.locator("[name=rules-0-kind]").select_option("single")
    page.locator("[name=rules-0-count]").fill("6")
    page.locator("button[value=preview]").click()
    page.get_by_text("共 10 题，20 分").wait_for()
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_text("草稿已保存").wait_for()
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布。").wait_for()


@WAYS
def test_a_paper_from_the_desk_to_the_phone_and_back(
    site: Site, browser: Browser, phone: Phone, javascript: bool
) -> None:
    tail = "一" if javascript else "二"
    boss, member, title = f"卷主{tail}", f"考生{tail}", f"测验{tail}"
    site.make(boss, role="admin")
    site.make(member)
    context = desktop(browser, site, javascript)
    desk = context.new_page()
    sign_in(desk, boss)
    make_paper(desk, title)
    page = phone(javascript=javascript).new_page()
    sign_in(page, member)
    page.get_by_role("link", name="试卷").tap()
    page.get_by_role("link", name=title).tap()
    page.get_by_role("button", name="开始作答").tap()
    for number in range(1, 11):
        page.locator(".count", has_text=f"{number} / 10").wait_for()
        if number == 1:
            if javascript:  # the page is there a moment before its script
                page.locator(".clock .tick", has_text="还剩").wait_for()
            shown = page.locator(".clock .tick").inner_text()
            assert ("还剩" in shown) is javascript
            assert ("到时间" in shown) is not javascript
        if number != 4:
            page.locator("label.choice").first.tap()
            if javascript:
                assert page.get_by_text("改动还没有保存").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator(".dock .primary").tap()
    page.get_by_text("还有 1 题没有作答").wait_for()
    page.get_by_role("link", name="第 4 题").tap()
    page.locator("label.choice").first.tap()
    page.locator("summary", has_text="题目一览：已答 9 / 10").tap()
    page.locator(".spots").get_by_role("button", name="去交卷").tap()
    page.get_by_text("10 题都已作答").wait_for()
    page.get_by_role("button", name="交卷").tap()
    page.get_by_role("heading", name="已交卷").wait_for()
    assert page.locator("article.marked").count() == 10
    desk.reload()
    row = desk.locator("tr", has_text=member)
    assert "/ 20 分" in row.inner_text()
    row.get_by_role("link", name="/ 20 分").click()
    assert desk.locator("article.marked").count() == 10
    context.close()


def test_time_runs_out_on_a_page_left_open(site: Site, phone: Phone, browser: Browser) -> None:
    site.make("卷主三", role="admin")
    site.make("考生三")
    context = desktop(browser, site, True)
    desk = context.new_page()
    sign_in(desk, "卷主三")
    make_paper(desk, "快考")
    page = phone().new_page()
    sign_in(page, "考生三")
    page.get_by_role("link", name="试卷").tap()
    page.get_by_role("link", name="快考").tap()
    page.get_by_role("button", name="开始作答").tap()
    page.locator("label.choice").first.tap()
    page.locator(".dock .primary").tap()
    page.get_by_text("第 1 题已保存").wait_for()
    page.locator("label.choice").first.tap()
    desk.get_by_role("link", name="提前结束").click()
    desk.get_by_label("理由").last.fill("会议提前散了")
    desk.get_by_role("button", name="马上结束").click()
    page.locator(".dock .primary").tap()  # within the grace: taken
    page.get_by_text("第 2 题已保存").wait_for()
    assert "时间到" in page.locator(".clock").inner_text()
    page.wait_for_url("**/attempts/1", timeout=40_000)
    page.get_by_text("已按保存的答案交卷").wait_for()
    page.get_by_text("作答 2 题").wait_for()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_papers(
    site: Site, phone: Phone, browser: Browser, scheme: str
) -> None:
    name = f"卷主{scheme}"
    site.make(name, role="admin")
    page = phone(scheme=scheme).new_page()
    sign_in(page, name)
    make_paper(page, f"无障碍{scheme}")
    found, base = violations(page), page.url
    for path in ("/paper-desk", "/paper-desk/new", f"{base}/questions", f"{base}/print", "/papers"):
        page.goto(path)
        found += violations(page)
    page.get_by_role("link", name=f"无障碍{scheme}").tap()
    page.get_by_role("button", name="开始作答").wait_for()
    found += violations(page)
    page.get_by_role("button", name="开始作答").tap()
    page.locator(".clock").wait_for()
    page.locator("label.choice").first.tap()
    page.locator("summary", has_text="题目一览").tap()
    found += violations(page)
    page.locator(".spots").get_by_role("button", name="去交卷").tap()
    page.get_by_role("heading", name="交卷以前").wait_for()
    found += violations(page)
    page.get_by_role("button", name="交卷").tap()
    page.get_by_role("heading", name="已交卷").wait_for()
    found += violations(page)
    assert found == []

"""A paper is made and asked of a branch on a desktop, taken on a phone, watched and marked anew."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import violations
from tests.browser.conftest import PASSWORD, Phone, Site
from tests.browser.test_member import sign_in
from tests.browser.test_quiz import WAYS, desktop

pytestmark = pytest.mark.browser
STEM = "本支部的党员活动室在办公楼二层。"


def people(site: Site, tail: str) -> tuple[str, str, str]:
    """Add a branch with a trainer, a member, and somebody beside them; return the first three."""
    code, trainer, member = f"asked-{tail}", f"布置人{tail}", f"答卷人{tail}"
    site.flask("org", "add-unit", code, f"第{tail}支部", "--json")
    for name, role in ((trainer, "trainer"), (member, "member"), (f"另一人{tail}", "member")):
        words = ("accounts", "add", name, "--role", role, "--unit", code, "--json")
        site.flask(*words, stdin=PASSWORD + "\n")
    return f"第{tail}支部", trainer, member


def write_question(page: Page, answer: str, path: str = "/bank/drafts/new") -> None:
    """Write a question of the branch's own, or write it anew."""
    page.goto(path)
    page.locator("[name=kind]").select_option("truefalse")
    page.locator("[name=stem]").fill(STEM)
    page.locator("[name=answer]").fill(answer)
    page.locator("[name=difficulty]").select_option("know")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(lambda address: "/new" not in address and "/edit" not in address)


def approve(page: Page) -> None:
    """Approve every draft there is."""
    page.goto("/bank/drafts")
    for box in page.locator("input[name=draft]").all():
        box.check()
    page.locator("button[value=approve]").first.click()
    page.wait_for_load_state()


def make_paper(page: Page, title: str, branch: str) -> None:
    """Make an examination by rules: three questions of the bank, one of the branch."""
    page.goto("/paper-desk/new")
    page.locator("[name=title]").fill(title)
    page.locator("[name=duration]").fill("30")
    page.locator("[name=closes]").fill("2099-12-31T18:00")
    page.locator("[name=key_shown]").select_option("submission")
    page.locator("[name=rules-0-kind]").select_option("single")
    page.locator("[name=rules-0-count]").fill("3")
    own = page.locator("[name=rules-1-scope] option", has_text=branch).first
    page.locator("[name=rules-1-scope]").select_option(own.get_attribute("value"))
    page.locator("[name=rules-1-kind]").select_option("truefalse")
    page.locator("[name=rules-1-count]").fill("1")
    page.locator("button[value=preview]").click()
    page.get_by_text("共 4 题，8 分").wait_for()
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_text("草稿已保存").wait_for()
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布。").wait_for()


def assign(page: Page, branch: str) -> None:
    """Ask the paper that is open of the branch, after looking whom that meets."""
    page.get_by_role("link", name="布置给大家").click()
    page.locator("[name=closes]").fill("2027-12-31T18:00")
    page.get_by_role("button", name="布置", exact=True).click()
    page.get_by_text("请选择给谁").first.wait_for()
    page.locator("label.choice", has_text=branch).locator("input").check()
    page.get_by_role("button", name="看看会布置给谁").click()
    page.get_by_role("heading", name="会布置给 3 人").wait_for()
    page.get_by_role("button", name="布置", exact=True).click()
    page.get_by_text("已布置。").wait_for()


def take(page: Page, title: str) -> None:
    """Take the paper from the home page, saying that the branch's question is true."""
    page.get_by_role("heading", name="要完成的").wait_for()
    page.get_by_text("还没有开始答").wait_for()
    page.get_by_role("link", name="看要求，开始作答").tap()
    page.get_by_role("heading", name=title).wait_for()
    page.get_by_role("button", name="开始作答").tap()
    for number in range(1, 5):
        page.locator(".count", has_text=f"{number} / 4").wait_for()
        own = page.get_by_text(STEM).count()
        label = (
            page.locator("label.choice", has_text="正确") if own else page.locator("label.choice")
        )
        label.first.tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator(".dock .primary").tap()
    page.get_by_text("4 题都已作答").wait_for()
    page.get_by_role("button", name="交卷").tap()
    page.get_by_role("heading", name="已交卷").wait_for()


def mark_anew(page: Page, title: str) -> None:
    """Correct the branch's question and mark the paper by the new key."""
    page.goto("/bank?text=活动室")
    page.get_by_role("link", name=STEM).click()
    write_question(page, "对", page.url + "/edit")
    page.goto("/paper-desk")
    page.get_by_role("link", name=title).click()
    page.get_by_role("link", name="各题情况、重新评分").click()
    row = page.locator("tr", has_text=STEM)
    row.get_by_role("link", name="题库已更正，重新评分").click()
    page.locator("[name=way]").select_option("key")
    page.locator("[name=reason]").fill("原来的答案写错了")
    page.get_by_role("button", name="重新评分").click()
    page.get_by_text("已重新评分 1 份").wait_for()


@WAYS
def test_a_paper_is_asked_taken_watched_and_marked_anew(
    site: Site, browser: Browser, phone: Phone, javascript: bool
) -> None:
    tail = "甲" if javascript else "乙"
    title = f"布置的测验{tail}"
    branch, trainer, member = people(site, tail)
    context = desktop(browser, site, javascript)
    desk = context.new_page()
    sign_in(desk, trainer)
    write_question(desk, "错")
    approve(desk)
    make_paper(desk, title, branch)
    assign(desk, branch)
    watched = desk.url
    assert "还没有开始 3 人" in desk.locator("main").inner_text()
    page = phone(javascript=javascript).new_page()
    sign_in(page, member)
    take(page, title)
    result = page.url
    desk.reload()
    assert "已交卷" in desk.locator("tr", has_text=member).inner_text()
    assert "还没有开始" in desk.locator("tr", has_text=f"另一人{tail}").inner_text()
    mark_anew(desk, title)
    page.goto(result)
    page.get_by_text("这道题重新评过分：0 分 → 2 分").wait_for()
    desk.goto(watched)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 1280
    context.close()


def test_axe_finds_nothing_on_assignments(site: Site, phone: Phone, browser: Browser) -> None:
    branch, trainer, member = people(site, "丙")
    context = desktop(browser, site, True)
    desk = context.new_page()
    sign_in(desk, trainer)
    desk.goto("/assignments/new-goal")
    desk.locator("[name=title]").fill("学会前两章")
    desk.locator("[name=closes]").fill("2027-03-01")
    desk.locator("[name=chapters]").first.check()
    desk.locator("label.choice", has_text=branch).locator("input").check()
    found = violations(desk)
    desk.get_by_role("button", name="看看会布置给谁").click()
    desk.get_by_text("从头学的人").wait_for()
    found += violations(desk)
    desk.get_by_role("button", name="布置", exact=True).click()
    desk.get_by_text("已布置。").wait_for()
    found += violations(desk)
    desk.goto("/assignments")
    found += violations(desk)
    context.close()
    page = phone().new_page()
    sign_in(page, member)
    page.get_by_text("学会前两章").wait_for()
    found += violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto("/tasks")
    found += violations(page)
    assert found == []

"""Everything else that a member does, in a browser without scripts: one walk from the invitation to
signing in anew. Answering, papers and what is asked are in test_member, test_quiz, test_assign."""

import json
import re
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page

from app.accounts.actions import invite_people
from app.accounts.invitation import Newcomer
from app.assign.actions.duties import make_duty
from app.assign.ownership import Charge
from app.assign.wording import Wording
from app.base import clock
from app.base.config import load
from app.base.db import db
from app.factory import create_app
from app.org.actions import add_unit
from tests.browser.conftest import PASSWORD, Phone, Site
from tests.browser.test_member import answer

pytestmark = pytest.mark.browser
NEW = "another horse 四五六"


def invite(site: Site) -> str:
    """Invite somebody into a unit, lay a duty on them, and return where the invitation leads."""
    app = create_app(load({"XUEJI_DATA": str(site.data)}))
    with app.app_context():
        now, today = clock.now(), clock.study_day(clock.now())
        unit = add_unit("walk", "步行支部", now=now)
        [one] = invite_people([Newcomer("步行者", None, unit)], None, now)
        wording = Wording("组织一次学习", "有记录", today, today + timedelta(days=3))
        make_duty(None, unit, wording, Charge(member_id=one.user_id), now)
        db.session.remove()
        db.engine.dispose()
    return f"/invite/{one.token}"


def press(page: Page, words: str) -> None:
    """Press a button and wait for the page that comes of it."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).first.click()


def unfold_and_press(page: Page, words: str) -> None:
    """Unfold what belongs to a question and press one of its buttons."""
    page.locator("details.tools summary").click()
    press(page, words)


def come_in(page: Page, address: str) -> None:
    """Choose a password, a size of text and how much to study."""
    page.goto(address)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    press(page, "进入")
    page.goto("/settings")
    page.get_by_label("最大").check()
    page.get_by_label("深色").check()
    press(page, "保存")
    assert page.locator("html").get_attribute("data-text") == "30"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto("/study/settings")
    page.locator("[name=new_per_day]").fill("20")
    press(page, "保存")


def study(page: Page) -> None:
    """Star a question, write a note and a report, find it again, skip another."""
    page.goto("/study?way=one&question=dz22-p01-01")
    unfold_and_press(page, "收藏")
    page.get_by_text("已收藏").wait_for()
    page.locator("details.tools summary").click()
    page.locator("[name=text]").first.fill("先锋队")
    press(page, "保存笔记")
    page.locator(".note", has_text="先锋队").wait_for()
    answer(page)
    page.locator("details.tools summary").click()
    page.locator("#report").fill("选项重复了。")
    press(page, "告诉出题人")
    page.goto("/my-reports")
    page.get_by_text("选项重复了。").wait_for()
    page.goto("/ways")
    assert "1 题" in page.locator("li", has_text="收藏").first.inner_text()
    page.locator("[name=q]").fill("先锋队")
    press(page, "搜索")
    assert page.locator("main li").count() > 1
    page.goto("/study?way=random&since=1")
    before = page.locator("[name=question_id]").get_attribute("value")
    unfold_and_press(page, "不再出这题")
    page.goto("/set-aside")
    assert page.locator(f"a[href*='{before}'], form[action*='{before}']").count()


def serve_the_unit(page: Page) -> None:
    """Tell that a duty is done, doubt a figure, have reminders in a calendar."""
    page.goto("/my-duties")
    page.get_by_role("link", name="组织一次学习").click()
    page.get_by_role("link", name="登记完成").click()
    page.locator("textarea").fill("集体学了总纲，签到在册。")
    press(page, "登记完成")
    page.goto("/my-record/question")
    page.locator("textarea").fill("学时少了一次。")
    press(page, "提交")
    page.goto("/my-hours")
    page.goto("/reminders/settings")
    press(page, "生成日历地址")
    page.locator("main img").wait_for()


def take_along(page: Page) -> None:
    """Take one's own data and a deck along, make a link to a deck, bring the deck home."""
    page.goto("/my-data")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 JSON").click()
    kept = json.loads(waiting.value.path().read_bytes())
    assert "先锋队" in json.dumps(kept, ensure_ascii=False)
    page.goto("/anki")
    press(page, "生成链接和二维码")
    page.locator("main img").wait_for()
    page.goto("/anki")
    with page.expect_download() as waiting:
        page.locator("a[href*='progress=1']").first.click()
    page.goto("/anki/home")
    page.locator("input[type=file]").set_input_files(waiting.value.path())
    press(page, "上传并查看")
    page.get_by_role("heading", name="次新的复习").wait_for()


def lock_up(page: Page) -> None:
    """Set up an app for the second step, change the password, sign out and in again."""
    page.goto("/account/second-step/app")
    secret = re.sub(r"\s", "", page.locator("main code").inner_text())
    page.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    press(page, "完成设置")
    code = page.locator("main li").first.inner_text()
    page.goto("/account")
    page.locator("[name=old]").fill(PASSWORD)
    page.locator("[name=password]").fill(NEW)
    page.locator("[name=again]").fill(NEW)
    press(page, "更改密码")
    page.goto("/settings")
    press(page, "退出登录")
    page.locator("[name=login]").fill("步行者")
    page.locator("[name=password]").fill(NEW)
    press(page, "登录")
    page.locator("[name=code]").fill(code)
    press(page, "继续")
    page.get_by_role("heading", name="今天要答").wait_for()


def test_a_member_does_everything_else_without_scripts(site: Site, phone: Phone) -> None:
    page = phone(javascript=False).new_page()
    come_in(page, invite(site))
    study(page)
    serve_the_unit(page)
    take_along(page)
    lock_up(page)

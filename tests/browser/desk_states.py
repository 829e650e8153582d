"""States of what trainers, administrators and strangers see: forms refused, previews, files, links,
lists without anything, second factors, errors."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from app.accounts import codes
from app.accounts.actions import ensure_setup_link, renew_invite
from app.accounts.actions.factors import SEALED
from app.accounts.models import Authenticator, User
from app.anki.actions import make_link
from app.anki.wanted import Wanted
from app.assess.models import CertificateRow
from app.assign.models.reminders import WishRow
from app.base import clock
from app.base.db import db, transaction
from app.base.ids import digest
from app.base.sealing import seal
from app.web.permissions import permission
from tests.bench.paint import _person
from tests.browser.member_states import press, waiting
from tests.browser.place import Place

# Forms that are sent empty, or with nothing but what they begin with.
REFUSED = """
  sign-in accounts.account accounts.add_app accounts.confirm anki.upload assess.appeal
  assess.correct_scheme assess.new_scheme assign.new assign.new_goal assign.new_duty
  assign.new_gathering assign.new_item assign.new_plan assign.correct_gathering assign.robots
  assign.hand_duty authoring.upload authoring.write org.add_unit org.end_post org.give_post
  org.invite org.rename_unit org.roster quiz.new quiz.remark quiz.time quiz.window study.settings
"""
EMPTY = """() => document.querySelectorAll('main form').forEach((form) => {
  form.noValidate = true;
  form.querySelectorAll('input, textarea').forEach((field) => {
    if (['hidden', 'file', 'submit'].includes(field.type)) return;
    if (['checkbox', 'radio'].includes(field.type)) field.checked = false;
    else field.value = '';
  });
})"""
QUESTIONS = """题型,题干,选项A,选项B,选项C,选项D,答案,解析
单选,党的最高纪律处分是什么？,警告,开除党籍,留党察看,撤销党内职务,B,见党章。
判断,预备党员有表决权。,,,,,错,见党章第七条。
多选,没有写答案的题,甲,乙,丙,丁,,
"""
ROSTER = """姓名,手机,人员类别,职务
甲新,13900000001,正式党员,宣传委员
乙新,13900000002,预备党员,
,13900000003,,
"""


def list_desk_states(app: Flask, pages: Iterable[Place]) -> Iterator[Place]:
    """Yield every state of these people's pages; `pages` are those that links lead to."""
    known = {place.name: place for place in pages}
    for name in REFUSED.split():
        yield Place(f"{name}/refused", known[name].path, known[name].role, _refuse)
    yield from _previews(app)
    yield from _lists()
    yield from _factors(app)
    yield from _doors(app)
    yield from _errors()


def add_failing(app: Flask) -> None:
    """Give the application two addresses that fail, as a bug and as a full disk would."""

    @permission("public")
    def broken() -> str:
        raise RuntimeError("a bug")

    @permission("public")
    def full() -> str:
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    app.add_url_rule("/fails/broken", "broken", broken)
    app.add_url_rule("/fails/full", "full", full)


def _refuse(page: Page) -> None:
    """Send the page's form without anything in it; the page must say what is wrong."""
    page.evaluate(EMPTY)
    forms = page.locator("main form[method=post]")
    form = forms.first
    for one in forms.all():
        if one.locator(".field").count():
            form = one
            break
    with page.expect_navigation():
        form.locator("button.primary, button.button").last.click()
    page.locator(".problem, .error").first.wait_for()


def _previews(app: Flask) -> Iterator[Place]:
    """What is shown before anything is written, and what can be printed or fetched."""

    def upload(name: str, text: str, page: Page) -> None:
        file = {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        press(page, "上传并查看")

    def confirm_roster(page: Page) -> None:
        upload("名册.csv", ROSTER.replace("1390000000", "1380000000").replace("新", "来"), page)
        with page.expect_navigation():
            page.locator("main form button.primary").first.click()

    def invite(page: Page) -> None:
        page.locator("[name=name]").fill("丙新")
        page.locator("[name=phone]").fill("13700000001")
        press(page, "生成邀请链接")

    def whom(page: Page) -> None:
        page.locator("input[name=units]").first.check()
        press(page, "看看会布置给谁")

    def day() -> str:
        with app.app_context():
            return (clock.study_day(clock.now()) + timedelta(days=20)).isoformat()

    def paper(page: Page) -> None:
        page.locator("[name=paper]").select_option(label="演示测验")
        page.locator("[name=closes]").fill(f"{day()}T18:00")
        whom(page)

    def goal(page: Page) -> None:
        page.locator("[name=title]").fill("学会第一章")
        page.locator("[name=closes]").fill(day())
        page.locator("input[name=chapters]").first.check()
        whom(page)

    def draw(count: str, page: Page) -> None:
        page.locator("[name=title]").fill("期中测验")
        page.locator("[name=rules-0-kind]").select_option("order")
        page.locator("[name=rules-0-count]").fill(count)
        press(page, "再加几行，看看会抽到什么")

    def written(page: Page) -> None:
        page.locator("textarea").first.fill("预备党员的预备期是几年？")
        with page.expect_navigation():
            page.locator("main form .button").first.click()

    yield Place(
        "authoring.preview", "/bank/import", "trainer", partial(upload, "题.csv", QUESTIONS)
    )
    yield Place(
        "org.roster_preview", "/people/roster", "trainer", partial(upload, "册.csv", ROSTER)
    )
    yield Place("org.links/roster", "/people/roster", "trainer", confirm_roster)
    yield Place("org.links/one", "/people/invite", "trainer", invite)
    yield Place("assign.new/preview", "/assignments/new", "trainer", paper)
    yield Place("assign.new/untimed", "/assignments/new", "trainer", whom)
    yield Place("assign.new_goal/preview", "/assignments/new-goal", "trainer", goal)
    yield Place("quiz.new/lacking", "/paper-desk/new", "trainer", partial(draw, "190"))
    yield Place("quiz.new/preview", "/paper-desk/new", "trainer", partial(draw, "6"))
    yield Place("authoring.write/preview", "/bank/drafts/new", "trainer", written)
    printed = partial(waiting, link="paper.pdf")
    yield Place("quiz.printed", "/paper-desk/2/print", "trainer", printed)
    yield Place("assess.waiting", "/reports/1", "admin", partial(waiting, link="report.pdf"))


def _lists() -> Iterator[Place]:
    """Lists that filters leave empty, second pages, drafts beside what is published."""
    paths = {
        "org.people/none": "/people?q=zzzz",
        "org.people/second": "/people?page=2",
        "authoring.bank/none": "/bank?text=zzzz",
        "authoring.bank/second": "/bank?page=2",
        "assess.scheme/draft": "/schemes/1",
        "assess.scheme/published": "/schemes/2",
        "assign.watch/first": "/assignments/1",
        "assign.watch/second": "/assignments/2",
        "quiz.progress/exam": "/paper-desk/1",
        "quiz.progress/draft": "/paper-desk/3",
        "quiz.printing/draft": "/paper-desk/3/print",
        "assess.paper/exam": "/paper-desk/1/analysis",
        "assess.person_record/later": "/people/2/record",
        "org.person/second": "/people/2",
        "org.unit/below": "/units/3",
        "assign.hours_of_unit/none": "/hours?year=2020",
        "assign.new_item/duty": "/duties/1",
        "assign.copy_duty": "/duties/1/copy",
    }
    for name, path in paths.items():
        yield Place(name, path, "trainer")
    yield Place("ops.acts/second", "/acts?page=2", "admin")
    yield Place("ops.acts/none", "/acts?about=zzzz", "admin")
    yield Place("ops.erase", "/people/3/erase", "admin")
    yield Place("ops.erase/refused", "/people/3/erase", "admin", _refuse)
    yield Place("org.entry", "/people/2/sign-in", "admin")
    yield Place("org.units/whole", "/units", "admin")


def _factors(app: Flask) -> Iterator[Place]:
    """Second factors: an app that is there, codes, the second step of signing in."""

    def give(page: Page) -> None:
        with app.app_context(), transaction() as session:
            keeper, secret = _person("演示保管员").id, app.config["SECRET_KEY"]
            offered = codes.secret_for("a session", secret)
            sealed = seal(offered, SEALED, str(keeper), secret)
            made = clock.epoch(clock.now())
            row = Authenticator(user_id=keeper, sealed=sealed, step=0, created_at=made)
            session.merge(row)
        page.reload()

    def renew(page: Page) -> None:
        give(page)
        press(page, "重新生成恢复码")

    def enter(page: Page) -> None:
        give(page)
        page.locator("[name=login]").fill("演示保管员")
        page.locator("[name=password]").fill("demo-2026-xueji")
        with page.expect_navigation():
            page.locator("main form button.primary").first.click()
        page.wait_for_url("**/sign-in/second*")

    def enter_wrongly(page: Page) -> None:
        enter(page)
        page.locator("[name=code]").fill("000000")
        press(page, "继续")

    yield Place("accounts.factors/app", "/account/second-step", "keeper", give)
    yield Place("accounts.recovery", "/account/second-step", "keeper", renew)
    yield Place("accounts.confirm/app", "/account/confirm", "keeper", give)
    yield Place("accounts.second_step", "/sign-in", "", enter)
    yield Place("accounts.second_step/refused", "/sign-in", "", enter_wrongly)


def _doors(app: Flask) -> Iterator[Place]:
    """Pages that a link of one's own leads to."""

    def lead(find: str, page: Page) -> None:
        with app.app_context():
            path = {"invite": _invitation, "fetch": _deck, "certificate": _certificate}[find]()
        page.goto(path)

    def invited(page: Page) -> None:
        lead("invite", page)
        _refuse(page)

    def confirm(page: Page) -> None:
        with app.app_context(), transaction() as session:
            row = session.merge(WishRow(member_id=_person("演示学员01").id, mail=True, cards=True))
            row.email, row.confirmed_at = "jia@example.cn", None
            row.token_hash, row.asked_at = digest("a-token"), clock.epoch(clock.now())
        page.goto("/reminders/mail/a-token")

    def set_up(refused: bool, page: Page) -> None:
        with app.app_context():
            _change_role("admin", "editor")
            token = ensure_setup_link(clock.now())
            page.goto(f"/setup/{token}")
            if refused:
                _refuse(page)
            _change_role("editor", "admin")

    yield Place("accounts.setup", "/", "", partial(set_up, False))
    yield Place("accounts.setup/refused", "/", "", partial(set_up, True))
    yield Place("accounts.invite", "/", "", partial(lead, "invite"))
    yield Place("accounts.invite/refused", "/", "", invited)
    yield Place("anki.fetch", "/", "", partial(lead, "fetch"))
    yield Place("assess.certificate", "/", "", partial(lead, "certificate"))
    yield Place("assign.confirm_mail", "/reminders/settings", "member", confirm)


def _change_role(old: str, new: str) -> None:
    """Let those of one role have another; nobody is an editor on the stage."""
    with transaction() as session:
        session.execute(update(User).where(User.role == old).values(role=new))


def _invitation() -> str:
    by = _person("演示管理员")
    return f"/invite/{renew_invite(_person('演示保管员').id, by.id, clock.now())}"


def _deck() -> str:
    who = _person("演示学员01").id
    return f"/anki/links/{make_link(who, Wanted(subject='dangzhang'), clock.now())}"


def _certificate() -> str:
    code = db.session.scalars(select(CertificateRow.code)).first()
    return f"/certificates/{code}"


def _errors() -> Iterator[Place]:
    """What is refused or has failed."""

    def forget(page: Page) -> None:
        page.evaluate("() => document.querySelector('[name=csrf_token]').remove()")
        press(page, "保存")

    def unwanted(page: Page) -> None:
        page.goto("/sign-out")

    yield Place("error/404", "/no-such-page", "member")
    yield Place("error/400", "/settings", "member", forget)
    yield Place("error/405", "/", "", unwanted)
    yield Place("error/500", "/fails/broken", "member")
    yield Place("error/503", "/fails/full", "member")
    yield Place("error/gone", "/invite/no-such-token", "")

"""States of what a member sees: answers, papers, studying offline, what waits, what is refused."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, Route

from app.bank.kinds import Content
from app.bank.models import PublicationRow, QuestionRow
from app.base import clock
from app.base.db import transaction
from app.base.ids import new_id
from app.base.jobs.models import JobRow
from app.quiz import actions as quiz
from app.quiz.paper import Plan, Terms
from app.study import actions as study
from app.study.queries import get_marks
from tests.bench.paint import _person
from tests.browser.place import Place
from tests.browser.test_member import answer, fill, two_of_each_kind

SENDING = "**/api/sync"
Reach = Callable[[Page], None]


def list_member_states(app: Flask) -> Iterator[Place]:
    """Yield every state of the member's pages."""
    yield from _studying()
    yield from _cards(app)
    yield from _papers(app)
    yield from _offline()
    yield from _jobs(app)
    yield Place("study.find/found", "/search?q=预备期", "member")
    yield Place("study.find/nothing", "/search?q=zzzz", "member")
    yield Place("study.today/done", "/", "phone", partial(_with_pack, change={"new_left": 0}))
    yield Place("anki.link", "/anki", "member", partial(press, words="生成链接和二维码"))
    yield Place("anki.preview", "/anki/home", "member", _bring_home)
    yield Place(
        "assign.feed", "/reminders/settings", "member", partial(press, words="生成日历地址")
    )
    yield Place("accounts.settings/saved", "/settings", "member", partial(press, words="保存"))
    yield Place("study.feedback/told", "/study?way=one&question=dz22-p01-02", "member", _report)
    yield Place("ops.waiting", "/my-record", "member", partial(waiting, link="record.pdf"))


def press(page: Page, words: str) -> None:
    """Press a button of the page and wait for what comes."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).last.click()


def waiting(page: Page, link: str) -> None:
    """Follow a link to a file that has yet to be made, and stay on the page that waits for it."""
    page.route(f"**/*{link}*", _stay)
    with page.expect_navigation():
        page.locator(f"a[href*='{link}']").first.click()


def _studying() -> Iterator[Place]:
    """A question of each kind: asked, sent without an answer, answered rightly and wrongly."""
    both = two_of_each_kind()
    for right, wrong in zip(both[::2], both[1::2], strict=True):
        kind = type(right).__name__.lower()
        path, other = (f"/study?way=one&question={one.id}" for one in (right, wrong))
        yield Place(f"study.question/{kind}", path, "member")
        yield Place(f"study.question/{kind}-refused", path, "member", _send)
        yield Place(f"study.feedback/{kind}-right", path, "member", partial(_answer, right))
        yield Place(f"study.feedback/{kind}-wrong", other, "member", _answer_wrongly)
        yield Place(f"study.question/{kind}-undone", other, "member", _undo)
    yield Place("study.finished", "/study?way=starred&since=1", "new")


def _answer(question: Content, page: Page) -> None:
    answer(page, question)


def _send(page: Page) -> None:
    """Send the form as it is."""
    with page.expect_navigation():
        page.locator(".dock .primary").click()


def _answer_wrongly(page: Page) -> None:
    """Answer until it was wrong: options lie elsewhere each time, so a first guess may be right."""
    for place in range(8):
        if page.locator("label.choice").count():
            page.locator("label.choice").nth(place % 2).click()
        else:
            fill(page)
        _send(page)
        if page.locator("section.feedback.wrong").count():
            return
        page.go_back()
    raise AssertionError("every answer was right")


def _undo(page: Page) -> None:
    _answer_wrongly(page)
    press(page, "撤销这次作答")


def _report(page: Page) -> None:
    """Tell the authors that something is wrong with a question."""
    page.locator("summary").click()
    page.locator("#report").fill("选项 B 的说法不完整。")
    press(page, "告诉出题人")


def _cards(app: Flask) -> Iterator[Place]:
    """A card that changed meanwhile, that a paper took, that is asked no more, that has marks."""

    def path(question_id: str) -> str:
        return f"/study?way=one&question={question_id}"

    def overtake(page: Page) -> None:
        with app.app_context():
            who = _person("演示学员01").id
            version = get_marks(who, "dz22-p02-01").version
            place = "overtaking".ljust(22, "x"), "dz22-p02-01", 1, version
            study.answer_card(who, study.Answer(*place, [0], 900, "due"), clock.now())
        fill(page)
        _send(page)

    def reserve(page: Page) -> None:
        with app.app_context():
            by = _person("演示书记")
            terms = Terms("保留的卷", "exam", by.unit_id, duration_s=7200, reserved=True)
            plan = Plan(picked=("dz22-p12-01",), points={})
            paper_id = quiz.make_paper(by, terms, plan, clock.now())
            quiz.publish_paper(by, paper_id, clock.now())
        fill(page)
        _send(page)

    def mark(page: Page) -> None:
        with app.app_context():
            who = _person("演示学员01").id
            study.star_card(who, "dz22-p03-01", True)
            study.write_note(who, "dz22-p03-01", "三个词的次序：初心、使命、担当。")
        page.reload()

    def stop(status: str, page: Page) -> None:
        with app.app_context(), transaction() as session:
            session.get_one(QuestionRow, "dz22-p03-02").status = status
            session.get_one(PublicationRow, 1).token = new_id()
        page.reload()

    yield Place("study.stale", path("dz22-p02-01"), "member", overtake)
    yield Place("study.held", path("dz22-p12-01"), "member", reserve)
    yield Place("study.question/marked", path("dz22-p03-01"), "member", mark)
    for status in ("recheck", "retired"):
        reach = partial(stop, status)
        yield Place(f"study.unasked/{status}", path("dz22-p03-02"), "member", reach)


def _papers(app: Flask) -> Iterator[Place]:
    """A paper before, during and after: changed, unanswered, nearly over, late, handed in."""

    def publish(title: str, seconds: int | None) -> tuple[int, int]:
        by, member = _person("演示书记"), _person("演示学员01")
        terms = Terms(title, "exam", by.unit_id, duration_s=seconds or 7200, key_shown="submission")
        kinds = two_of_each_kind()
        plan = Plan(picked=tuple(question.id for question in kinds), points={})
        paper_id = quiz.make_paper(by, terms, plan, clock.now())
        quiz.publish_paper(by, paper_id, clock.now())
        return paper_id, quiz.start_attempt(member, paper_id, clock.now())

    def begin(page: Page, seconds: int | None = None) -> str:
        with app.app_context():
            paper_id, number = publish(f"专题小测 {page.url[-1]}", seconds)
        path = f"/papers/{paper_id}/attempts/{number}"
        page.goto(f"{path}/1")
        return path

    def asked(slot: int, page: Page) -> None:
        page.goto(f"{begin(page)}/{slot}")

    def change(page: Page) -> None:
        begin(page)
        page.locator("label.choice").first.click()
        page.get_by_text("改动还没有保存").wait_for()

    def soon(page: Page) -> None:
        begin(page, 300)
        page.locator(".clock").evaluate("e => e.classList.add('soon')")

    def late(page: Page) -> None:
        path = begin(page)
        with app.app_context():
            paper_id, number = int(path.split("/")[2]), int(path.split("/")[4])
            sent = quiz.Sent(1, "elsewhere".ljust(22, "x"), 0, [0])
            quiz.answer_slot(_person("演示学员01").id, paper_id, number, sent, clock.now())
        fill(page)
        _send(page)

    def review(page: Page) -> None:
        page.goto(f"{begin(page)}/review")

    def hand_in(page: Page) -> None:
        review(page)
        press(page, "交卷")

    for slot, kind in enumerate(("single", "multiple", "truefalse", "blank", "order")):
        reach = partial(asked, 2 * slot + 1)
        yield Place(f"quiz.question/{kind}", "/papers?1", "member", reach)
    yield Place("quiz.question/changed", "/papers?6", "member", change)
    yield Place("quiz.question/soon", "/papers?7", "member", soon)
    yield Place("quiz.late", "/papers?8", "member", late)
    yield Place("quiz.review", "/papers?9", "member", review)
    yield Place("quiz.result/all", "/papers?0", "member", hand_in)


def _with_pack(page: Page, change: Mapping[str, object] | None = None, path: str = "/") -> None:
    """Have the phone keep a pack, with some of what it says changed, and go to a page."""

    def give(route: Route) -> None:
        headers = {k: v for k, v in route.request.headers.items() if k != "if-none-match"}
        reply = route.fetch(headers=headers)
        route.fulfill(response=reply, body=json.dumps({**reply.json(), **(change or {})}))

    page.route("**/api/pack", give)
    with page.expect_response("**/api/pack"):
        page.goto("/")
    page.locator("#kept-pack").wait_for()
    page.goto(path)
    page.wait_for_load_state("networkidle")


def _offline() -> Iterator[Place]:
    """Studying without a network, and what a phone says of answers that wait."""

    def asked(page: Page) -> None:
        page.route(SENDING, lambda route: route.abort())
        _with_pack(page, path="/offline")
        page.locator("#submit").wait_for()

    def refused(page: Page) -> None:
        asked(page)
        page.locator("#submit").click()
        page.locator("#state").wait_for()

    def answered(right: bool, page: Page) -> None:
        asked(page)
        for _try in range(12):
            fill(page)
            for gap in page.locator("#answer input[type=text]").all():
                gap.fill("一年")
            page.locator("#submit").click()
            page.locator("#verdict").wait_for()
            if page.locator("#verdict.right").count() == right:
                return
            page.locator("#onward:visible, #ratings:visible button").first.click()
            page.locator("#submit").wait_for()
        raise AssertionError("no such answer")

    def told(status: int, body: str, page: Page) -> None:
        answered(False, page)
        page.unroute(SENDING)
        reply = {"content_type": "application/json", "body": body}
        page.route(SENDING, lambda route: route.fulfill(status=status, **reply))  # type: ignore[arg-type]
        page.goto("/")
        page.locator("#kept-problem").wait_for()

    def refusing(page: Page) -> None:
        answered(False, page)
        page.unroute(SENDING)

        def refuse(route: Route) -> None:
            sent = json.loads(route.request.post_data or "{}")["items"]
            results = [[one["id"], "rejected", "这道题不对你开放。"] for one in sent]
            route.fulfill(json={"results": results, "stamp": ""})

        page.route(SENDING, refuse)
        page.goto("/")
        page.locator("#kept-problem").wait_for()

    def waits(page: Page) -> None:
        answered(False, page)
        page.goto("/")
        page.locator("#kept-send").wait_for()

    def leave(page: Page) -> None:
        answered(False, page)
        page.goto("/settings")
        page.get_by_role("button", name="退出登录").click()
        page.get_by_role("button", name="发送并退出").click()
        page.locator("#leaving-problem").wait_for()

    done = {"answers_per_day": 0}
    yield Place("study.offline/nobody", "/offline", "")
    yield Place("study.offline/asked", "/offline", "phone", asked)
    yield Place("study.offline/refused", "/offline", "phone", refused)
    yield Place("study.offline/right", "/offline", "phone", partial(answered, True))
    yield Place("study.offline/wrong", "/offline", "phone", partial(answered, False))
    over = partial(_with_pack, change=done, path="/offline")
    yield Place("study.offline/finished", "/offline", "phone", over)
    yield Place("study.today/waiting", "/", "phone", waits)
    yield Place("study.today/signed-out", "/", "phone", partial(told, 401, "{}"))
    yield Place("study.today/other", "/", "phone", partial(told, 409, "{}"))
    yield Place("study.today/rejected", "/", "phone", refusing)
    yield Place("accounts.settings/leaving", "/settings", "phone", leave)


def _jobs(app: Flask) -> Iterator[Place]:
    """Long work of one's own: waiting, under way, done, failed."""
    states = {"waiting": 0, "running": 3, "done": 8, "failed": 3}

    def show(state: str, page: Page) -> None:
        with app.app_context(), transaction() as session:
            now = clock.epoch(clock.now())
            row = JobRow(member_id=_person("演示学员01").id, kind="assess.publish")
            row.id = row.key = f"a-{state}".ljust(22, "x")
            row.arguments, row.state = "{}", state
            row.made_at = row.run_at = row.started_at = now
            row.done, row.total = states[state], 8
            row.words = "" if state == "waiting" else "已算好 3 个单位"
            row.ended_at = now if state in ("done", "failed") else None
            row.address = "/my-record" if state == "done" else ""
            session.merge(row)
        page.route("**/jobs/*", _stay)
        page.goto(f"/jobs/{f'a-{state}'.ljust(22, 'x')}")

    for state in states:
        yield Place(f"ops.job/{state}", "/jobs", "member", partial(show, state))
    yield Place("ops.own_jobs/some", "/jobs", "member", lambda page: _list_jobs(page, show))


def _list_jobs(page: Page, show: Callable[[str, Page], None]) -> None:
    for state in ("waiting", "done"):
        show(state, page)
    page.goto("/jobs")


def _stay(route: Route) -> None:
    """Give a page without its wish to be loaded anew."""
    reply = route.fetch()
    headers = {k: v for k, v in reply.headers.items() if k.lower() != "refresh"}
    route.fulfill(response=reply, headers=headers)


def _bring_home(page: Page) -> None:
    """Upload a deck with one's own progress."""
    subject = "/anki/export?subject=dangzhang&progress=1"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "deck.apkg"
        file.write_bytes(page.context.request.get(subject).body())
        page.locator("input[type=file]").set_input_files(file)
        with page.expect_navigation():
            page.locator("main form button").first.click()

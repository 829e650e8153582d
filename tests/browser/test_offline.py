"""Studying without a network, in a real browser: nothing is lost, nothing counts twice."""

import json
import random
import sqlite3
import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.bank.folding import fold
from app.bank.kinds import Blank, Content
from app.bank.source import read_bank
from app.base.ids import is_id
from app.study.memory import replay
from tests.browser.conftest import ROOT, Phone, Site
from tests.browser.line import Line
from tests.browser.test_member import answer, sign_in

pytestmark = pytest.mark.browser
STORED = """async () => {
  const id = localStorage.getItem('account');
  const db = await new Promise((ok) => {
    const asked = indexedDB.open('xueji-' + id);
    asked.onsuccess = () => ok(asked.result);
  });
  const all = (name) => new Promise((ok) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => ok(asked.result);
  });
  return (await all('items')).filter((item) => !item.outcome);
}"""


def until(page: Page, script: str) -> None:
    """Wait until a script says true; the site's policy forbids the browser's own waiting."""
    for _try in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


def ready(page: Page) -> None:
    """Wait until the worker is in charge and the pack is kept."""
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready")
    until(page, "caches.match('/pack-is-kept').then(Boolean)")
    page.locator("#kept").wait_for()


def offline_phone(phone: Phone, site: Site, name: str) -> tuple[BrowserContext, Page]:
    """Sign a new member in on a phone that has everything it needs, and cut the line."""
    site.make(name)
    context = phone()
    page = context.new_page()
    sign_in(page, name)
    ready(page)
    context.set_offline(True)
    return context, page


def answer_kept(page: Page, contents: dict[str, Content], right: bool = True) -> None:
    """Answer the question on the page that studies offline."""
    page.locator("#submit").wait_for()
    if page.locator("#answer input[type=text]").count():
        for field in page.locator("#answer input[type=text]").all():
            field.fill("不知道")
    elif page.locator("#answer select").count():
        for place, select in enumerate(page.locator("#answer select").all()):
            select.select_option(str(place + 1))
    else:
        page.locator("#answer label.choice").first.tap()
    page.locator("#submit").tap()
    page.locator("#verdict").wait_for()


def go_on(page: Page) -> None:
    """Leave the feedback."""
    for name in ("#onward", "#ratings button[value='3']"):
        if page.locator(name).is_visible():
            page.locator(name).tap()
            return
    raise AssertionError("no way on")


def reviews(site: Site, name: str) -> list[tuple[str, str]]:
    """Return (answer id, device) of a member's stored answers."""
    with sqlite3.connect(site.data / "xueji.sqlite3") as database:
        return database.execute(
            "SELECT answer_id, device FROM study_review JOIN accounts_user ON id = member_id "
            "WHERE name = ? ORDER BY at_ms",
            (name,),
        ).fetchall()


@pytest.fixture(scope="module")
def contents() -> dict[str, Content]:
    """Return the questions of the real bank by stem."""
    return {e.item.stem: e.item for e in read_bank(ROOT / "question_bank").entries}


def test_a_member_studies_without_a_network_and_all_counts_once(
    site: Site, phone: Phone, contents: dict[str, Content]
) -> None:
    context, page = offline_phone(phone, site, "午一")
    page.goto("/study")
    for _n in range(4):
        answer_kept(page, contents)
        go_on(page)
    assert "4 条作答" in page.locator("#kept-waiting").inner_text()
    kept = page.evaluate(STORED)
    assert reviews(site, "午一") == []
    page.reload()  # nothing lives in the page alone
    page.locator("#submit").wait_for()
    assert len(page.evaluate(STORED)) == 4
    context.set_offline(False)
    page.locator("#online").wait_for()
    assert sorted(r[0] for r in reviews(site, "午一")) == sorted(i["id"] for i in kept)
    assert len({r[1] for r in reviews(site, "午一")}) == 1
    assert page.evaluate(STORED) == []
    page.goto("/")
    assert "已答 4 题" in page.locator("main").inner_text()


def test_an_answer_sent_as_the_line_breaks_is_kept_and_counts_once(
    site: Site, phone: Phone, contents: dict[str, Content]
) -> None:
    site.make("午二")
    context = phone()
    page = context.new_page()
    sign_in(page, "午二")
    ready(page)
    page.goto("/study")
    question = page.locator("h1.stem").inner_text()
    page.locator("label.choice").first.tap()
    context.set_offline(True)
    page.locator("button[form=answer]").tap()
    page.locator("#verdict").wait_for()
    assert page.locator("h1").inner_text() == question
    [kept] = page.evaluate(STORED)
    go_on(page)
    answer_kept(page, contents)
    context.set_offline(False)
    page.locator("#online").wait_for()
    stored = [r[0] for r in reviews(site, "午二")]
    assert len(stored) == 2
    assert kept["id"] in stored


def test_an_answer_whose_feedback_came_is_not_sent_again(site: Site, phone: Phone) -> None:
    site.make("午三")
    page = phone().new_page()
    sign_in(page, "午三")
    ready(page)
    page.goto("/study")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if "/api/sync" in r.url else None)
    answer(page)
    page.wait_for_timeout(1500)
    assert page.evaluate(STORED) == []
    assert sent == []
    assert [r[1] for r in reviews(site, "午三")] == [None]


def test_without_a_worker_the_open_page_goes_on(
    site: Site, browser: Browser, contents: dict[str, Content]
) -> None:
    site.make("午四")
    context = browser.new_context(
        base_url=site.url, service_workers="block", viewport={"width": 360, "height": 640},
        has_touch=True, is_mobile=True,
    )  # fmt: skip
    context.set_default_timeout(10_000)
    page = context.new_page()
    sign_in(page, "午四")
    page.locator("#kept-pack", has_text="70").wait_for()
    page.goto("/study")
    until(page, "Boolean(window.xuejiStart)")
    page.locator("label.choice").first.tap()
    context.set_offline(True)
    page.locator("button[form=answer]").tap()
    page.locator("#verdict").wait_for()
    go_on(page)
    answer_kept(page, contents)
    assert len(page.evaluate(STORED)) == 2
    context.set_offline(False)
    page.locator("#online").wait_for()
    assert len(reviews(site, "午四")) == 2
    page.goto("/")
    assert "已答 2 题" in page.locator("main").inner_text()
    context.close()


def test_accounts_on_one_phone_stay_apart_and_leaving_offers_to_send(
    site: Site, phone: Phone, contents: dict[str, Content]
) -> None:
    context, page = offline_phone(phone, site, "午五")
    site.make("午六")
    page.goto("/study")
    answer_kept(page, contents)
    context.route("**/api/sync", lambda route: route.abort())
    context.set_offline(False)
    page.goto("/settings")
    page.get_by_role("button", name="退出登录").tap()
    page.locator("#leaving").wait_for()
    page.get_by_role("button", name="发送并退出").tap()
    page.locator("#leaving-problem").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="留在手机上").tap()
    page.goto("/offline")
    assert page.locator("#submit").is_hidden()
    assert "请先联网登录" in page.locator("#state").inner_text()
    context.unroute("**/api/sync")
    sign_in(page, "午六")
    ready(page)
    assert page.evaluate(STORED) == []
    assert reviews(site, "午六") == reviews(site, "午五") == []
    page.goto("/settings")
    with page.expect_navigation():
        page.get_by_role("button", name="退出登录").tap()
    names = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert len(names) == 1  # what waits stays, what nobody waits for is gone
    sign_in(page, "午五")
    page.locator("#kept-waiting", has_text="都已发送").wait_for()
    assert len(reviews(site, "午五")) == 1


def test_an_expired_sign_in_keeps_what_waits(
    site: Site, phone: Phone, contents: dict[str, Content]
) -> None:
    context, page = offline_phone(phone, site, "午七")
    page.goto("/study")
    answer_kept(page, contents)
    context.clear_cookies()
    context.set_offline(False)
    page.locator("#kept-problem", has_text="重新登录").wait_for()
    assert len(page.evaluate(STORED)) == 1
    sign_in(page, "午七")
    page.locator("#kept-waiting", has_text="都已发送").wait_for()
    assert len(reviews(site, "午七")) == 1


def test_undo_after_sending_takes_the_answer_back(
    site: Site, phone: Phone, contents: dict[str, Content]
) -> None:
    context, page = offline_phone(phone, site, "午八")
    page.goto("/study")
    answer_kept(page, contents)
    stem = page.locator("#stem").inner_text()
    context.set_offline(False)
    page.locator("#online").wait_for()
    context.set_offline(True)
    page.locator("#undo").tap()
    page.locator("#submit").wait_for()
    assert page.locator("#stem").inner_text() == stem
    context.set_offline(False)
    page.locator("#kept-waiting", has_text="都已发送").wait_for()
    page.goto("/")
    assert "已答 0 题" in page.locator("main").inner_text()


def test_what_waits_can_be_saved_to_a_file(
    site: Site, phone: Phone, contents: dict[str, Content]
) -> None:
    _context, page = offline_phone(phone, site, "午九")
    page.goto("/offline")
    answer_kept(page, contents)
    go_on(page)
    answer_kept(page, contents)
    with page.expect_download() as waiting:
        page.locator("#kept-save").tap()
    saved = json.loads(waiting.value.path().read_text())
    assert [i["id"] for i in saved["items"]] == [i["id"] for i in page.evaluate(STORED)]
    ids = [i["id"] for i in saved["items"]]
    assert all(map(is_id, ids))
    assert len(ids) == len(set(ids)) >= 2
    times = [int(i["id"][:11], 16) for i in saved["items"]]  # so that their rows lie together
    assert times == sorted(times)
    assert all(abs(t - i["at"]) < 1000 for t, i in zip(times, saved["items"], strict=True))
    assert saved["account"] == int(page.evaluate("localStorage.getItem('account')"))


def heard(page: Page, site: Site, name: str) -> None:
    """Send what waits until the server has it, though it never seems to arrive."""
    for _try in range(20):
        page.locator("#kept-send").tap()
        page.wait_for_timeout(250)
        if reviews(site, name):
            break
    assert page.locator("#kept-waiting", has_text="都已发送").count() == 0


def test_a_server_that_hangs_keeps_nobody_waiting(
    site: Site, browser: Browser, contents: dict[str, Content]
) -> None:
    site.make("午十")
    line = Line(int(site.url.rsplit(":", 1)[1]))
    line.open()
    context = browser.new_context(
        base_url=line.url, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    sign_in(page, "午十")
    ready(page)
    line.mode = "hung"
    before = time.monotonic()
    page.goto("/study", wait_until="commit")
    page.locator("#submit").wait_for()
    waited = time.monotonic() - before
    print(f"usable after {waited:.2f} s with a hanging server")
    assert waited < 3.5
    answer_kept(page, contents)
    line.mode = "deaf"  # the server hears, its replies are lost
    line.drop()
    heard(page, site, "午十")
    line.mode = "whole"
    page.locator("#kept-send").tap()
    page.locator("#kept-waiting", has_text="都已发送").wait_for()
    assert len(reviews(site, "午十")) == 1
    context.close()
    line.close()


def test_seven_days_on_every_due_card_can_be_answered_whatever_the_clock(
    site: Site, phone: Phone, contents: dict[str, Content]
) -> None:
    context, page = offline_phone(phone, site, "未零")
    page.clock.install()
    page.clock.set_fixed_time("2020-01-01T00:00:00Z")  # a phone that has lost its clock
    page.goto("/offline")
    asked = set()
    for _n in range(14):
        if page.locator("#more").is_visible():
            page.locator("#more").tap()
        asked.add(page.locator("#stem").inner_text())
        answer_kept(page, contents)
        go_on(page)
    assert len(asked) >= 10
    context.set_offline(False)
    # The page sends by itself as well, and hides the button once nothing waits.
    page.locator("#kept-send").dispatch_event("click")
    page.locator("#kept-waiting", has_text="都已发送").wait_for()
    assert len(reviews(site, "未零")) == 14


@pytest.mark.parametrize("seed", range(4))
def test_random_faults_in_a_browser(
    site: Site, phone: Phone, contents: dict[str, Content], seed: int
) -> None:
    rng = random.Random(seed)
    name = f"申{'一二三四'[seed]}"
    context, page = offline_phone(phone, site, name)
    page.goto("/offline")
    page.locator("#submit").wait_for()
    answers, undone = 0, 0
    for _n in range(8):
        what = rng.choice(["answer", "answer", "undo", "offline", "online", "reload"])
        if what in ("offline", "online"):
            context.set_offline(what == "offline")
        elif what == "reload":
            page.goto("/offline")
            page.locator("#submit").wait_for()
        elif what == "undo" and page.locator("#undo").is_visible():
            page.locator("#undo").tap()
            page.locator("#undo").wait_for(state="hidden")  # it is kept only by then
            page.locator("#submit").wait_for()
            undone += 1
        else:
            if not page.locator("#submit").is_visible():
                go_on(page)
            answer_kept(page, contents)
            answers += 1
    context.set_offline(False)
    until(page, "fetch('/livez').then((reply) => reply.ok, () => false)")
    page.goto("/")
    page.locator("#kept-waiting", has_text="都已发送").wait_for()
    page.reload()
    assert f"已答 {answers - undone} 题" in page.locator("main").inner_text()
    assert len(reviews(site, name)) == answers


def test_the_phone_counts_memory_as_the_server_does(site: Site, phone: Phone) -> None:
    page = phone().new_page()
    page.goto("/sign-in")
    rng = random.Random(7)
    logs = []
    for _n in range(200):
        day, log = 20_000, []
        for _step in range(rng.randint(1, 9)):
            day += rng.choice([0, 0, 1, 3, 10, 60])
            log.append((rng.randint(1, 4), day))
        logs.append(log)
    build = page.locator("link[href*='/css/site.css']").get_attribute("href")
    assert build
    script = build.replace("css/site.css", "js/kept.js")
    made = page.evaluate(
        """async ([script, logs]) => {
          const { afterAnswer } = await import(script);
          return logs.map((log) => log.reduce((m, [r, d]) => afterAnswer(m, r, d), null));
        }""",
        [script, logs],
    )
    for log, told in zip(logs, made, strict=True):
        days = [(rating, date(1970, 1, 1) + timedelta(days=day)) for rating, day in log]
        memory = replay(days)
        assert memory is not None
        assert (told["state"], told["step"], told["wait"]) == (
            memory.state,
            memory.step,
            memory.wait,
        )
        assert told["stability"] == pytest.approx(memory.stability, rel=1e-9)
        assert told["difficulty"] == pytest.approx(memory.difficulty, rel=1e-9)


def test_the_phone_folds_and_marks_as_the_server_does(site: Site, phone: Phone) -> None:
    page = phone().new_page()
    page.goto("/sign-in")
    rng = random.Random(3)
    signs = "一二〇○年 ３3１1.．:：-—~～/、，。“”《》（）()%％!?;'\"　\u200b…·AbＣＤ[]【】_+=$"
    texts = ["".join(rng.choices(signs, k=rng.randint(1, 12))) for _n in range(3000)]
    items = [e.item for e in read_bank(ROOT / "question_bank").entries]
    texts += [v for i in items if isinstance(i, Blank) for group in i.answers for v in group]
    texts += [i.stem for i in items] + [i.explanation for i in items]
    script = page.locator("link[href*='/css/site.css']").get_attribute("href")
    assert script
    folded = page.evaluate(
        """async ([script, texts]) => {
          const { fold } = await import(script);
          return texts.map(fold);
        }""",
        [script.replace("css/site.css", "js/offline.js"), texts],
    )
    differing = [(t, f, fold(t)) for t, f in zip(texts, folded, strict=True) if f != fold(t)]
    assert differing == []


def test_a_phone_that_kept_nothing_asks_as_soon_as_the_pack_arrives(
    site: Site, phone: Phone
) -> None:
    site.make("空一")
    page = phone().new_page()
    sign_in(page, "空一")
    ready(page)
    page.evaluate(
        """async () => {
          const id = localStorage.getItem('account');
          const db = await new Promise((ok) => {
            const asked = indexedDB.open('xueji-' + id);
            asked.onsuccess = () => ok(asked.result);
          });
          const change = db.transaction('facts', 'readwrite');
          change.objectStore('facts').clear();
          await new Promise((ok) => { change.oncomplete = ok; });
        }"""
    )
    page.goto("/offline")
    page.locator("#submit").wait_for()

"""Markup that people plant stays text: on every page and in every export, in a real browser.

A corpus of attempts comes in by every form that somebody can reach, Excel, GIFT and a roster. Every
page that shows any of it is rendered with scripts on; nothing may run, ask, load or be reported by
the policy. The deck's fields are rendered as Anki would, where no policy protects anybody.
"""

import html
import io
import itertools
import json
import re
import sqlite3
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import openpyxl
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server
from werkzeug.test import TestResponse as Reply

from app.bank.actions import publish_bank
from app.bank.queries import list_question_ids
from app.base.clock import now
from app.base.db import db
from app.factory import create_app
from tests.authoring.test_views import confirm, draft_ids
from tests.conftest import FIXTURE_BANK, Cast

pytestmark = pytest.mark.browser
MARK = "zq7"  # in every attempt, so that pages that show one are found
CORPUS = (
    f"<script>alert('{MARK}')</script>",
    f"<img src=x onerror=alert('{MARK}')>",
    f"\"><svg onload=alert('{MARK}')>",
    f"'><b onmouseover=alert('{MARK}')>字",
    f"</title><script>alert('{MARK}')</script>",
    f"</textarea><script>alert('{MARK}')</script>",
    f"javascript:alert('{MARK}')//字",
    f"{{{{ 7*7 }}}}${{alert('{MARK}')}}",
    f"<a href=javascript:alert('{MARK}')>字",
    f"<iframe srcdoc=<script>alert('{MARK}')</script>>",
    f"<style>*{{background:url(//{MARK}.example)}}",
    f"<base href=//{MARK}.example/>字",
    f"&lt;script&gt;alert('{MARK}')&lt;/script&gt;",
    f"<math><mi xlink:href=javascript:alert('{MARK}')>",
    f"\\x3cscript\\x3ealert('{MARK}')",
    f"[sound:{MARK}.mp3]{{{{c1::字}}}}",
)
# Doors and whatever ends what the other tests need.
KEEP_OFF = re.compile(
    r"/sign|disable|erase|close|merge|/move|remove|restore|account|settings|roster"
)
FORMS = {  # some of those that take an attempt, one at least of each room
    *("/people/N/edit", "/units/new", "/questions/N/report", "/study/cards/N/note"),
    *("/paper-desk/new", "/assignments/new-goal", "/plans/N/items/new", "/duties/new"),
    *("/hours/new", "/hours/targets", "/my-record/question", "/schemes/new"),
}
DAYS = {"date": "2026-12-{:02}", "datetime-local": "2026-12-{:02}T10:00", "time": "10:00"}
POSTED = re.compile(r'<form ([^>]*method="post"[^>]*)>(.*?)</form>', re.S)
CHOSEN = re.compile(r'selected[^>]*value="([^"]+)"')
NAMES = [text for text in CORPUS if len(text) <= 40 and re.search(r"\w", text)]
WATCH = """
window.planted = [];
const note = (text) => window.planted.push(text);
for (const name of ["alert", "confirm", "prompt"]) window[name] = (text) => note(name + text);
document.addEventListener("securitypolicyviolation", (e) => note("policy " + e.violatedDirective));
"""


@dataclass
class Planted:
    """The site with the corpus in it, the browsers of its people, and what went wrong."""

    url: str
    cast: Cast
    faults: list[str] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)  # kinds of trainers' pages that were looked at


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """A site in which everything that can be typed or sent holds an attempt."""
    tmp_path = tmp_path_factory.mktemp("planted")
    settings = {"DATA": tmp_path, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/x.db"}
    settings |= {
        "QUESTION_BANK": FIXTURE_BANK,
        "WTF_CSRF_ENABLED": False,
        "PASSWORD_COST": (8, 1, 1),
    }
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    with app.app_context():
        db.create_all()
        publish_bank(FIXTURE_BANK, now())
        plant(cast := Cast(app))
        db.session.remove()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Planted(f"http://127.0.0.1:{server.server_port}", cast)
        server.shutdown()
        server.server_close()
        db.session.remove()
        db.engine.dispose()


def plant(cast: Cast) -> None:
    """Bring the corpus in by every way there is."""
    cast.make_unit("A")
    for role in ("member", "trainer", "admin"):
        cast.make_member(role, role=role, unit="A")
    unit, trainer, member = cast.units["A"], cast.sign_in("trainer"), cast.sign_in("member")
    admin = cast.sign_in("admin")
    kept = {"name": CORPUS[1], "kind": "党支部"}
    assert admin.post(f"/units/{unit}/rename", data=kept).status_code == 302
    plant_people(trainer, unit)
    for file, name in ((as_workbook(), "q.xlsx"), (as_gift(), "q.gift")):
        data = {"file": (io.BytesIO(file), name), "unit": str(unit)}
        reply = trainer.post("/bank/import", data=data)
        assert reply.status_code == 302, reply.text
        confirm(trainer, reply.location)
    ids = draft_ids(trainer)
    assert len(ids) >= len(CORPUS)
    data = {"draft": ids[:-2], "what": "approve"}
    assert trainer.post(f"/bank/drafts/{unit}", data=data).status_code == 302
    for number, text in enumerate(CORPUS):
        question = list_question_ids()[number % 8]
        address = f"/questions/{question}/report"
        assert member.post(address, data={"text": text}).status_code in (302, 422)
        note = {"text": text, "way": "due"}
        assert member.post(f"/study/cards/{question}/note", data=note).status_code == 302
    people = (trainer, trainer, member, admin)  # twice: the first turn makes what others belong to
    taken = [kind for client in people for kind in fill_forms(client)]
    assert {"/plans/new", "/duties/new", "/hours/new", "/paper-desk/new", "/schemes/new"} <= set(
        taken
    )
    assert {"/assignments/new-goal", "/plans/N/items/new", "/my-record/question"} <= set(taken)
    assert len(set(taken)) >= 18, taken


def plant_people(trainer: FlaskClient, unit: int) -> None:
    """Bring people in by a roster and by the form."""
    rows = [
        f'"{name.replace(chr(34), chr(34) * 2)}",139000000{n:02d}' for n, name in enumerate(NAMES)
    ]
    roster = "姓名,手机号\n" + "\n".join(rows) + "\n"
    data = {"file": (io.BytesIO(roster.encode()), "r.csv"), "unit": str(unit)}
    page = trainer.post("/people/roster", data=data).text
    [sealed] = re.findall(r'name="roster"[^>]*value="([^"]+)"', page)
    assert trainer.post("/people/roster/confirm", data={"roster": sealed}).status_code == 200
    one = {"name": NAMES[0], "phone": "13800000000", "unit": str(unit), "status": "full"}
    assert trainer.post("/people/invite", data={**one, "role": "member"}).status_code == 200


def kind_of(address: str) -> str:
    """Return what kind of page an address is: without numbers, ids and what is asked of it."""
    return re.sub(r"\bu\d[\w-]+|fx-[\w-]+|[\w-]{20,}|\d+", "N", address.partition("?")[0])


def walk(client: FlaskClient, first: Sequence[str] = ("/",), most: int = 9) -> Iterator[Reply]:
    """Yield the pages that somebody can reach, nearest first, at most so many of each kind."""
    waiting, seen, kinds = list(first), set[str](), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        if address in seen or kinds[kind_of(address)] >= max(most, len(first)):
            continue
        kinds[kind_of(address)] += 1
        seen.add(address)
        reply = client.get(address, follow_redirects=True)
        if reply.mimetype == "text/html":
            yield reply
            links = re.findall(r'<a [^>]*href="(/[^"#]*)', reply.text)
            waiting += [html.unescape(link) for link in links]


def fill_forms(client: FlaskClient) -> list[str]:
    """Type attempts into every form that somebody can reach, one of each kind; return the kinds."""
    taken, tried = [], set[str]()
    for reply in walk(client, most=2):
        for head, body in re.findall(
            r'<form ([^>]*method="post"[^>]*)>(.*?)</form>', reply.text, re.S
        ):
            found = re.search(r'action="([^"]+)"', head)
            action = html.unescape(found[1]) if found else reply.request.path
            kind = kind_of(action)
            if kind in tried or KEEP_OFF.search(kind) or 'type="file"' in body:
                continue
            tried.add(kind)
            fields = typed(body, len(tried))
            if fields and client.post(action, data=fields).status_code == 302:
                taken.append(kind)
    return taken


def typed(form: str, turn: int) -> dict[str, str] | None:
    """Return what somebody sends who types an attempt into every field; None without a field."""
    sent, attempts = dict[str, str](), itertools.cycle(CORPUS[turn % len(CORPUS) :] + CORPUS)
    texts = 0
    for tag in re.findall(r"<(input [^>]*|textarea [^>]*)>", form):
        told = {k: html.unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        name, kind = told.get("name", ""), told.get("type", "text")
        if name == "phone" or re.fullmatch(r"[\d,、 ]+", told.get("value", "")):
            sent[name] = told.get("value", "")
        elif kind in ("text", "search", "textarea") and "inputmode" not in told:
            room = int(told.get("maxlength", "40"))
            fits = [text for text in itertools.islice(attempts, len(CORPUS)) if len(text) <= room]
            sent[name] = fits[0] if fits else f"<b>{MARK}"
            texts += 1
        elif kind in ("checkbox", "radio") and not (" checked" in tag or name not in sent):
            continue
        elif kind != "submit":
            sent[name] = told.get("value") or DAYS.get(kind, "1").format(24 + len(sent))
    for name, body in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'selected[^>]*value="([^"]+)"', body) or re.search(
            r'value="([^"]+)"', body
        )
        sent[name] = chosen[1] if chosen else ""
    return sent if texts else None


def as_workbook() -> bytes:
    """Return questions whose stem, options and explanation are attempts."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["题干", "选项A", "选项B", "答案", "解析"])
    for text in CORPUS:
        sheet.append([f"哪个对？{text}", text, f"{text}二", "B", text])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_gift() -> bytes:
    """Return the same as GIFT, with its own signs escaped."""
    escaped = [re.sub(r"([~=#{}:\\])", r"\\\1", text) for text in CORPUS]
    return "\n\n".join(f"问：{t} {{ ={t}一 ~{t}二 }}" for t in escaped).encode()


def crawl(client: FlaskClient, role: str) -> dict[str, str]:
    """Return the pages that somebody can reach and that hold an attempt, one of each kind.

    Of the pages that ask a member a question, all: each asks another attempt.
    """
    asked = [one for one in list_question_ids() if one[0] == "u"] if role == "member" else []
    own = [f"/study?way=one&question={one}" for one in asked]
    found = {}
    for reply in walk(client, ["/", "/my-data", "/acts", *own]):
        address = reply.request.full_path.rstrip("?")
        if MARK in reply.text and "way=random" not in address:
            found[address if address in own else kind_of(address)] = address
    return found


def watched(browser: Browser, planted: Planted, client: FlaskClient) -> BrowserContext:
    """Return a browser signed in as this client, in which whatever runs is noted."""
    context = browser.new_context(base_url=planted.url, service_workers="block")
    cookie = client.get_cookie("session")
    assert cookie
    context.add_cookies([{"name": "session", "value": cookie.value, "url": planted.url}])
    context.add_init_script(WATCH)
    return context


def look(page: Page, planted: Planted, address: str) -> None:
    """Open a page and note whatever ran, asked, loaded from elsewhere or was reported."""
    page.goto(address, wait_until="load")
    page.mouse.move(200, 200)
    planted.faults += [f"{address}: {one}" for one in page.evaluate("window.planted")]
    assert MARK in page.content(), address


@pytest.mark.parametrize("role", ["member", "trainer", "admin"])
def test_nothing_planted_runs_on_any_page(planted: Planted, browser: Browser, role: str) -> None:
    client = planted.cast.sign_in(role)
    pages = crawl(client, role)
    assert len(pages) >= (3 if role == "member" else 6), pages
    context = watched(browser, planted, client)
    page = context.new_page()
    page.on("dialog", lambda dialog: planted.faults.append(dialog.message))
    page.on(
        "console",
        lambda told: planted.faults.append(told.text) if "Content Security" in told.text else None,
    )
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((planted.url, "data:"))
            else planted.faults.append(asked.url)
        ),
    )
    for kind, address in pages.items():
        if kind not in planted.looked:  # an administrator's pages are a trainer's, and more
            look(page, planted, address)
    planted.looked.update(pages if role == "trainer" else ())
    context.close()
    assert planted.faults == []


def fields_of(package: bytes) -> list[str]:
    """Return the fields of each note of a deck."""
    with (
        zipfile.ZipFile(io.BytesIO(package)) as deck,
        closing(sqlite3.connect(":memory:")) as notes,
    ):
        name = next(n for n in deck.namelist() if n.startswith("collection.anki2"))
        notes.deserialize(deck.read(name))
        return [flds for (flds,) in notes.execute("SELECT flds FROM notes")]


def test_nothing_planted_runs_in_a_deck(planted: Planted, browser: Browser) -> None:
    client = planted.cast.sign_in("member")
    links = re.findall(r'href="(/anki/export[^"]*)"', client.get("/anki").text)
    fields = [
        flds for link in links for flds in fields_of(client.get(link.replace("&amp;", "&")).data)
    ]
    hit = [flds for flds in fields if MARK in flds]
    assert len(hit) >= len(CORPUS) // 2
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.goto("about:blank")
    page.set_content("<!doctype html><body>" + "<hr>".join(hit).replace("\x1f", "<br>"))
    page.wait_for_timeout(200)
    assert page.evaluate("window.planted || []") == []
    odd = "script, iframe, svg, math, base, style, img, a[href^=javascript], [onerror], [onload]"
    assert page.evaluate(f"document.querySelectorAll({json.dumps(odd)}).length") == 0
    page.close()


def test_the_watch_notices(planted: Planted, browser: Browser) -> None:
    """Without escaping and policy the same corpus runs; with the policy alone it is reported."""
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.route("**/*", lambda route: route.fulfill(body=CORPUS[1], content_type="text/html"))
    page.goto("http://planted.example/")
    page.wait_for_timeout(200)
    assert page.evaluate("window.planted") == [f"alert{MARK}"]
    policy = {"Content-Security-Policy": "default-src 'self'"}
    page.route(
        "**/*",
        lambda route: route.fulfill(body=CORPUS[1], content_type="text/html", headers=policy),
    )
    page.goto("http://planted.example/")
    page.wait_for_timeout(200)
    assert "policy" in " ".join(page.evaluate("window.planted"))
    page.close()

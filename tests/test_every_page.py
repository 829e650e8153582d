"""House rules checked on every page that every role can open."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Cast, Clock
from tests.statements import watch_statements

ROLES = ("anonymous", "member", "trainer", "editor", "auditor", "admin")
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def site(bank: Flask, cast: Cast, clock: Clock) -> Cast:
    """A unit with one person of each role, one of them with a post, and a published bank."""
    from app.org.actions import give_post

    unit = cast.make_unit("A")
    for role in ROLES[1:]:
        cast.make_member(role, role=role, unit="A")
    day, by = date(2026, 11, 1), cast.viewer("admin")
    give_post(cast.people["member"], unit, "secretary", day, None, by, clock())
    make_affairs(cast, unit, clock)
    return cast


def make_affairs(cast: Cast, unit: int, clock: Clock) -> None:
    """Give the unit a plan with an item, a unit below, and an occasion of collective study."""
    from app.assign.actions.duties import make_item
    from app.assign.actions.hours import Told, record_gathering
    from app.assign.actions.plans import make_plan
    from app.assign.ownership import Charge
    from app.assign.period import Period
    from app.assign.wording import Wording

    cast.make_unit("B", "A")
    today = date(2026, 11, 23)
    plan = make_plan(None, unit, "学习计划", Period(2026), clock())
    wording = Wording("学条例", "全员参加", today, today)
    make_item(None, plan, wording, Charge(post="secretary"), clock())
    told = Told(today, "学条例", 2.0, "签到表", (cast.people["member"],))
    record_gathering(cast.viewer("trainer"), "x" * 22, unit, told, clock())


def browser(site: Cast, role: str) -> FlaskClient:
    """Return a browser signed in as `role`."""
    return site.app.test_client() if role == "anonymous" else site.sign_in(role)


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield (endpoint, address) of every page, with examples for the parts of the address."""
    examples = {
        "subject": "dangzhang",
        "chapter": "ch1",
        "question_id": "no-such-question",
        "answer_id": "x" * 22,
        "key": "x" * 64,
        "token": "no-such-token",
        "user_id": 1,
        "member_id": 1,
        "unit_id": 1,
        "post": "secretary",
        "day": "2026-11-01",
        "report_id": "x" * 22,
        "appeal_id": "x" * 22,
        "scheme_id": 1,
        "code": "x" * 22,
        "edition_id": "none",
        "batch_id": "x" * 22,
        "arrival_id": "x" * 22,
        "draft_id": "x" * 22,
        "paper_id": 1,
        "assignment_id": 1,
        "plan_id": 1,
        "duty_id": 1,
        "gathering_id": "x" * 22,
        "job_id": "x" * 22,
        "number": 1,
        "slot": 1,
        "part": "paper",
        "filename": "none",
        "form": "xlsx",
    }
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()):
                values = {name: examples[name] for name in rule.arguments}
                yield rule.endpoint, adapter.build(rule.endpoint, values)


def faults(page: str) -> list[str]:
    """Return what is wrong with the markup of a page."""
    found = []
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(page)
    found += [f"html: {code} at {place}" for place, code, _data in parser.errors]
    headings = ["".join(h.itertext()).strip() for h in tree.iter("h1")]
    title = "".join(next(tree.iter("title")).itertext()).strip()
    if len(headings) != 1:
        found.append(f"{len(headings)} h1")
    elif not title.startswith(headings[0]) and "lang" not in next(tree.iter("h1")).attrib:
        found.append(f"title {title!r} does not begin with h1 {headings[0]!r}")
    ids = [e.get("id") for e in tree.iter() if isinstance(e.tag, str) and e.get("id")]
    found += [f"id twice: {i}" for i in set(ids) if ids.count(i) > 1]
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.get("style") is not None:
            found.append("inline style")
        if element.tag == "script" and not element.get("src"):
            found.append("inline script")
        found += [f"handler {k}" for k in element.attrib if k.startswith("on")]
    controls = [e for e in tree.iter() if e.tag in ("input", "select", "textarea")]
    labelled = {e.get("for") for e in tree.iter("label")}
    inside = {id(c) for label in tree.iter("label") for c in label.iter()}
    for control in controls:
        hidden = control.get("type") in ("hidden", "submit")
        named = control.get("id") in labelled or id(control) in inside or control.get("aria-label")
        if not hidden and not named:
            found.append(f"no label: {control.get('name')}")
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_page_keeps_the_house_rules(site: Cast, role: str) -> None:
    client = browser(site, role)
    seen = 0
    for endpoint, address in addresses(site.app):
        reply = client.get(address)
        not_ready = 503 if endpoint == "ops.ready" else 200  # tables made without migrations
        statuses = (200, 302, 401, 404, 405, 422, not_ready)
        assert reply.status_code in statuses, (endpoint, reply.status_code)
        if reply.mimetype == "text/html" and reply.status_code != 302:
            assert faults(reply.text) == [], (endpoint, address)
            seen += 1
    assert seen >= 4


def chinese(page: str) -> list[str]:
    """Return what is written in Chinese outside elements that say so; titles are left out."""
    found: list[str] = []

    def walk(element: Any, silent: bool) -> None:
        named = [element.get(n) or "" for n in ("aria-label", "alt", "placeholder", "title")]
        silent = silent or (element.get("lang") or "").startswith("zh")
        if isinstance(element.tag, str) and element.tag != "title" and not silent:
            found.extend(t for t in [element.text or "", *named] if HAN.search(t))
        for child in element:
            walk(child, silent)
            if not silent and HAN.search(child.tail or ""):
                found.append(child.tail)

    walk(html5lib.parse(page, namespaceHTMLElements=False), False)
    return found


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_left_untranslated(site: Cast, role: str) -> None:
    client = browser(site, role)
    if role == "anonymous":
        client.post("/language", data={"language": "en"})
    else:
        look = {"text_size": "18", "theme": "auto", "language": "en"}
        assert client.post("/settings", data=look).status_code == 302
    for endpoint, address in addresses(site.app):
        reply = client.get(address, follow_redirects=True)
        if reply.mimetype == "text/html":
            assert chinese(reply.text) == [], (endpoint, address)
            assert faults(reply.text) == [], (endpoint, address)


def test_the_check_finds_untranslated_words() -> None:
    assert chinese("<p lang=zh-CN>好</p><p>good</p>") == []
    assert chinese("<p lang=zh-CN>好</p>好") == ["好"]
    assert chinese("<button aria-label=好>x</button>") == ["好"]


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_every_link_resolves(site: Cast, role: str) -> None:
    client, open_links, seen = browser(site, role), ["/"], set[str]()
    while open_links:
        address = open_links.pop()
        if address in seen or len(seen) > 150:
            continue
        seen.add(address)
        reply = client.get(address, follow_redirects=True)
        assert reply.status_code == 200, address
        if reply.mimetype == "text/html":
            tags = re.findall(r'<a [^>]*href="(/[^"#]*)([^>]*)>', reply.text)
            links = [link for link, rest in tags if "application/pdf" not in rest]  # made aside
            open_links += [link.replace("&amp;", "&") for link in links]
    assert len(seen) > 1


def test_templates_run_no_sql(site: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.study.views import questions as views

    rendering, seen = [False], list[str]()
    render = views.render_template

    def watched(*args: object, **kwargs: object) -> str:
        rendering[0] = True
        try:
            return render(*args, **kwargs)  # type: ignore[arg-type]
        finally:
            rendering[0] = False

    monkeypatch.setattr(views, "render_template", watched)
    watch_statements(monkeypatch, lambda sql: seen.append(sql) if rendering[0] else None)
    client = browser(site, "member")
    for address in ("/", "/study"):
        client.get(address)
    assert seen == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("<!doctype html><title>a</title><h1>b</h1>", "does not begin"),
        ("<!doctype html><title>a</title><h1>a</h1><p style='x'>", "inline style"),
        ("<!doctype html><title>a</title><h1>a</h1><script>1</script>", "inline script"),
        ("<!doctype html><title>a</title><h1>a</h1><p id=x></p><p id=x></p>", "id twice"),
        ("<!doctype html><title>a</title><h1>a</h1><input name=q>", "no label"),
        ("<!doctype html><title>a</title><h1>a</h1><p onclick='x'>", "handler"),
        ("<!doctype html><title>a</title>", "0 h1"),
        ("<title>a</title><h1>a</h1></div>", "html:"),
    ],
)
def test_the_check_finds_planted_faults(page: str, fault: str) -> None:
    assert any(fault in found for found in faults(page))

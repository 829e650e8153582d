"""A demonstration site in which everything has happened at least once, and where its pages lie."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from app.assess.actions import make_scheme, publish_scheme, question_figure
from app.assess.scheme import Plan as SchemePlan
from app.authoring.actions import save_draft
from app.bank.actions import report_question
from app.bank.formats.draft import Draft
from app.bank.queries import list_question_ids
from app.base import clock
from app.factory import create_app
from app.org.actions import add_unit
from app.quiz import actions as quiz
from app.quiz.paper import Plan, Terms
from tests.bench.paint import _cookie, _person, prepare
from tests.browser.conftest import NO_PAGES, command

FILES = re.compile(
    r"\.(pdf|xlsx|json|ics|apkg|js|webmanifest)$|^/(anki/export|anki/shared|api/|a/)"
)
ROLES = {"member": "演示学员01", "trainer": "演示书记", "admin": "演示管理员"}
ALONE = ("/sign-in", "/no-such-page")


@dataclass(frozen=True)
class Place:
    """A page: what it is called, where it lies, and who is to look at it ("" is nobody)."""

    name: str
    path: str
    role: str


def set_the_stage(data: Path) -> tuple[list[Place], dict[str, str]]:
    """Make the site and return its pages, one of each kind, and the cookie of each role."""
    prepare(data)
    command(data, "accounts", "add", ROLES["admin"], "--role", "admin", stdin="demo-2026-xueji\n")
    os.environ["XUEJI_DATA"] = str(data)
    app = create_app({"WTF_CSRF_ENABLED": False})
    with app.app_context():
        _let_things_happen()
        cookies = {role: _cookie(app, _person(name)) for role, name in ROLES.items()}
    places = [Place("welcome", "/", ""), *(Place(path.strip("/"), path, "") for path in ALONE)]
    found = dict[str, Place]()
    for role in ROLES:
        for name, path in _walk(app, _browser(app, cookies[role])):
            found.setdefault(name, Place(name, path, role))
    return [*places, *(found[name] for name in sorted(found))], cookies


def _browser(app: Flask, cookie: str) -> FlaskClient:
    """Return a browser of somebody who has signed in."""
    client = app.test_client()
    client.set_cookie(str(app.config["SESSION_COOKIE_NAME"]), cookie)
    return client


def _walk(app: Flask, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Yield every page that can be reached, (name, address), one of each kind."""
    adapter = app.url_map.bind("localhost")
    rules = [r.rule for r in app.url_map.iter_rules() if "GET" in (r.methods or ())]
    waiting = [rule for rule in sorted(rules) if "<" not in rule and rule not in NO_PAGES]
    kinds = set[str]()
    while waiting:
        path = waiting.pop(0)
        try:
            endpoint, _values = adapter.match(path.partition("?")[0])
        except HTTPException:
            continue
        if endpoint in kinds or FILES.search(path.partition("?")[0]):
            continue
        reply = client.get(path)
        if reply.status_code == 200 and reply.mimetype == "text/html":
            kinds.add(endpoint)
            yield endpoint, path
            links = re.findall(r'<a [^>]*href="(/[^"#]*)', reply.text)
            waiting += [link.replace("&amp;", "&") for link in links]


def _let_things_happen() -> None:
    """A paper handed in, one in the making, a scheme, a doubt, a report, a draft, a unit below."""
    now, today = clock.now(), clock.study_day(clock.now())
    member, trainer = _person(ROLES["member"]), _person(ROLES["trainer"])
    assert trainer.unit_id is not None
    add_unit("below", "演示党小组（模拟数据）", "党小组", trainer.unit_id, now=now)
    shown = list_question_ids()
    for paper_id in (1, 2):
        number = quiz.start_attempt(member, paper_id, now)
        for slot in range(1, 6):
            sent = quiz.Sent(slot, f"{paper_id}{slot}".ljust(22, "x"), 0, [0])
            quiz.answer_slot(member.id, paper_id, number, sent, now)
    quiz.submit_attempt(member.id, 1, 1, now)
    terms = Terms("九月小测", "practice", trainer.unit_id)
    quiz.make_paper(trainer, terms, Plan(picked=tuple(shown[:6]), points={}), now)
    told = SchemePlan({"recall": 60, "papers": 40})
    for title in ("上半年考评", "全年考评"):
        begun = today - timedelta(days=60)
        scheme = make_scheme(trainer, trainer.unit_id, title, begun, today, told, now)
    publish_scheme(trainer, scheme, now + timedelta(days=2))
    question_figure(member.id, "papers", "72 分", "第三题我选的是对的。", now)
    report_question(member.id, shown[3], "出处好像写错了一条。", now)
    draft = Draft(1, "truefalse", "预备党员没有表决权。", truth=True, explanation="见党章第七条。")
    save_draft(trainer.unit_id, None, draft, trainer.id, now)

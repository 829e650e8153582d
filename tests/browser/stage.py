"""A demonstration site in which everything has happened at least once, and where its pages lie."""

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from app.accounts.actions import add_user
from app.accounts.models import Session
from app.accounts.queries import Viewer
from app.assess.actions import (
    fold_reports,
    make_scheme,
    publish_scheme,
    question_figure,
    refit_forecasts,
)
from app.assess.scheme import Plan as SchemePlan
from app.authoring.actions import save_draft
from app.bank.actions import report_question
from app.bank.formats.draft import Draft
from app.bank.models import RecheckRow
from app.bank.queries import list_question_ids
from app.base import clock
from app.base.db import db, transaction
from app.factory import create_app
from app.org.actions import add_unit
from app.org.queries import list_people
from app.quiz import actions as quiz
from app.quiz.paper import Plan, Terms
from tests.bench.paint import _cookie, _person, prepare
from tests.browser.conftest import NO_PAGES, command
from tests.browser.desk_states import add_failing, list_desk_states
from tests.browser.member_states import list_member_states
from tests.browser.place import Place

FILES = re.compile(
    r"\.(pdf|xlsx|json|ics|apkg|js|webmanifest)$|^/(anki/export|anki/shared|api/|a/)"
)
PASSWORD = "demo-2026-xueji"
ROLES = {"member": "演示学员01", "trainer": "演示书记", "admin": "演示管理员"}
# Who has just come, alone or to lead a unit in which nothing has happened yet.
BARE = {"new": "演示新学员", "starter": "演示新书记"}
PHONE = {"phone": "演示离线学员", "keeper": "演示保管员"}  # one studies offline, one has an app
ALONE = ("/sign-in", "/no-such-page")
EMPTIER = 0.9  # of the usual length: such a page says that there is nothing yet
# So that everything which a site may switch on is on its pages.
SETTINGS = {
    "ORIGIN": "https://xueji.example",
    "OIDC_ISSUER": "https://id.example",
    "SMTP": "smtp://127.0.0.1:1",
    "MAIL_FROM": "学记 <xueji@xueji.example>",
}


@dataclass(frozen=True)
class Stage:
    """A site, its pages with their states, and the cookie of each role."""

    app: Flask
    places: list[Place]
    cookies: dict[str, str]

    @contextmanager
    def open(self) -> Iterator[str]:
        """Serve the site from this process, so that one can see which templates it draws."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def set_the_stage(data: Path) -> Stage:
    """Make the site, unless it is there, and find its pages, one of each kind, and their states."""
    plan = data / "stage.json"
    if not plan.exists():
        _build(data, plan)
    told = json.loads(plan.read_text())
    os.environ["XUEJI_DATA"] = str(data)
    shown = create_app(SETTINGS)
    with shown.app_context(), transaction() as session:  # a kept site was made some time ago
        session.execute(update(Session).values(proved_at=clock.epoch(clock.now())))
    add_failing(shown)
    places = [Place(*place) for place in told["places"]]
    places += [*list_desk_states(shown, places), *list_member_states(shown)]
    return Stage(shown, places, told["cookies"])


def _build(data: Path, plan: Path) -> None:
    """Make the site, and write down where its pages lie and the cookie of each role."""
    prepare(data)
    command(data, "accounts", "add", ROLES["admin"], "--role", "admin", stdin=PASSWORD + "\n")
    os.environ["XUEJI_DATA"] = str(data)
    app = create_app({**SETTINGS, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        _let_people_come()
        _let_things_happen()
        everybody = {**ROLES, **BARE, **PHONE}
        cookies = {role: _cookie(app, _person(name)) for role, name in everybody.items()}
        found = dict[str, tuple[str, str]]()
        sizes = dict[str, int]()
        for role in (*ROLES, *BARE):
            for name, path, size in _walk(app, _browser(app, cookies[role]), role not in BARE):
                if role in ROLES and name not in found:
                    found[name], sizes[name] = (path, role), size
                elif role in BARE and size < EMPTIER * sizes.get(name, size + 1):
                    found.setdefault(f"{name}/bare", (path, role))
        db.session.remove()
        db.engine.dispose()  # what lies in the log of the database goes into it
    places = [("welcome", "/", ""), *((path.strip("/"), path, "") for path in ALONE)]
    places += [(name, *found[name]) for name in sorted(found)]
    plan.write_text(json.dumps({"places": places, "cookies": cookies}, ensure_ascii=False))


def _browser(app: Flask, cookie: str) -> FlaskClient:
    """Return a browser of somebody who has signed in."""
    client = app.test_client()
    client.set_cookie(str(app.config["SESSION_COOKIE_NAME"]), cookie)
    return client


def _walk(app: Flask, client: FlaskClient, follow: bool) -> Iterator[tuple[str, str, int]]:
    """Yield every page that can be reached, (name, address, length), one of each kind.

    Those with a fixed address, and unless told otherwise those that links lead to.
    """
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
            yield endpoint, path, len(reply.text)
            links = re.findall(r'<a [^>]*href="(/[^"#]*)', reply.text) if follow else []
            waiting += [link.replace("&amp;", "&") for link in links]


def _let_people_come() -> None:
    """A unit in which nothing has happened yet, and the people in it."""
    now = clock.now()
    unit = add_unit("bare", "演示新支部（模拟数据）", "党支部", None, now=now)
    add_user(BARE["new"], "member", now, password=PASSWORD, unit_id=unit)
    add_user(BARE["starter"], "trainer", now, password=PASSWORD, unit_id=unit)
    for name in PHONE.values():
        add_user(name, "member", now, password=PASSWORD, unit_id=unit)


def _answer_paper(who: Viewer, paper_id: int, choice: int, now: datetime) -> None:
    """Begin a paper and answer half of ten questions, each person in their own way."""
    number = quiz.start_attempt(who, paper_id, now)
    for slot in range(1, 6):
        sent = quiz.Sent(slot, f"{paper_id}{slot}".ljust(22, "x"), 0, [(choice + slot) % 2])
        quiz.answer_slot(who.id, paper_id, number, sent, now)


def _let_things_happen() -> None:
    """A paper handed in, one in the making, a scheme, a doubt, a report, a draft, a unit below."""
    now, today = clock.now(), clock.study_day(clock.now())
    member, trainer = _person(ROLES["member"]), _person(ROLES["trainer"])
    assert trainer.unit_id is not None
    add_unit("below", "演示党小组（模拟数据）", "党小组", trainer.unit_id, now=now)
    shown = list_question_ids()
    for place, one in enumerate(list_people(trainer.unit_id, "演示学员", 12)):
        viewer = Viewer(one.id, one.name, one.role, trainer.unit_id, "zh", "auto", 18, True)
        _answer_paper(viewer, 1, place, now)
        quiz.submit_attempt(one.id, 1, 1, now)
    _answer_paper(member, 2, 0, now)
    terms = Terms("九月小测", "practice", trainer.unit_id)
    quiz.make_paper(trainer, terms, Plan(picked=tuple(shown[:6]), points={}), now)
    told = SchemePlan({"recall": 60, "papers": 40}, person_bar=8)
    for title in ("上半年考评", "全年考评"):
        begun = today - timedelta(days=60)
        scheme = make_scheme(trainer, trainer.unit_id, title, begun, today, told, now)
    publish_scheme(trainer, scheme, now + timedelta(days=2))
    question_figure(member.id, "papers", "72 分", "第三题我选的是对的。", now)
    report_question(member.id, shown[3], "出处好像写错了一条。", now)
    draft = Draft(1, "truefalse", "预备党员没有表决权。", truth=True, explanation="见党章第七条。")
    save_draft(trainer.unit_id, None, draft, trainer.id, now)
    with transaction() as session:
        session.add(RecheckRow(question_id=shown[9], edition_id="dangzhang-2022", state="open"))
    refit_forecasts(now)
    fold_reports(now)

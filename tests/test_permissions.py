"""Every route and who may use it, written down once; whatever is not listed must be refused."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.web.permissions import GRANTS, LEVELS, declared, grants, init_permissions
from tests.conftest import Cast, Clock
from tests.test_every_page import ROLES, addresses, browser

ALLOWED = {
    "public": {"anonymous", "member", "trainer", "editor", "auditor", "admin"},
    "member": {"member", "trainer", "editor", "auditor", "admin"},
    "reader": {"trainer", "auditor", "admin"},
    "trainer": {"trainer", "admin"},
    "editor": {"editor", "admin"},
    "editor or trainer": {"trainer", "editor", "admin"},
    "admin": {"admin"},
}

MATRIX = {
    "accounts.account": "member",
    "accounts.add_app": "member",
    "accounts.add_key": "member",
    "accounts.ask_key": "public",
    "accounts.ask_key_alone": "public",
    "accounts.ask_new_key": "member",
    "accounts.back_from_organisation": "public",
    "accounts.confirm": "member",
    "accounts.factors": "member",
    "accounts.invite": "public",
    "accounts.organisation": "public",
    "accounts.remove_app": "member",
    "accounts.remove_key": "member",
    "accounts.renew_recovery": "member",
    "accounts.second_step": "public",
    "accounts.settings": "member",
    "accounts.setup": "public",
    "accounts.sign_in": "public",
    "accounts.sign_in_with_key": "public",
    "accounts.sign_out": "public",
    "accounts.sign_out_device": "member",
    "anki.confirm": "member",
    "anki.export": "member",
    "anki.fetch": "public",
    "anki.guide": "member",
    "anki.make_link": "member",
    "anki.page": "member",
    "anki.preview": "member",
    "anki.shared": "trainer",
    "anki.upload": "member",
    "anki.use_link": "public",
    "assess.anomalies": "reader",
    "assess.answer": "trainer",
    "assess.appeal": "member",
    "assess.appeals": "trainer",
    "assess.bank": "trainer",
    "assess.calibration": "public",
    "assess.certificate": "public",
    "assess.certificate_pdf": "member",
    "assess.correct_scheme": "trainer",
    "assess.discard_scheme": "trainer",
    "assess.edit_scheme": "trainer",
    "assess.new_scheme": "trainer",
    "assess.paper": "trainer",
    "assess.paper_file": "trainer",
    "assess.person_record": "reader",
    "assess.person_record_file": "reader",
    "assess.publish_scheme": "trainer",
    "assess.question": "trainer",
    "assess.record": "member",
    "assess.record_file": "member",
    "assess.report": "reader",
    "assess.report_file": "reader",
    "assess.reports": "reader",
    "assess.responsibility": "reader",
    "assess.scheme": "reader",
    "assess.scheme_file": "reader",
    "assess.schemes": "reader",
    "assign.assignments": "reader",
    "assign.edit": "trainer",
    "assign.new": "trainer",
    "assign.new_goal": "trainer",
    "assign.tasks": "member",
    "assign.watch": "reader",
    "assign.copy_duty": "trainer",
    "assign.copy_plan": "trainer",
    "assign.correct_gathering": "trainer",
    "assign.discard_plan": "trainer",
    "assign.drop_target": "trainer",
    "assign.duties_of_unit": "reader",
    "assign.duty": "member",
    "assign.edit_duty": "trainer",
    "assign.follow_duty": "trainer",
    "assign.gaps": "reader",
    "assign.gathering": "reader",
    "assign.hand_all": "trainer",
    "assign.hand_duty": "trainer",
    "assign.hours_of_unit": "reader",
    "assign.keep_duty": "trainer",
    "assign.my_duties": "member",
    "assign.my_hours": "member",
    "assign.new_duty": "trainer",
    "assign.new_gathering": "trainer",
    "assign.new_item": "trainer",
    "assign.new_plan": "trainer",
    "assign.plan": "reader",
    "assign.plans_of_units": "reader",
    "assign.pull_plan": "trainer",
    "assign.rename_plan": "trainer",
    "assign.reopen_duty": "trainer",
    "assign.settle_duty": "member",
    "assign.take_plan": "trainer",
    "assign.targets": "trainer",
    "assign.withdraw": "trainer",
    "assign.withdraw_duty": "trainer",
    "assign.calendar": "public",
    "assign.confirm_mail": "member",
    "assign.feed": "member",
    "assign.mail": "member",
    "assign.read_reminders": "member",
    "assign.reminder_settings": "member",
    "assign.reminders": "member",
    "assign.remove_robot": "trainer",
    "assign.robots": "trainer",
    "assign.try_robot": "trainer",
    "authoring.bank": "trainer",
    "authoring.confirm": "trainer",
    "authoring.decide": "trainer",
    "authoring.drafts": "trainer",
    "authoring.edit": "trainer",
    "authoring.export": "trainer",
    "authoring.preview": "trainer",
    "authoring.question": "trainer",
    "authoring.reword": "trainer",
    "authoring.stop": "trainer",
    "authoring.template": "trainer",
    "authoring.upload": "trainer",
    "authoring.write": "trainer",
    "bank.confirm": "editor",
    "bank.my_reports": "member",
    "bank.rechecks": "editor or trainer",
    "bank.reply": "editor or trainer",
    "bank.report": "member",
    "bank.reports": "editor or trainer",
    "installing.manifest": "public",
    "installing.worker": "public",
    "ops.acts": "admin",
    "ops.erase": "admin",
    "ops.job": "member",
    "ops.metrics": "public",
    "ops.my_data": "member",
    "ops.my_json": "member",
    "ops.my_workbook": "member",
    "ops.own_jobs": "member",
    "ops.ready": "public",
    "ops.run_job": "admin",
    "ops.site_jobs": "admin",
    "org.add_unit": "admin",
    "org.close_unit": "admin",
    "org.confirm_roster": "trainer",
    "org.disable_person": "trainer",
    "org.edit_person": "trainer",
    "org.enable_person": "trainer",
    "org.end_post": "trainer",
    "org.entry": "admin",
    "org.give_post": "trainer",
    "org.invite": "trainer",
    "org.merge_unit": "admin",
    "org.move_unit": "admin",
    "org.people": "reader",
    "org.person": "reader",
    "org.rename_unit": "admin",
    "org.renew": "trainer",
    "org.reset_factors": "admin",
    "org.roster": "trainer",
    "org.roster_template": "trainer",
    "org.unit": "reader",
    "org.units": "reader",
    "org.visibility": "member",
    "quiz.answer": "member",
    "quiz.attempt": "reader",
    "quiz.close": "trainer",
    "quiz.desk": "reader",
    "quiz.discard": "trainer",
    "quiz.edit": "trainer",
    "quiz.new": "trainer",
    "quiz.paper": "member",
    "quiz.papers": "member",
    "quiz.pick": "trainer",
    "quiz.printed": "trainer",
    "quiz.printing": "trainer",
    "quiz.progress": "reader",
    "quiz.publish": "trainer",
    "quiz.question": "member",
    "quiz.questions": "reader",
    "quiz.remark": "trainer",
    "quiz.result": "member",
    "quiz.review": "member",
    "quiz.start": "member",
    "quiz.submit": "member",
    "quiz.time": "trainer",
    "quiz.window": "trainer",
    "study.answer": "member",
    "study.chapter": "member",
    "study.feedback": "member",
    "study.find": "member",
    "study.fits": "reader",
    "study.mark": "member",
    "study.note": "member",
    "study.offline": "public",
    "study.pack": "member",
    "study.question": "member",
    "study.rate": "member",
    "study.set_aside": "member",
    "study.settings": "member",
    "study.statistics": "member",
    "study.sync": "member",
    "study.today": "public",
    "study.undo": "member",
    "study.ways": "member",
    "web.language": "public",
    "web.live": "public",
}

# Where a person or unit stands to somebody of unit B, and whether they are reached from there.
RELATIONS = {
    "own": True,
    "below": True,
    "sibling": False,
    "above": False,
    "foreign": False,
    "nowhere": False,
}
UNITS = {"own": "B", "below": "C", "sibling": "D", "above": "A", "foreign": "E", "nowhere": None}
SINCE = "2026-01-01"


@pytest.fixture
def site(bank: Flask, cast: Cast) -> Cast:
    """A unit with one person of each role."""
    cast.make_unit("A")
    for role in ROLES[1:]:
        cast.make_member(role, role=role, unit="A")
    return cast


@pytest.fixture
def tree(bank: Flask, cast: Cast, clock: Clock) -> Cast:
    """A above B and D, B above C, E apart; every role in B, a member with a post in each."""
    from datetime import date

    from app.org.actions import give_post

    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A"), ("E", None)):
        cast.make_unit(code, parent)
    for role in ROLES[1:]:
        cast.make_member(role, role=role, unit="B")
    cast.make_member("everywhere", role="admin")
    for relation, unit in UNITS.items():
        whom = cast.make_member(relation, unit=unit)
        if unit:
            day, by = date.fromisoformat(SINCE), cast.viewer("everywhere")
            give_post(whom, cast.units[unit], "secretary", day, None, by, clock())
    return cast


def test_the_matrix_lists_every_route_and_nothing_else(app: Flask) -> None:
    assert declared(app) == MATRIX


def test_a_view_without_a_level_keeps_the_site_from_starting() -> None:
    app = Flask("planted")
    app.add_url_rule("/planted", "planted", lambda: "open to everybody")
    with pytest.raises(RuntimeError, match="planted"):
        init_permissions(app)


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_the_allowed_and_look_missing_to_others(site: Cast, role: str) -> None:
    client = browser(site, role)
    missing = client.get("/no-such-page")
    for endpoint, address in addresses(site.app):
        reply = client.get(address)
        if role in ALLOWED[MATRIX[endpoint]]:
            assert not reply.location or "/sign-in" not in reply.location, (endpoint, role)
        elif role == "anonymous" and address.startswith("/api/"):
            assert (reply.status_code, reply.mimetype) == (401, "application/json"), endpoint
        elif role == "anonymous":
            assert reply.status_code == 302, endpoint
            assert "/sign-in" in reply.location, endpoint
        else:
            assert (reply.status_code, reply.data) == (404, missing.data), endpoint


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_changes_are_refused_to_everybody_else(site: Cast, role: str) -> None:
    client = browser(site, role)
    tried = 0
    for rule in site.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or role in ALLOWED[MATRIX[rule.endpoint]]:
            continue
        values = {
            name: 1 if "int" in str(c).lower() else "x" for name, c in rule._converters.items()
        }
        with site.app.test_request_context():
            address = site.app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        reply = client.post(address)
        if role == "anonymous" and address.startswith("/api/"):
            assert (reply.status_code, reply.mimetype) == (401, "application/json"), rule.endpoint
        elif role == "anonymous":
            assert reply.status_code == 302, rule.endpoint
            assert reply.location.startswith("/sign-in"), rule.endpoint
        else:
            assert reply.status_code == 404, rule.endpoint
        tried += 1
    assert tried or role == "admin"


@pytest.mark.once
@pytest.mark.parametrize(
    ("role", "links"),
    [
        ("member", set()),
        ("trainer", {"/people", "/bank"}),
        ("editor", {"/question-reports"}),
        ("auditor", {"/people"}),
        ("admin", {"/people", "/bank"}),
    ],
)
def test_the_menu_offers_what_opens(site: Cast, role: str, links: set[str]) -> None:
    page = browser(site, role).get("/settings").text
    menu = page[page.index('<header class="site">') : page.index("</header>")]
    offered = set(re.findall(r'href="(/[^"]*)"', menu))
    assert offered & {"/people", "/bank", "/question-reports"} == links


def test_a_reader_only_reads(app: Flask) -> None:
    """Pages that auditors open take no POST, whoever sends it."""
    rules = [rule for rule in app.url_map.iter_rules() if "reader" in MATRIX[rule.endpoint]]
    assert len(rules) >= 4
    assert not [rule.endpoint for rule in rules if "POST" in (rule.methods or ())]


def test_every_level_and_role_is_known() -> None:
    assert {word for levels in ALLOWED for word in levels.split(" or ")} <= LEVELS
    assert set(GRANTS) == set(ROLES[1:])
    for levels, roles in ALLOWED.items():
        wanted = {role for role in ROLES[1:] if grants(role, *levels.split(" or "))}
        assert roles - {"anonymous"} == wanted, levels
    assert not grants("emperor", "member")


def routes(app: Flask, part: str) -> Iterator[tuple[str, str, str]]:
    """Yield (endpoint, method, rule) of every route of org whose address has this part."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if rule.endpoint.startswith("org.") and part in rule.arguments:
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                yield rule.endpoint, method, rule.rule


@pytest.mark.parametrize("role", ROLES[1:])
@pytest.mark.parametrize("relation", RELATIONS)
def test_every_route_about_a_person(tree: Cast, role: str, relation: str) -> None:
    client, whom = tree.sign_in(role), tree.people[relation]
    missing, unit, tried = client.get("/no-such-page").data, UNITS[relation], 0
    for endpoint, method, rule in routes(tree.app, "user_id"):
        path = rule.replace("<int:user_id>", str(whom)).replace("<post>", "secretary")
        path = path.replace("<int:unit_id>", str(tree.units[unit] if unit else 1))
        reply = client.open(path.replace("<day>", SINCE), method=method)
        if role in ALLOWED[MATRIX[endpoint]] and RELATIONS[relation]:
            assert reply.status_code in (200, 302, 422), (endpoint, method)
        else:
            assert (reply.status_code, reply.data) == (404, missing), (endpoint, method)
        tried += 1
    assert tried >= 10


@pytest.mark.parametrize("role", ROLES[1:])
@pytest.mark.parametrize("relation", [name for name in RELATIONS if name != "nowhere"])
def test_every_route_about_a_unit(tree: Cast, role: str, relation: str) -> None:
    client, unit = tree.sign_in(role), tree.units[UNITS[relation] or ""]
    missing, tried = client.get("/no-such-page").data, 0
    for endpoint, method, rule in routes(tree.app, "unit_id"):
        if "user_id" in rule:
            continue
        reply = client.open(rule.replace("<int:unit_id>", str(unit)), method=method)
        if role in ALLOWED[MATRIX[endpoint]] and RELATIONS[relation]:
            assert reply.status_code in (200, 302, 422), (endpoint, method)
        else:
            assert (reply.status_code, reply.data) == (404, missing), (endpoint, method)
        tried += 1
    assert tried >= 7


@pytest.mark.parametrize("role", ["trainer", "auditor", "admin"])
def test_lists_show_the_reach_and_nothing_else(tree: Cast, role: str) -> None:
    client = tree.sign_in(role)
    people, units = client.get("/people").text, client.get("/units").text
    for relation, reached in RELATIONS.items():
        assert (f'/people/{tree.people[relation]}"' in people) is reached, relation
        if UNITS[relation]:
            unit = tree.units[UNITS[relation] or ""]
            assert (f'/units/{unit}"' in units) is reached, relation


@pytest.mark.parametrize("relation", [name for name in RELATIONS if name != "nowhere"])
def test_people_are_moved_and_units_merged_within_reach_only(tree: Cast, relation: str) -> None:
    client, target = tree.sign_in("admin"), str(tree.units[UNITS[relation] or ""])
    whom = tree.people["below"]
    page = client.get(f"/people/{whom}/edit").text
    assert (f'value="{target}"' in page) is RELATIONS[relation]
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert seen
    data = {"name": "below", "unit": target, "status": "full", "standing": "active"}
    data |= {"role": "member", "seen": seen[1]}
    reply = client.post(f"/people/{whom}/edit", data=data)
    assert reply.status_code == (302 if RELATIONS[relation] else 422)
    for path, field in (("move", "parent"), ("merge", "into")):
        reply = client.post(f"/units/{tree.units['C']}/{path}", data={field: target})
        # below is C itself: within reach, but a circle
        allowed = RELATIONS[relation] and relation != "below"
        assert reply.status_code == (302 if allowed else 422), path


@pytest.mark.parametrize("relation", RELATIONS)
def test_people_are_invited_into_ones_own_unit_and_below_only(tree: Cast, relation: str) -> None:
    unit = tree.units[UNITS[relation]] if UNITS[relation] else ""
    data = {"name": "新来的人", "phone": "13900000009", "unit": str(unit), "role": "member"}
    reply = tree.sign_in("trainer").post("/people/invite", data=data)
    assert (reply.status_code == 200) is RELATIONS[relation], reply.status_code


def test_somebody_elses_answer_looks_missing(tree: Cast) -> None:
    page = tree.sign_in("own")
    values = hidden_fields(page.get("/study").text)
    data = {**values, "choice": "0", "blank-0": "x", "blank-1": "x", "place-0": "1"}
    answered = page.post("/study/answer", data=data)
    assert answered.status_code == 200
    path = f"/study/answers/{values['answer_id']}"
    assert page.get(path).status_code == 200
    stranger = tree.sign_in("below")
    assert stranger.get(path).status_code == 404
    undone = stranger.post("/study/undo", data={"answer_id": values["answer_id"], "way": "due"})
    assert undone.status_code == 404


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of the answer form."""
    form = page[page.index('id="answer"') :].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))

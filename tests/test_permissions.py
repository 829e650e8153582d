"""Every route and who may use it, written down once; whatever is not listed must be refused."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.permissions import declared, init_permissions
from tests.conftest import Cast
from tests.test_every_page import ROLES, addresses, browser

ALLOWED = {
    "public": {"anonymous", "member", "trainer", "admin"},
    "member": {"member", "trainer", "admin"},
    "trainer": {"trainer", "admin"},
    "admin": {"admin"},
}

MATRIX = {
    "accounts.account": "member",
    "accounts.invite": "public",
    "accounts.settings": "member",
    "accounts.setup": "public",
    "accounts.sign_in": "public",
    "accounts.sign_out": "public",
    "accounts.sign_out_device": "member",
    "anki.export": "member",
    "anki.page": "member",
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
    "bank.confirm": "admin",
    "bank.my_reports": "member",
    "bank.rechecks": "trainer",
    "bank.reply": "trainer",
    "bank.report": "member",
    "bank.reports": "trainer",
    "ops.acts": "admin",
    "ops.erase": "admin",
    "ops.metrics": "public",
    "ops.my_data": "member",
    "ops.my_json": "member",
    "ops.my_workbook": "member",
    "ops.ready": "public",
    "org.confirm_roster": "trainer",
    "org.invite": "trainer",
    "org.people": "trainer",
    "org.person": "trainer",
    "org.renew": "trainer",
    "org.roster": "trainer",
    "org.units": "admin",
    "study.answer": "member",
    "study.chapter": "member",
    "study.feedback": "member",
    "study.find": "member",
    "study.mark": "member",
    "study.note": "member",
    "study.question": "member",
    "study.rate": "member",
    "study.set_aside": "member",
    "study.settings": "member",
    "study.statistics": "member",
    "study.today": "public",
    "study.undo": "member",
    "study.ways": "member",
    "web.language": "public",
    "web.live": "public",
}

# Where a person stands to the trainer (or administrator) of unit B, and whether they are reached.
RELATIONS = {"own": True, "below": True, "sibling": False, "above": False, "nowhere": False}
UNITS = {"own": "B", "below": "C", "sibling": "D", "above": "A", "nowhere": None}


@pytest.fixture
def site(bank: Flask, cast: Cast) -> Cast:
    """A unit with one person of each role."""
    cast.make_unit("A")
    for role in ROLES[1:]:
        cast.make_member(role, role=role, unit="A")
    return cast


@pytest.fixture
def tree(bank: Flask, cast: Cast) -> Cast:
    """A above B and D, B above C; a trainer and an administrator of B, a member everywhere."""
    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A")):
        cast.make_unit(code, parent)
    for role in ("trainer", "admin"):
        cast.make_member(role, role=role, unit="B")
    for relation, unit in UNITS.items():
        cast.make_member(relation, unit=unit)
    return cast


def test_the_matrix_lists_every_route_and_nothing_else(app: Flask) -> None:
    assert declared(app) == MATRIX


def test_a_view_without_a_level_keeps_the_site_from_starting() -> None:
    app = Flask("planted")
    app.add_url_rule("/planted", "planted", lambda: "open to everybody")
    with pytest.raises(RuntimeError, match="planted"):
        init_permissions(app)


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_the_allowed_and_look_missing_to_others(site: Cast, role: str) -> None:
    client = browser(site, role)
    missing = client.get("/no-such-page")
    for endpoint, address in addresses(site.app):
        reply = client.get(address)
        if role in ALLOWED[MATRIX[endpoint]]:
            assert not reply.location or "/sign-in" not in reply.location, (endpoint, role)
        elif role == "anonymous":
            assert reply.status_code == 302, endpoint
            assert "/sign-in" in reply.location, endpoint
        else:
            assert (reply.status_code, reply.data) == (404, missing.data), endpoint


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
        if role == "anonymous":
            assert reply.status_code == 302, rule.endpoint
            assert reply.location.startswith("/sign-in"), rule.endpoint
        else:
            assert reply.status_code == 404, rule.endpoint
        tried += 1
    assert tried or role == "admin"


def outcome(client: FlaskClient, method: str, path: str) -> int:
    """Return the status of a request without a body."""
    return client.open(path, method=method).status_code


@pytest.mark.parametrize("role", ["trainer", "admin"])
@pytest.mark.parametrize("relation", RELATIONS)
def test_people_are_reached_in_ones_own_unit_and_below(
    tree: Cast, role: str, relation: str
) -> None:
    client, whom = tree.sign_in(role), tree.people[relation]
    expected = 200 if RELATIONS[relation] else 404
    assert outcome(client, "GET", f"/people/{whom}") == expected
    assert outcome(client, "POST", f"/people/{whom}/invite") == expected
    listed = client.get(f"/people?q={relation}").text
    assert (f'/people/{whom}"' in listed) is RELATIONS[relation]


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

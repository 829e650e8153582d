"""Every route about a plan, a duty or a gathering: who reaches it from where, and nobody else."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from app.assign.actions.duties import make_duty, make_item
from app.assign.actions.hours import Told, record_gathering
from app.assign.actions.plans import make_plan
from app.assign.ownership import Charge
from app.assign.period import Period
from app.assign.wording import Wording
from app.base.ids import new_id
from tests.conftest import Cast, Clock
from tests.test_every_page import ROLES
from tests.test_permissions import ALLOWED, MATRIX

DAY = date(2026, 11, 23)
UNITS = {"own": "B", "below": "C", "sibling": "D", "above": "A", "foreign": "E"}
REACHED = {"own", "below"}
ABOUT = ("plan_id", "duty_id", "gathering_id")


class Things:
    """A plan with an item, a duty and a gathering in every unit."""

    def __init__(self, cast: Cast, clock: Clock) -> None:
        self.cast = cast
        self.ids: dict[str, dict[str, int | str]] = {}
        by = cast.viewer("everywhere")
        for relation, code in UNITS.items():
            unit, whom = cast.units[code], cast.people[relation]
            plan = make_plan(None, unit, f"计划{relation}", Period(2026), clock())
            wording, charge = Wording(f"责任{relation}", "看得见", DAY, DAY), Charge(post="worker")
            make_item(None, plan, wording, charge, clock())
            duty = make_duty(None, unit, wording, charge, clock())
            gathering = new_id()
            told = Told(DAY, f"学习{relation}", 2.0, "签到表", (whom,))
            record_gathering(by, gathering, unit, told, clock())
            self.ids[relation] = {"plan_id": plan, "duty_id": duty, "gathering_id": gathering}


@pytest.fixture
def things(cast: Cast, clock: Clock) -> Things:
    """A above B and D, B above C, E apart; every role in B, a member in each."""
    from app.accounts.actions import add_user

    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A"), ("E", None)):
        cast.make_unit(code, parent)
    for role in ROLES[1:]:
        cast.make_member(role, role=role, unit="B")
    cast.people["everywhere"] = add_user("everywhere", "admin", clock())
    for relation, code in UNITS.items():
        cast.people[relation] = add_user(relation, "member", clock(), unit_id=cast.units[code])
    return Things(cast, clock)


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Yield (endpoint, method, rule) of the routes about one thing of this room."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if set(ABOUT) & rule.arguments and rule.endpoint.startswith("assign."):
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                yield rule.endpoint, method, rule.rule


@pytest.mark.parametrize("role", ROLES[1:])
def test_every_route_about_a_plan_duty_or_gathering(things: Things, role: str) -> None:
    client, tried = things.cast.sign_in(role), 0
    missing = client.get("/no-such-page").data
    readers = role in ("trainer", "auditor", "admin")
    changers = role in ("trainer", "admin")
    for relation, ids in things.ids.items():
        for endpoint, method, rule in routes(things.cast.app):
            path = rule
            for name in ABOUT:
                path = path.replace(f"<int:{name}>", str(ids[name]))
                path = path.replace(f"<{name}>", str(ids[name]))
            reply = client.open(path, method=method)
            where = (relation, endpoint, method)
            allowed = role in ALLOWED[MATRIX[endpoint]] and relation in REACHED
            if MATRIX[endpoint] == "member":  # their own, or whoever watches or changes
                allowed &= changers if endpoint == "assign.settle_duty" else readers
            if endpoint == "assign.take_plan" and relation == "above":
                allowed = changers
            if allowed:
                assert reply.status_code in (200, 302, 422), where
                client.get("/my-hours")  # shows what was flashed
            else:
                assert (reply.status_code, reply.data) == (404, missing), where
            tried += 1
    assert tried >= 100


@pytest.mark.parametrize("role", ["trainer", "auditor", "admin"])
def test_lists_show_the_reach_and_nothing_else(things: Things, role: str) -> None:
    client, units = things.cast.sign_in(role), things.cast.units
    pages = {
        "计划": client.get("/plans").text.split("上级的计划")[0],
        "责任": client.get("/duties/gaps").text,
        "学习": client.get("/hours").text,
    }
    if role in ("trainer", "admin"):  # what is offered from above stands apart
        page = client.get("/plans").text
        pages["计划"] = page[page.index("</section>") :]
    for relation in UNITS:
        for kind, page in pages.items():
            assert (f"{kind}{relation}" in page) is (relation in REACHED), (kind, relation)
        unit = units[UNITS[relation]]
        for path in ("/duties?unit=", "/hours?unit=", "/hours/targets?unit=", "/duties/new?unit="):
            wanted = 200 if relation in REACHED else 404
            if role == "auditor" and ("targets" in path or "new" in path):
                wanted = 404
            assert client.get(f"{path}{unit}").status_code == wanted, (path, relation)


def test_a_member_opens_what_they_answer_for_and_nothing_else(things: Things, clock: Clock) -> None:
    cast = things.cast
    wording = Wording("带头学", "看得见", DAY, DAY)
    charge = Charge(member_id=cast.people["member"])
    mine = make_duty(None, cast.units["B"], wording, charge, clock())
    client = cast.sign_in("member")
    assert "登记完成" in client.get(f"/duties/{mine}").text
    assert "移交</a>" not in client.get(f"/duties/{mine}").text
    assert client.get(f"/duties/{things.ids['own']['duty_id']}").status_code == 404
    done = client.post(f"/duties/{mine}/done", data={"day": str(DAY), "text": "学了"})
    assert done.status_code == 302
    assert "已完成" in client.get("/my-duties").text
    for path in ("hand-over", "edit", "copy", "withdraw", "reopen"):
        assert client.post(f"/duties/{mine}/{path}").status_code == 404, path

"""Pages of assign as people open them, without JavaScript."""

import re

import pytest
from flask.testing import FlaskClient

from app.accounts.actions import add_user
from app.assign import queries
from app.assign.models import AssignmentRow
from app.base.db import db
from app.base.ids import new_id
from tests.assign.asking import DAY, Asking
from tests.conftest import PASSWORD
from tests.test_every_page import faults
from tests.web.visits import settled


def sign_in(asking: Asking, name: str, role: str, unit: str | None) -> FlaskClient:
    """Add somebody with a password and sign them in."""
    unit_id = asking.cast.units[unit] if unit else None
    one = add_user(name, role, asking.clock(), password=PASSWORD, unit_id=unit_id)
    asking.cast.people[name] = one
    return asking.cast.sign_in(name)


@pytest.fixture
def trainer(asking: Asking) -> FlaskClient:
    """A browser of another trainer of A."""
    return sign_in(asking, "组织者", "trainer", "A")


def paper_form(asking: Asking, paper_id: int, **more: object) -> dict[str, object]:
    """Return what the page sends for a paper asked of B."""
    usual: dict[str, object] = {"paper": paper_id, "units": [asking.cast.units["B"]]}
    usual |= {"below": "y", "attempts": "0", "form_id": new_id(), "do": "save", "remind": "3、1"}
    return usual | more


def stored() -> list[AssignmentRow]:
    """Return the stored assignments."""
    db.session.rollback()
    return list(db.session.scalars(db.select(AssignmentRow).order_by(AssignmentRow.id)))


def test_a_trainer_looks_first_and_then_asks(asking: Asking, trainer: FlaskClient) -> None:
    paper_id = asking.paper()
    page = trainer.get(f"/assignments/new?paper={paper_id}").text
    assert f'<option selected value="{paper_id}"' in page
    looked = trainer.post("/assignments/new", data=paper_form(asking, paper_id, do="preview"))
    assert looked.status_code == 200
    assert "会布置给 2 人" in looked.text
    assert "老王" in looked.text
    assert "不作要求" in looked.text
    assert stored() == []
    asked = trainer.post("/assignments/new", data=paper_form(asking, paper_id))
    assert asked.status_code == 302
    (row,) = stored()
    assert (row.title, row.remind_days, row.pass_percent) == ("党章测验", "3,1", 60)
    assert row.closes_at == asking.now() + 10 * DAY
    watched = trainer.get(asked.location).text
    assert "还没有开始" in watched
    assert "党章测验" in trainer.get("/assignments").text


def test_names_are_found_and_doubtful_ones_refused(asking: Asking, trainer: FlaskClient) -> None:
    paper_id = asking.paper()
    add_user("乙", "member", asking.clock(), phone="13900000001", unit_id=asking.cast.units["D"])
    for names, sentence in (("无此人", "没有找到“无此人”"), ("乙", "有几个人叫“乙”")):
        data = paper_form(asking, paper_id, units=[], persons=names)
        reply = trainer.post("/assignments/new", data=data)
        assert (reply.status_code, sentence in reply.text) == (422, True)
        assert names in reply.text
    data = paper_form(asking, paper_id, units=[], persons="甲\n139 0000 0001\n")
    assert trainer.post("/assignments/new", data=data).status_code == 302
    (row,) = stored()
    meant = queries.get_desk(asking.who("书记A"), row.id).assignment.audience.persons
    assert len(meant) == 2
    page = trainer.get(f"/assignments/{row.id}/edit").text
    assert "甲\n13900000001</textarea>" in page.replace("\r", "")


def test_refused_forms_keep_what_was_typed(asking: Asking, trainer: FlaskClient) -> None:
    paper_id = asking.paper()
    data = paper_form(asking, paper_id, title="我的名称", remind="很多", units=[])
    for wrong in (data, data | {"remind": "90"}, data | {"remind": "3"}):
        reply = trainer.post("/assignments/new", data=wrong)
        assert reply.status_code == 422
        assert "我的名称" in reply.text
        assert faults(reply.text) == []
    assert stored() == []


def test_a_goal_is_asked_and_told_in_plain_words(asking: Asking, trainer: FlaskClient) -> None:
    page = trainer.get("/assignments/new-goal").text
    chapters = re.findall(r'name="chapters" value="([^"]+)"', page)
    assert chapters
    data = {
        "title": "学党章",
        "chapters": chapters,
        "percent": "80",
        "closes": "2026-12-31",
        "units": [asking.cast.units["A"]],
        "below": "y",
        "form_id": new_id(),
        "remind": "",
        "do": "preview",
    }
    looked = trainer.post("/assignments/new-goal", data=data)
    assert looked.status_code == 200
    assert "从头学的人" in looked.text
    made = trainer.post("/assignments/new-goal", data=data | {"do": "save"})
    assert made.status_code == 302
    member = sign_in(asking, "学员", "member", "B")
    home = member.get("/").text
    assert "学党章" in home
    assert "到 2026年12月31日" in home
    assert re.search(r"每天学 \d+ 道新题、复习约 \d+ 题，就能达到", home)
    assert "学党章" in member.get("/tasks").text
    assert "平均记得 80%" in trainer.get(made.location).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"chapters": []}, "请至少选一章"),
        ({"closes": "2026-11-23"}, "今天才来得及学"),
        ({"closes": "2020-01-01"}, "截止时间已经过去"),
        ({"closes": "2028-01-01"}, "目标最远到"),
        ({"percent": "99"}, "没有人能保证全部记得"),
        ({"percent": "97"}, "达不到 97%"),
        ({"closes": ""}, "请填写日期"),
    ],
)
def test_goals_that_nobody_can_meet_are_refused(
    asking: Asking, trainer: FlaskClient, change: dict[str, object], sentence: str
) -> None:
    page = trainer.get("/assignments/new-goal").text
    data: dict[str, object] = {"chapters": re.findall(r'name="chapters" value="([^"]+)"', page)}
    data |= {"title": "目标", "percent": "80", "closes": "2026-12-31", "do": "save"}
    data |= {"units": [asking.cast.units["A"]], "form_id": new_id()}
    reply = trainer.post("/assignments/new-goal", data=data | change)
    assert reply.status_code == 422
    assert sentence in reply.text
    assert faults(reply.text) == []
    assert stored() == []


def test_the_home_page_stays_silent_when_nothing_is_missing(asking: Asking) -> None:
    member = settled(sign_in(asking, "学员", "member", "B"))
    assert "要完成的" not in member.get("/").text
    paper_id = asking.paper()
    asking.ask(asking.terms(paper_id))
    assert "还没有开始答" in member.get("/").text
    asking.take("学员", paper_id, hand_in=False)
    assert "还没有交卷" in member.get("/").text
    asking.clock.move(hours=2)
    assert "要完成的" not in member.get("/").text
    assert "已交卷" in member.get("/tasks").text


def test_the_exempt_are_not_pressed(asking: Asking) -> None:
    member = sign_in(asking, "老李", "member", "B")
    asking.record("老李", "full", "exempt")
    asking.ask(asking.terms(asking.paper()))
    assert "要完成的" not in member.get("/").text
    assert "对你不作要求" in member.get("/tasks").text


def test_an_assignment_is_changed_and_withdrawn(asking: Asking, trainer: FlaskClient) -> None:
    paper_id = asking.paper()
    one = asking.ask(asking.terms(paper_id))
    page = trainer.get(f"/assignments/{one}/edit").text
    data = paper_form(asking, paper_id, title="新名称", seen="1", closes="2026-11-25T18:00")
    assert f'value="{asking.cast.units["B"]}" checked' in page
    assert trainer.post(f"/assignments/{one}/edit", data=data).status_code == 302
    assert stored()[0].title == "新名称"
    stale = trainer.post(f"/assignments/{one}/edit", data=data)
    assert (stale.status_code, "刚才有人改过" in stale.text) == (409, True)
    assert trainer.post(f"/assignments/{one}/withdraw").status_code == 302
    assert stored()[0].withdrawn_at is not None
    assert "已撤回" in trainer.get(f"/assignments/{one}").text


@pytest.mark.parametrize("role", ["member", "trainer", "editor", "auditor", "admin"])
@pytest.mark.parametrize("relation", ["own", "below", "sibling", "above", "foreign"])
def test_every_route_about_an_assignment(asking: Asking, role: str, relation: str) -> None:
    """Somebody of B and what is asked by B, by a unit below, D, A and E."""
    asking.cast.make_unit("C", "B")
    asking.add("书记C", "trainer", "C")
    client = sign_in(asking, "某人", role, "B")
    unit = {"own": "B", "below": "C", "sibling": "D", "above": "A", "foreign": "E"}[relation]
    by, audience = f"书记{unit}", asking.audience(unit)
    one = asking.ask(asking.terms(asking.paper(unit, by)), audience, by)
    missing = client.get("/no-such-page").data
    watches = role in ("trainer", "auditor", "admin") and relation in ("own", "below", "above")
    changes = role in ("trainer", "admin") and relation in ("own", "below")
    for method, path, allowed in (
        ("GET", "", watches),
        ("GET", "/edit", changes),
        ("POST", "/edit", changes),
        ("POST", "/withdraw", changes),
    ):
        reply = client.open(f"/assignments/{one}{path}", method=method)
        if allowed:
            assert reply.status_code in (200, 302, 422), (method, path)
        else:
            assert (reply.status_code, reply.data) == (404, missing), (method, path)
    listed = client.get("/assignments")
    assert (f'/assignments/{one}"' in listed.text) is watches


def test_nobody_asks_beyond_their_reach(asking: Asking) -> None:
    client = sign_in(asking, "某人", "trainer", "B")
    paper_id = asking.paper()
    for code in ("A", "D", "E"):
        data = paper_form(asking, paper_id, units=[asking.cast.units[code]])
        assert client.post("/assignments/new", data=data).status_code == 422
    foreign = asking.paper("E", "书记E")
    data = paper_form(asking, foreign)
    assert client.post("/assignments/new", data=data).status_code == 422
    assert stored() == []

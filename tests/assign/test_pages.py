"""Pages of plans, duties and hours, walked by a trainer and a member without JavaScript."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.assign.queries.duties import list_duties
from app.assign.queries.hours import get_total
from app.org.actions import disable_person
from tests.assign.affairs import DAY, Affairs
from tests.conftest import Cast
from tests.web.visits import settled

LATER = str(DAY + timedelta(days=10))


@pytest.fixture
def trainer(affairs: Affairs, tree: Cast) -> FlaskClient:
    """A trainer of B who can sign in; its secretary is somebody else."""
    tree.make_member("组织者", "trainer", "B")
    return tree.sign_in("组织者")


@pytest.fixture
def member(tree: Cast) -> FlaskClient:
    """A member of B who can sign in."""
    tree.make_member("学员", unit="B")
    return tree.sign_in("学员")


def follow(client: FlaskClient, path: str, data: dict[str, object]) -> str:
    """Send a form that is taken, and return the page it leads to."""
    reply = client.post(path, data=data)
    assert reply.status_code == 302, reply.text
    return client.get(reply.location).text


def test_a_plan_from_the_first_line_to_the_branch_below(trainer: FlaskClient, tree: Cast) -> None:
    unit = tree.units["B"]
    assert "还没有学习计划" in trainer.get("/plans").text
    plan = {"title": "四季度计划", "unit": unit, "year": 2026, "quarter": 4}
    page = follow(trainer, "/plans/new", plan)
    assert "还没有事项" in page
    item = {
        "title": "学条例",
        "starts_on": str(DAY),
        "due_on": LATER,
        "owner": "post:secretary",
        "statuses": ["full"],
    }
    page = follow(trainer, "/plans/1/items/new", item)
    assert "乙书记" in page
    assert "正式党员" in page
    outside = trainer.post("/plans/1/items/new", data={**item, "due_on": "2027-01-01"})
    assert outside.status_code == 422
    assert "2026-10-01" in outside.text
    assert 'value="学条例"' in outside.text
    page = follow(trainer, "/plans/1/copy", {"units": [tree.units["C"]]})
    assert "新抄 1 份计划、1 项事项" in page
    assert "单位C" in page
    assert "新抄 0 份计划、0 项事项" in follow(
        trainer, "/plans/1/copy", {"units": [tree.units["C"]]}
    )
    assert trainer.post("/plans/1/copy", data={}).status_code == 422
    assert trainer.post("/plans/1/copy", data={"units": "x"}).status_code == 422
    assert trainer.post("/plans/1/discard").status_code == 422
    assert "改过的名称" in follow(trainer, "/plans/1/edit", {"title": "改过的名称"})


def test_plans_from_above_are_taken_and_kept_up(
    trainer: FlaskClient, affairs: Affairs, tree: Cast
) -> None:
    plan = affairs.plan("A")
    affairs.item(plan, "学条例")
    assert "抄成本单位的计划" in trainer.get("/plans").text
    follow(trainer, f"/plans/{plan}/take", {})
    assert "抄成本单位的计划" not in trainer.get("/plans").text
    affairs.item(plan, "补学一课")
    own = plan + 1
    assert "又添了 1 项" in trainer.get(f"/plans/{own}").text
    page = follow(trainer, f"/plans/{own}/pull", {})
    assert "补学一课" in page
    assert "又添了" not in page


def test_a_duty_from_laying_down_to_done(
    trainer: FlaskClient, member: FlaskClient, tree: Cast
) -> None:
    unit, whom = tree.units["B"], tree.people["学员"]
    assert "联系困难党员" not in settled(member).get("/").text
    duty = {
        "title": "联系困难党员",
        "measure": "每月一次",
        "starts_on": str(DAY),
        "due_on": str(DAY + timedelta(days=2)),
        "owner": f"person:{whom}",
    }
    for change in ({"measure": ""}, {"title": ""}, {"owner": "person:99999"}, {"owner": "x"}):
        reply = trainer.post(f"/duties/new?unit={unit}", data={**duty, **change})
        assert reply.status_code == 422, change
    page = follow(trainer, f"/duties/new?unit={unit}", duty)
    assert "学员" in page
    path = re.search(r'action="(/duties/\d+)/withdraw"', page)
    assert path
    home = member.get("/").text
    assert "联系困难党员" in home
    assert "2 天后" in home
    assert "联系困难党员" in member.get("/my-duties").text
    assert member.post(f"{path[1]}/done", data={"day": str(DAY), "text": ""}).status_code == 422
    page = follow(member, f"{path[1]}/done", {"day": str(DAY), "text": "走访了两户"})
    assert "走访了两户" in page
    assert "我负责的事" not in member.get("/").text
    assert trainer.post(f"{path[1]}/reopen", data={"text": ""}).status_code == 422
    follow(trainer, f"{path[1]}/reopen", {"text": "没有记录"})
    other = {"owner": "post:secretary", "day": str(DAY), "text": "另有安排"}
    assert "另有安排" in follow(trainer, f"{path[1]}/hand-over", other)
    assert trainer.post(f"{path[1]}/hand-over", data=other).status_code == 422
    follow(trainer, f"{path[1]}/copy", {"units": [tree.units["C"]]})
    assert "下级的落实" in trainer.get(path[1]).text
    old = {**duty, "version": 9, "text": "改"}
    assert trainer.post(f"{path[1]}/edit", data=old).status_code == 409
    page = follow(trainer, f"{path[1]}/edit", {**old, "version": 1, "title": "联系群众"})
    assert "联系群众" in page
    [below] = [d for d in list_duties(DAY, [tree.units["C"]]) if d.behind]
    assert "上级更改了这一项" in trainer.get(f"/duties/{below.id}").text
    assert "联系群众" in follow(trainer, f"/duties/{below.id}/follow", {})
    assert trainer.post(f"{path[1]}/keep").status_code == 422
    follow(trainer, f"{path[1]}/withdraw", {"text": "文件废止"})
    assert "已取消" in trainer.get(path[1]).text


def test_gaps_lead_to_handing_over(
    trainer: FlaskClient, member: FlaskClient, affairs: Affairs, tree: Cast
) -> None:
    assert "每一项都落实到了人" in trainer.get("/duties/gaps").text
    affairs.duty("B", to="乙某")
    affairs.duty("B", to="乙某", title="带头学")
    disable_person(tree.people["乙某"], tree.viewer("总管"), affairs.clock())
    page = trainer.get("/duties/gaps").text
    assert "账号已停用" in page
    path = f"/duties/people/{tree.people['乙某']}/hand-over"
    assert path in page
    hand = {"owner": f"person:{tree.people['学员']}", "day": str(DAY), "text": "离岗"}
    assert "已移交 2 项" in follow(trainer, path, hand)
    assert "每一项都落实到了人" in trainer.get("/duties/gaps").text
    assert trainer.post(path, data=hand).status_code == 422
    assert "带头学" in member.get("/my-duties").text
    assert (
        f"/duties/people/{tree.people['乙某']}"
        in trainer.get(f"/people/{tree.people['乙某']}").text
    )


def test_attendance_is_ticked_for_all_or_none_and_recorded_once(
    trainer: FlaskClient, member: FlaskClient, tree: Cast
) -> None:
    path = f"/hours/new?unit={tree.units['B']}"
    page = trainer.get(path).text
    key = re.search(r'name="id"[^>]*value="([\w-]{22})"', page)
    assert key
    told: dict[str, object] = {
        "id": key[1],
        "day": str(DAY),
        "subject": "学条例",
        "hours": "2",
        "evidence": "签到表",
    }
    everybody = trainer.post(path, data={**told, "do": "all"}).text
    assert everybody.count(" checked") == everybody.count('name="present"') >= 5
    assert 'value="学条例"' in everybody
    assert " checked" not in trainer.post(path, data={**told, "do": "none"}).text
    whom = tree.people["学员"]
    for change in (
        {"hours": "0"},
        {"hours": "两"},
        {"day": LATER},
        {"present": []},
        {"present": "x"},
    ):
        reply = trainer.post(path, data={**told, "present": whom, **change})
        assert reply.status_code == 422, change
        assert key[1] in reply.text
    for _again in range(2):
        page = follow(trainer, path, {**told, "present": [whom, tree.people["丙某"]], "do": "save"})
        assert "2 人" in page
    assert "2 学时" in member.get("/my-hours").text
    correct = {**told, "version": 1, "present": [whom], "hours": "1.5", "text": "记错了"}
    assert trainer.post(f"/hours/{key[1]}/correct", data={**correct, "text": ""}).status_code == 422
    assert "记错了" in follow(trainer, f"/hours/{key[1]}/correct", correct)
    assert trainer.post(f"/hours/{key[1]}/correct", data=correct).status_code == 409
    page = member.get("/my-hours").text
    assert "原来登记 2 学时" in page
    assert "1.5 学时" in page
    ticked = trainer.get(f"/hours/{key[1]}/correct").text
    assert ticked.count(" checked") == 1
    follow(trainer, f"/hours/{key[1]}/correct", {**correct, "version": 2, "cancel": "y"})
    assert "不作数" in member.get("/my-hours").text
    assert get_total(whom, 2026, DAY).hours == 0
    assert "没有登记集体学习" in member.get("/my-hours?year=2025").text


def test_targets_are_set_with_a_source_and_given_up_again(trainer: FlaskClient, tree: Cast) -> None:
    path = f"/hours/targets?unit={tree.units['B']}"
    page = trainer.get(path).text
    assert "第二十条" in page
    assert "第二十条" in trainer.post(path, data={"applies_to": "full", "hours": "40"}).text
    bad = {"applies_to": "full", "hours": "-1", "source": "支部大会"}
    assert trainer.post(path, data=bad).status_code == 422
    assert trainer.post(path, data={**bad, "hours": "1", "applies_to": "x"}).status_code == 404
    assert "本单位定的" in follow(trainer, path, {**bad, "hours": "40"})
    page = follow(trainer, f"/hours/targets/drop?unit={tree.units['B']}", {"applies_to": "full"})
    assert "本单位定的" not in page


def test_levels_are_walked_down(trainer: FlaskClient, affairs: Affairs, tree: Cast) -> None:
    affairs.duty("B")
    affairs.duty("C", days=0, title="下级的事")
    affairs.clock.move(days=1)
    page = trainer.get("/duties").text
    assert "讲一次党课" in page
    assert "下级的事" not in page
    assert "逾期 1" in page
    below = trainer.get(f"/duties?unit={tree.units['C']}").text
    assert "下级的事" in below
    assert "已逾期 1 天" in below
    assert f'href="/duties?unit={tree.units["B"]}"' in below


def test_odd_addresses_are_answered(trainer: FlaskClient) -> None:
    for path in ("/hours?year=x", "/hours?year=99999", "/plans?page=-3", "/my-hours?year=0"):
        assert trainer.get(path).status_code == 200, path
    assert trainer.get("/duties?unit=99999").status_code == 404
    assert trainer.get("/hours/" + "x" * 300).status_code == 404
    assert trainer.get("/duties/99999999999").status_code in (400, 404)

"""What trainers and administrators see and do, and where their reach ends."""

import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.audit import list_entries
from app.org import queries
from app.org.roster import read_roster
from app.org.workbook import read_rows
from tests.conftest import PASSWORD, Cast, Clock
from tests.test_every_page import faults


@pytest.fixture
def tree(cast: Cast) -> Cast:
    """总 above 甲 and 乙; a trainer of 甲, members of 甲 and 乙, an administrator of everything."""
    cast.make_unit("总")
    cast.make_unit("甲", "总")
    cast.make_unit("乙", "总")
    cast.make_unit("甲一", "甲")
    cast.make_member("甲书记", "trainer", "甲")
    cast.make_member("同级书记", "trainer", "甲")
    cast.make_member("下面的人", unit="甲一")
    cast.make_member("隔壁的人", unit="乙")
    cast.make_member("总管", "admin")
    return cast


def test_the_tree_reads_from_the_top(tree: Cast) -> None:
    assert [u.code for u in queries.list_units(queries.Scope(None))] == ["总", "乙", "甲", "甲一"]
    assert [u.code for u in queries.list_units_below(tree.units["甲"])] == ["甲", "甲一"]
    assert queries.is_within(tree.units["甲一"], tree.units["总"])
    assert not queries.is_within(tree.units["总"], tree.units["甲"])
    assert not queries.is_within(None, tree.units["甲"])


def test_people_are_found_by_unit_and_status(tree: Cast) -> None:
    client, unit = tree.sign_in("甲书记"), tree.units["甲一"]
    everybody = client.get("/people").text
    below = client.get(f"/people?unit={unit}").text
    assert "甲书记</a>" in everybody
    assert "下面的人</a>" in below
    assert "甲书记</a>" not in below
    assert "没有找到" in client.get("/people?status=full").text
    for nonsense in (f"unit={tree.units['总']}", "unit=x", "status=none", "page=-1"):
        assert client.get(f"/people?{nonsense}").text.count("</tr>") == everybody.count("</tr>")


def test_a_trainer_sees_only_their_own_unit_and_below(tree: Cast) -> None:
    client = tree.sign_in("甲书记")
    page = client.get("/people").text
    assert "下面的人" in page
    assert "隔壁的人" not in page
    assert client.get(f"/people/{tree.people['下面的人']}").status_code == 200
    for name in ("隔壁的人", "总管"):
        assert client.get(f"/people/{tree.people[name]}").status_code == 404
        assert client.post(f"/people/{tree.people[name]}/invite").status_code == 404
    units = client.get("/units").text
    assert "单位甲一" in units
    assert "单位乙" not in units
    assert client.get("/units/new").status_code == 404


def test_a_trainer_may_not_take_over_a_peer_or_grant_more(tree: Cast) -> None:
    client = tree.sign_in("甲书记")
    assert client.post(f"/people/{tree.people['同级书记']}/invite").status_code == 404
    assert client.post(f"/people/{tree.people['甲书记']}/invite").status_code == 404
    assert client.post(f"/people/{tree.people['下面的人']}/invite").status_code == 200
    data = {"name": "新人", "unit": tree.units["甲"], "role": "admin"}
    assert client.post("/people/invite", data=data).status_code == 422
    data = {"name": "新人", "unit": tree.units["乙"], "role": "member"}
    assert client.post("/people/invite", data=data).status_code == 422


def test_one_person_is_invited_with_link_and_picture(tree: Cast, app: Flask) -> None:
    client = tree.sign_in("甲书记")
    data = {"name": "新人", "unit": tree.units["甲一"], "role": "member"}
    page = client.post("/people/invite", data=data).text
    assert 'src="data:image/svg+xml' in page
    [path] = re.findall(r"http://localhost(/invite/[\w.-]+)", page)
    assert app.test_client().get(path).status_code == 200
    assert client.post("/people/invite", data=data).status_code == 422


SHEET = """姓名,手机,单位,身份,职务
新一,13800000001,甲一,预备党员,
新二,,,,科长
新三,,乙,,
坏,12,,,
下面的人,13800000002,,党员,书记
"""


def upload(client: FlaskClient, unit: int, sheet: str = SHEET) -> str:
    """Send a roster as Excel in China writes it and return the page."""
    file = (io.BytesIO(sheet.encode("gb18030")), "名册.csv")
    return client.post("/people/roster", data={"file": file, "unit": str(unit)}).text


def sealed(page: str) -> str:
    """Return what a preview's form carries; "" when there is nothing to confirm."""
    found = re.findall(r'name="roster"[^>]*value="([^"]+)"', page)
    return str(found[0]) if found else ""


def test_a_roster_is_previewed_confirmed_and_idempotent(tree: Cast) -> None:
    client, unit = tree.sign_in("甲书记"), tree.units["甲一"]
    assert queries.count_people(tree.units["甲"]) == 3
    page = upload(client, unit)
    assert faults(page) == []
    assert "新增 2 人，更改 1 人" in page
    for words in ("没有找到单位“乙”", "手机号应为", "“科长”", "（无） → 13800000002", "书记"):
        assert words in page, words
    assert "未登记 → 正式党员" in page
    assert queries.count_people(tree.units["甲"]) == 3
    done = client.post("/people/roster/confirm", data={"roster": sealed(page)}).text
    assert done.count("data:image/svg+xml") == 2
    assert faults(done) == []
    assert "新增 2 人，更改 1 人。" in done
    again = client.post("/people/roster/confirm", data={"roster": sealed(page)}).text
    assert "新增 0 人，更改 0 人。" in again
    page = upload(client, unit)
    assert "没有要写入的内容" in page
    assert not sealed(page)
    assert queries.count_people(tree.units["甲"]) == 5


def test_a_roster_cannot_be_forged_or_sent_by_somebody_else(tree: Cast) -> None:
    client, stranger = tree.sign_in("甲书记"), tree.sign_in("同级书记")
    token = sealed(upload(client, tree.units["甲"]))
    assert client.post("/people/roster/confirm", data={"roster": token + "x"}).status_code == 422
    assert client.post("/people/roster/confirm", data={}).status_code == 422
    assert stranger.post("/people/roster/confirm", data={"roster": token}).status_code == 422
    assert queries.count_people(tree.units["甲"]) == 3


def test_what_changed_since_the_preview_stops_the_import(tree: Cast) -> None:
    client, unit = tree.sign_in("甲书记"), tree.units["甲一"]
    token = sealed(upload(client, unit))
    upload_of_peer = sealed(upload(tree.sign_in("同级书记"), unit, "姓名,类别\n下面的人,群众\n"))
    tree.sign_in("同级书记").post("/people/roster/confirm", data={"roster": upload_of_peer})
    assert client.post("/people/roster/confirm", data={"roster": token}).status_code == 409
    assert queries.count_people(tree.units["甲"]) == 3


def test_who_is_not_in_the_roster_is_named_and_left_alone(tree: Cast) -> None:
    tree.make_member("漏掉的人", unit="甲一")
    page = upload(tree.sign_in("甲书记"), tree.units["甲一"], "姓名\n下面的人\n")
    assert "名册里没有的 1 人" in page
    assert "漏掉的人" in page
    assert "不变 1 人" in page


def test_hints_are_shown_and_never_bar(tree: Cast) -> None:
    rows = "".join(f"某{n},1390000{n:04d},甲一,党员,\n" for n in range(51))
    client = tree.sign_in("甲书记")
    page = upload(client, tree.units["甲一"], "姓名,手机,单位,类别,职务\n" + rows)
    assert "一般不超过 50 人" in page
    assert "支部委员会" in page
    assert client.post("/people/roster/confirm", data={"roster": sealed(page)}).status_code == 200
    assert "一般不超过 50 人" in client.get(f"/units/{tree.units['甲一']}").text


def test_the_empty_roster_can_be_downloaded(tree: Cast) -> None:
    reply = tree.sign_in("甲书记").get("/people/roster/template.xlsx")
    assert reply.headers["Content-Disposition"] == "attachment; filename=roster.xlsx"
    rows = read_rows(reply.data, 10)
    assert rows is not None
    assert read_roster(rows).lines == ()


def test_an_administrator_adds_renames_moves_merges_and_closes_units(tree: Cast) -> None:
    client, u = tree.sign_in("总管"), tree.units
    data = {"code": "丙", "name": "丙支部", "kind": "党支部", "parent": str(u["总"])}
    added = client.post("/units/new", data=data)
    assert added.status_code == 302
    assert "丙支部" in client.get("/units").text
    again = client.post("/units/new", data=data)
    assert again.status_code == 422
    assert 'id="code-error"' in again.text
    place = added.location
    assert (
        client.post(f"{place}/rename", data={"name": "丁组", "kind": "党小组"}).status_code == 302
    )
    assert "丁组" in client.get(place).text
    assert client.post(f"{place}/move", data={"parent": str(u["乙"])}).status_code == 302
    assert "单位乙" in client.get(place).text
    circle = client.post(f"/units/{u['甲']}/move", data={"parent": str(u["甲一"])})
    assert circle.status_code == 422
    assert "成为一个圈" in circle.text
    assert faults(circle.text) == []
    assert 'id="parent-error"' in circle.text
    assert client.post(f"/units/{u['甲一']}/close").status_code == 422
    assert "1 人" in client.get(f"/units/{u['甲一']}/merge").text
    assert client.post(f"/units/{u['甲一']}/merge", data={"into": str(u["乙"])}).status_code == 302
    assert "已并入" in client.get(f"/units/{u['甲一']}").text
    assert client.post(f"{place}/close").status_code == 302
    assert "已关闭的 2 个单位" in client.get("/units").text
    assert "隔壁的人" in client.get("/people?q=隔壁").text
    assert "甲书记" not in client.get("/people?q=隔壁").text


def edit_form(client: FlaskClient, whom: int, **changes: str) -> dict[str, str]:
    """Return what a browser would send back from the edit form, with changes."""
    page = client.get(f"/people/{whom}/edit").text
    sent = dict(re.findall(r'<input [^>]*name="(\w+)" type="\w+" value="([^"]*)"', page))
    for name, body in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'selected value="([^"]*)"', body)
        sent[name] = chosen[1] if chosen else ""
    return {**sent, **changes}


def test_a_trainer_edits_a_member(tree: Cast) -> None:
    client, whom = tree.sign_in("甲书记"), tree.people["下面的人"]
    data = edit_form(client, whom, status="probationary", standing="exempt", phone="13900000001")
    assert "role" not in data
    assert client.post(f"/people/{whom}/edit", data=data).status_code == 302
    page = client.get(f"/people/{whom}").text
    assert "预备党员" in page
    assert "免于硬性要求" in page
    assert "13900000001" in page
    old = client.post(f"/people/{whom}/edit", data={**data, "status": "full"})
    assert old.status_code == 409
    bad = client.post(f"/people/{whom}/edit", data=edit_form(client, whom, phone="12"))
    assert bad.status_code == 422
    assert 'id="phone-error"' in bad.text
    foreign = edit_form(client, whom, unit=str(tree.units["乙"]))
    assert client.post(f"/people/{whom}/edit", data=foreign).status_code == 422


def test_a_trainer_cannot_change_a_peers_reach_by_a_forged_form(tree: Cast) -> None:
    client, whom = tree.sign_in("甲书记"), tree.people["同级书记"]
    data = edit_form(client, whom, status="full")
    assert {"name", "unit", "role"}.isdisjoint(data)
    forged = {**data, "role": "admin", "unit": str(tree.units["甲一"]), "name": "别名"}
    assert client.post(f"/people/{whom}/edit", data=forged).status_code == 302
    person = queries.get_profile(whom, date(2026, 11, 23))
    assert (person.name, person.role, person.unit_id) == ("同级书记", "trainer", tree.units["甲"])
    assert person.status == "full"


def test_an_administrator_gives_a_role_and_moves_somebody(tree: Cast, clock: Clock) -> None:
    clock.move(days=1)
    client, whom = tree.sign_in("总管"), tree.people["下面的人"]
    data = edit_form(client, whom, role="auditor", unit=str(tree.units["乙"]))
    assert client.post(f"/people/{whom}/edit", data=data).status_code == 302
    page = client.get(f"/people/{whom}").text
    assert "督导" in page
    assert '单位甲一</span> <span class="count">2026年11月23日 至 2026年11月24日' in page
    assert tree.sign_in("下面的人").get(f"/people/{tree.people['隔壁的人']}").status_code == 200


def test_posts_are_given_and_ended(tree: Cast) -> None:
    client, whom, unit = tree.sign_in("甲书记"), tree.people["下面的人"], tree.units["甲一"]
    data = {"post": "secretary", "unit": str(unit), "since": "2026-01-01", "until": ""}
    assert client.post(f"/people/{whom}/posts", data=data).status_code == 302
    twice = client.post(f"/people/{whom}/posts", data=data)
    assert twice.status_code == 422
    assert 'id="post-error"' in twice.text
    assert "在任" in client.get(f"/people/{whom}").text
    assert "下面的人" in client.get(f"/units/{unit}").text
    place = f"/people/{whom}/posts/{unit}/secretary/2026-01-01"
    early = client.post(place, data={"until": "2025-01-01"})
    assert early.status_code == 422
    assert 'id="until-error"' in early.text
    assert client.post(place, data={"until": "2026-06-01"}).status_code == 302
    assert "2026年1月1日 至 2026年6月1日" in client.get(f"/people/{whom}").text
    assert client.get(place.replace("secretary", "deputy")).status_code == 404


def test_disabling_and_enabling(tree: Cast) -> None:
    client, whom = tree.sign_in("甲书记"), tree.people["下面的人"]
    member = tree.sign_in("下面的人")
    assert client.post(f"/people/{whom}/disable").status_code == 302
    assert member.get("/settings").status_code == 302
    assert "恢复账号" in client.get(f"/people/{whom}").text
    assert client.post(f"/people/{whom}/enable").status_code == 302
    assert tree.sign_in("下面的人").get("/settings").status_code == 200


def test_an_auditor_reads_and_is_offered_nothing_to_change(tree: Cast) -> None:
    tree.make_member("督导员", "auditor", "甲")
    client = tree.sign_in("督导员")
    for path in ("/people", f"/people/{tree.people['下面的人']}", "/units"):
        page = client.get(path).text
        assert 'method="post"' not in page, path
        for word in ("/edit", "/invite", "/roster", "/posts", "/units/new"):
            assert word not in page, (path, word)


def test_everybody_reads_who_sees_them_and_what_was_done(tree: Cast, clock: Clock) -> None:
    trainer, whom = tree.sign_in("甲书记"), tree.people["下面的人"]
    clock.move(days=2)
    data = edit_form(trainer, whom, status="activist")
    assert trainer.post(f"/people/{whom}/edit", data=data).status_code == 302
    page = tree.sign_in("下面的人").get("/who-sees-my-data").text
    for words in ("单位甲一", "单位甲", "单位总", "、甲书记", "全站", "总管"):
        assert words in page, words
    assert "隔壁" not in page
    assert "单位乙" not in page
    assert "2026年11月25日 甲书记：更改了登记的内容" in page
    assert "未登记 → 入党积极分子" in page
    assert all(entry.action not in page for entry in list_entries())
    assert "/who-sees-my-data" in tree.sign_in("下面的人").get("/settings").text


def test_the_record_of_acts_is_read_page_by_page(tree: Cast) -> None:
    trainer, whom = tree.sign_in("甲书记"), tree.people["下面的人"]
    for number in range(55):
        status = ("full", "activist")[number % 2]
        trainer.post(f"/people/{whom}/edit", data=edit_form(trainer, whom, status=status))
    member = tree.sign_in("下面的人")
    first, second = (member.get(f"/who-sees-my-data?page={n}").text for n in (1, 2))
    assert first.count("<li>2026") == 50
    assert second.count("<li>2026") == 6
    assert "page=2" in first
    assert "page=3" not in second


def test_people_and_units_from_the_terminal(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert '"id":' in runner.invoke(args=["org", "add-unit", "A", "甲支部", "--json"]).output
    command = ["accounts", "add", "张三", "--role", "member", "--unit", "A", "--json"]
    done = runner.invoke(args=command, input=PASSWORD + "\n")
    assert done.exit_code == 0
    assert '"id":' in done.output
    refused = runner.invoke(args=command, input=PASSWORD + "\n")
    assert refused.exit_code == 1


def test_units_are_changed_from_the_terminal(app: Flask) -> None:
    runner = app.test_cli_runner()
    for code in "ABC":
        assert runner.invoke(args=["org", "add-unit", code, f"{code}支部", "--json"]).exit_code == 0
    for words in (
        ["rename-unit", "A", "甲总支", "--kind", "党总支"],
        ["move-unit", "B", "--parent", "A"],
        ["merge-unit", "C", "B"],
    ):
        done = runner.invoke(args=["org", *words, "--json"])
        assert done.exit_code == 0, done.output
    assert [(u.code, u.kind, u.depth) for u in queries.list_units(queries.Scope(None))] == [
        ("A", "党总支", 0),
        ("B", "党支部", 1),
    ]
    assert runner.invoke(args=["org", "move-unit", "A", "--parent", "B"]).exit_code == 1
    assert runner.invoke(args=["org", "close-unit", "A"]).exit_code == 1
    assert runner.invoke(args=["org", "close-unit", "B", "--json"]).exit_code == 0
    command = ["accounts", "add", "李四", "--role", "member", "--unit", "B"]
    assert runner.invoke(args=command, input=PASSWORD + "\n").exit_code == 1

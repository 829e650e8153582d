"""What trainers and administrators see and do, and where their reach ends."""

import io
import re

import pytest
from flask import Flask

from app.base.errors import Invalid
from app.org import queries
from app.org.actions import add_unit
from tests.conftest import PASSWORD, Cast


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
    with pytest.raises(Invalid):
        add_unit("甲", "又一个")


def test_a_trainer_sees_only_their_own_unit_and_below(tree: Cast) -> None:
    client = tree.sign_in("甲书记")
    page = client.get("/people").text
    assert "下面的人" in page
    assert "隔壁的人" not in page
    assert client.get(f"/people/{tree.people['下面的人']}").status_code == 200
    for name in ("隔壁的人", "总管"):
        assert client.get(f"/people/{tree.people[name]}").status_code == 404
        assert client.post(f"/people/{tree.people[name]}/invite").status_code == 404
    assert client.get("/units").status_code == 404


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


def test_a_roster_is_previewed_confirmed_and_idempotent(tree: Cast) -> None:
    client = tree.sign_in("甲书记")
    sheet = "姓名,手机,单位\n新一,13800000001,甲一\n新二,,\n新三,,乙\n坏,12,\n"

    def upload() -> str:
        file = (io.BytesIO(sheet.encode("gb18030")), "名册.csv")
        data = {"file": file, "unit": str(tree.units["甲"])}
        page = client.post("/people/roster", data=data).text
        [sealed] = re.findall(r'name="roster"[^>]*value="([^"]+)"', page)
        return str(sealed)

    assert queries.count_people(tree.units["甲"]) == 3
    page = client.post("/people/roster/confirm", data={"roster": upload()}).text
    assert page.count("data:image/svg+xml") == 2
    again = client.post("/people/roster/confirm", data={"roster": upload()}).text
    assert "data:image/svg+xml" not in again
    assert queries.count_people(tree.units["甲"]) == 5
    forged = client.post("/people/roster/confirm", data={"roster": upload() + "x"})
    assert forged.status_code == 422
    stranger = tree.sign_in("同级书记")
    assert stranger.post("/people/roster/confirm", data={"roster": upload()}).status_code == 422


def test_an_administrator_adds_units(tree: Cast) -> None:
    client = tree.sign_in("总管")
    data = {"code": "丙", "name": "丙支部", "kind": "党支部", "parent": str(tree.units["总"])}
    assert client.post("/units", data=data).status_code == 302
    assert "丙支部" in client.get("/units").text
    assert "隔壁的人" in client.get("/people?q=隔壁").text
    assert "甲书记" not in client.get("/people?q=隔壁").text


def test_people_and_units_from_the_terminal(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert '"id":' in runner.invoke(args=["org", "add-unit", "A", "甲支部", "--json"]).output
    command = ["accounts", "add", "张三", "--role", "member", "--unit", "A", "--json"]
    done = runner.invoke(args=command, input=PASSWORD + "\n")
    assert done.exit_code == 0
    assert '"id":' in done.output
    refused = runner.invoke(args=command, input=PASSWORD + "\n")
    assert refused.exit_code == 1

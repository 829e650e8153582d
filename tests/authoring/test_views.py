"""Trainers bring files in, look, confirm, approve and reword; nobody else's unit is touched."""

import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.authoring.queries import list_drafts
from app.bank.formats.write_xlsx import write_template
from app.bank.queries import list_question_ids
from app.base import audit
from app.org.actions import merge_units
from tests.conftest import Cast, Clock
from tests.test_every_page import faults

SHEET = """题干,选项A,选项B,选项C,答案,解析
本支部的主题党日是每月几号？,5号,10号,25号,B,支部大会定的。
本支部周五学习。,,,,正确,
,甲,乙,丙,A,
"""


@pytest.fixture
def tree(bank: Flask, cast: Cast) -> Cast:
    """A above B above C, D beside B; a trainer of B and one of D, a member of C."""
    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A")):
        cast.make_unit(code, parent)
    cast.make_member("书记", role="trainer", unit="B")
    cast.make_member("邻居", role="trainer", unit="D")
    cast.make_member("组员", unit="C")
    return cast


@pytest.fixture
def trainer(tree: Cast) -> FlaskClient:
    """The browser of B's trainer."""
    return tree.sign_in("书记")


def upload(client: FlaskClient, unit: int, text: str = SHEET, name: str = "题目.csv") -> str:
    """Upload a file and return the address of its preview."""
    data = {"file": (io.BytesIO(text.encode()), name), "unit": str(unit)}
    reply = client.post("/bank/import", data=data)
    assert reply.status_code == 302, reply.text
    return reply.location


def confirm(client: FlaskClient, preview: str) -> None:
    """Confirm what a preview shows."""
    page = client.get(preview).text
    [batch] = re.findall(r'name="batch"[^>]*value="([^"]+)"', page)
    assert client.post("/bank/import/confirm", data={"batch": batch}).status_code == 302


def draft_ids(client: FlaskClient) -> list[str]:
    """Return the drafts that wait."""
    return re.findall(r'name="draft" value="([^"]+)"', client.get("/bank/drafts").text)


def test_a_file_is_shown_before_anything_is_kept(tree: Cast, trainer: FlaskClient) -> None:
    preview = upload(trainer, tree.units["B"])
    page = trainer.get(preview).text
    assert faults(page) == []
    assert "识别到 2 题" in page
    assert "第 4 行：缺少题干" in page
    assert draft_ids(trainer) == []
    confirm(trainer, preview)
    assert len(draft_ids(trainer)) == 2
    confirm(trainer, upload(trainer, tree.units["B"]))
    assert len(draft_ids(trainer)) == 2


def test_approved_drafts_reach_the_unit_and_those_below(tree: Cast, trainer: FlaskClient) -> None:
    confirm(trainer, upload(trainer, tree.units["B"]))
    url = f"/bank/drafts/{tree.units['B']}"
    data = {"draft": draft_ids(trainer), "what": "approve"}
    for _time in range(2):
        assert trainer.post(url, data=data).status_code == 302
    assert "主题党日" in tree.sign_in("组员").get("/search?q=主题党日").text
    assert "找到 0 题" in tree.sign_in("邻居").get("/search?q=主题党日").text
    assert faults(trainer.get("/bank/drafts?state=approved").text) == []
    approved = [e for e in audit.list_entries() if e.action == "bank.add_own_question"]
    assert len(approved) == 2


def test_questions_and_drafts_go_along_when_units_are_merged(
    tree: Cast, trainer: FlaskClient, clock: Clock
) -> None:
    confirm(trainer, upload(trainer, tree.units["B"]))
    first, second = draft_ids(trainer)
    url = f"/bank/drafts/{tree.units['B']}"
    assert trainer.post(url, data={"draft": [first], "what": "approve"}).status_code == 302
    [own] = re.findall(
        r"/bank/questions/(u[^\"]+)", trainer.get("/bank/drafts?state=approved").text
    )
    neighbour = tree.sign_in("邻居")
    assert neighbour.get(f"/bank/questions/{own}").status_code == 404
    for unit, into in (("B", "D"), ("D", "A")):
        merge_units(tree.units[unit], tree.units[into], clock(), None)
        assert neighbour.get(f"/bank/questions/{own}").status_code == 200, into
        assert draft_ids(neighbour) == [second], into
        assert tree.sign_in("组员").get(f"/study?way=one&question={own}").status_code == 200, into
    assert neighbour.post(url, data={"draft": [second], "what": "reject"}).status_code == 302
    assert neighbour.post(f"/bank/questions/{own}/stop").status_code == 302


def test_a_draft_is_edited_with_a_preview(tree: Cast, trainer: FlaskClient) -> None:
    confirm(trainer, upload(trainer, tree.units["B"]))
    url = f"/bank/drafts/{tree.units['B']}/{draft_ids(trainer)[0]}"
    page = trainer.get(url).text
    assert "5号\n10号\n25号" in page
    data = {
        "kind": "single",
        "stem": "本支部的主题党日是每月几号？",
        "lines": "5号\n15号\n25号",
        "answer": "b",
        "difficulty": "know",
    }
    shown = trainer.post(url, data={**data, "preview": "1"})
    assert shown.status_code == 200
    assert 'class="choices"' in shown.text
    assert faults(shown.text) == []
    assert trainer.post(url, data={**data, "answer": "F"}).status_code == 422
    assert trainer.post(url, data=data).status_code == 302
    stored, _total = list_drafts([tree.units["B"]], "draft", 10)
    assert "15号" in {option for one in stored for option in one.draft.options}


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "lines", "answer", "words"),
    [
        ("single", "甲\n乙", "", "答案"),
        ("single", "甲\n甲", "A", "相同"),
        ("multiple", "甲\n乙\n丙", "A", "单选题"),
        ("truefalse", "", "也许", "答案"),
        ("order", "甲\n乙", "", "少于"),
    ],
)
def test_an_unusable_question_is_refused_with_every_reason(
    trainer: FlaskClient, kind: str, lines: str, answer: str, words: str
) -> None:
    data = {"kind": kind, "stem": "题干", "lines": lines, "answer": answer, "difficulty": "know"}
    reply = trainer.post("/bank/drafts/new", data=data)
    assert reply.status_code == 422
    assert words in reply.text
    assert draft_ids(trainer) == []


@pytest.mark.parametrize(
    ("kind", "stem", "lines", "answer"),
    [
        ("multiple", "多选", "甲\n乙\n丙", "ca"),
        ("truefalse", "判断", "", "错"),
        ("blank", "填___和___", "一/1\n1/3/三分之一", ""),
        ("order", "排序", "甲\n乙\n丙", ""),
    ],
)
def test_every_kind_can_be_written_and_approved(
    tree: Cast, trainer: FlaskClient, kind: str, stem: str, lines: str, answer: str
) -> None:
    data = {"kind": kind, "stem": stem, "lines": lines, "answer": answer, "difficulty": "apply"}
    assert trainer.post("/bank/drafts/new", data=data).status_code == 302
    unit = tree.units["B"]
    chosen = {"draft": draft_ids(trainer), "what": "approve"}
    assert trainer.post(f"/bank/drafts/{unit}", data=chosen).status_code == 302
    [own] = [i for i in list_question_ids(units=frozenset({unit})) if i.startswith(f"u{unit}-")]
    page = trainer.get(f"/bank/questions/{own}").text
    assert faults(page) == []
    assert stem.replace("___", "（　　）") in page


def test_an_own_question_is_reworded_and_stopped(tree: Cast, trainer: FlaskClient) -> None:
    confirm(trainer, upload(trainer, tree.units["B"]))
    unit = tree.units["B"]
    trainer.post(f"/bank/drafts/{unit}", data={"draft": draft_ids(trainer), "what": "approve"})
    own = [i for i in list_question_ids(units=frozenset({unit})) if i.startswith(f"u{unit}-")]
    url = f"/bank/questions/{own[1]}"
    data = {"kind": "truefalse", "stem": "本支部周六学习。", "answer": "错", "difficulty": "know"}
    assert trainer.post(f"{url}/edit", data=data).status_code == 302
    page = trainer.get(url).text
    assert "第 2 版" in page
    assert page.index("周六") < page.index("周五")
    assert trainer.post(f"{url}/stop").status_code == 302
    assert own[1] not in list_question_ids(units=frozenset({unit}))
    assert trainer.get("/bank/questions/fx-a01-01/edit").status_code == 404


def test_a_neighbour_reaches_nothing(tree: Cast, trainer: FlaskClient) -> None:
    preview = upload(trainer, tree.units["B"])
    confirm(trainer, preview)
    unit, chosen = tree.units["B"], draft_ids(trainer)
    neighbour = tree.sign_in("邻居")
    assert neighbour.get(preview).status_code == 404
    assert draft_ids(neighbour) == []
    url = f"/bank/drafts/{unit}"
    for what in ("approve", "reject"):
        data = {"draft": chosen, "what": what}
        assert neighbour.post(url, data=data).status_code == 404
    assert neighbour.get(f"{url}/{chosen[0]}").status_code == 404
    refused = neighbour.post(
        "/bank/import", data={"file": (io.BytesIO(b"x"), "x.csv"), "unit": str(unit)}
    )
    assert refused.status_code == 422
    trainer.post(url, data={"draft": chosen, "what": "approve"})
    own = next(i for i in list_question_ids(units=frozenset({unit})) if i.startswith("u"))
    for path in (f"/bank/questions/{own}", f"/bank/questions/{own}/edit"):
        assert neighbour.get(path).status_code == 404
    assert neighbour.post(f"/bank/questions/{own}/stop").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("content", ["", "没有题目的一句话", "PK\x03\x04", "<quiz", "[[["])
def test_a_file_without_questions_is_refused_with_a_sentence(
    tree: Cast, trainer: FlaskClient, content: str
) -> None:
    data = {"file": (io.BytesIO(content.encode()), "x.txt"), "unit": str(tree.units["B"])}
    reply = trainer.post("/bank/import", data=data)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text


@pytest.mark.once
@pytest.mark.parametrize("layout", ["xlsx", "gift", "moodle-xml", "toml"])
def test_what_is_exported_comes_back_the_same(
    tree: Cast, trainer: FlaskClient, layout: str
) -> None:
    sent = trainer.get(f"/bank/export?format={layout}&subject=dangzhang&kind=single")
    assert sent.status_code == 200
    assert "attachment" in sent.headers["Content-Disposition"]
    name = sent.headers["Content-Disposition"].split("filename=")[1].strip('"')
    data = {"file": (io.BytesIO(sent.data), name), "unit": str(tree.units["B"])}
    preview = trainer.get(trainer.post("/bank/import", data=data).location).text
    assert "识别到 4 题" in preview
    confirm(
        trainer,
        trainer.post("/bank/import", data={**data, "file": (io.BytesIO(sent.data), name)}).location,
    )
    assert draft_ids(trainer) == []  # the bank has them all


def test_the_template_can_be_sent_back_as_it_is(tree: Cast, trainer: FlaskClient) -> None:
    assert trainer.get("/bank/template.xlsx").data == write_template()


def test_the_bank_is_filtered(tree: Cast, trainer: FlaskClient) -> None:
    assert "共 12 题" in trainer.get("/bank").text
    assert "共 2 题" in trainer.get("/bank?kind=order").text
    assert "共 1 题" in trainer.get("/bank?text=第九条&chapter=ch1").text
    nothing = trainer.get("/bank?difficulty=apply&kind=single").text
    assert "请放宽条件" in nothing
    assert faults(nothing) == []
    assert trainer.get("/bank/export?difficulty=apply&kind=single").status_code == 422
    assert trainer.get("/bank/export?format=pdf").status_code == 404


def test_from_the_terminal(tree: Cast, clock: Clock, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "题目.csv").write_text(SHEET)
    runner = tree.app.test_cli_runner()
    words = ["bank", "import", str(folder / "题目.csv"), "--unit", "B", "--json"]
    dry = json.loads(runner.invoke(args=[*words, "--dry-run"]).stdout)
    assert (dry["questions"], dry["imported"]) == (3, 0)
    first = json.loads(runner.invoke(args=words).stdout)
    assert (first["imported"], first["duplicates"]) == (2, 0)
    assert first["kinds"] == {"single": 1, "truefalse": 1}
    assert [row["row"] for row in first["refused"]] == [4]
    assert "CSV" in first["recognised"]
    again = json.loads(runner.invoke(args=words).stdout)
    assert (again["imported"], again["duplicates"]) == (0, 2)
    merge_units(tree.units["B"], tree.units["A"], clock(), None)
    closed = runner.invoke(args=words)
    assert (closed.exit_code, "已经关闭" in closed.stderr) == (1, True)
    out = folder / "o.toml"
    words = [
        "bank",
        "export",
        "--subject",
        "dangzhang",
        "--format",
        "toml",
        "-o",
        str(out),
        "--json",
    ]
    assert json.loads(runner.invoke(args=words).stdout)["questions"] == 12
    assert out.read_text().count("[[question]]") == 12

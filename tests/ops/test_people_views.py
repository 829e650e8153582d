"""One's own data to take along, the record of acts, and the page that erases somebody."""

import io
import json
import re

import openpyxl
import pytest
from flask import Flask

from app.accounts.actions import add_user
from app.bank.queries import list_question_ids
from app.base import audit
from app.base.db import db, transaction
from app.ops.forms import ACTIONS
from app.ops.queries import get_everything
from app.org.acts import WORDS
from app.study.actions import write_note
from tests.conftest import PASSWORD, Cast, Clock

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def tree(bank: Flask, cast: Cast, clock: Clock) -> Cast:
    """A above B; an administrator of everything and one of B, members of A and B, some acts."""
    cast.make_unit("A")
    cast.make_unit("B", "A")
    cast.make_member("总管", "admin")
    cast.make_member("乙管", "admin", "B")
    cast.make_member("甲某", unit="A")
    cast.make_member("乙某", unit="B")
    for actor, member in (("总管", "甲某"), ("总管", "乙某"), ("乙管", "乙某")):
        with transaction() as session:
            subject = f"user:{cast.people[member]}"
            ids = cast.people[actor], cast.people[member]
            audit.record(session, clock(), ids[0], "accounts.renew_invite", subject, ids[1])
    return cast


def test_everything_about_oneself_and_nobody_else(tree: Cast) -> None:
    write_note(tree.people["甲某"], list_question_ids()[0], FORMULA)
    write_note(tree.people["乙某"], list_question_ids()[0], "乙的笔记")
    reply = tree.sign_in("甲某").get("/my-data/xueji.json")
    assert 'filename="xueji.json"' in reply.headers["Content-Disposition"]
    found = json.loads(reply.text)
    assert found["name"] == "甲某"
    assert found["tables"]["study_note"][0]["text"] == FORMULA
    assert len(found["tables"]["base_audit"]) == 2
    assert "乙" not in reply.text


def test_no_secret_is_in_it(tree: Cast) -> None:
    client = tree.sign_in("甲某")
    cookie = client.get_cookie("session")
    assert cookie
    text = client.get("/my-data/xueji.json").text
    assert "argon2" not in text
    assert not re.search(r"[0-9a-f]{64}", text)
    assert "hash" not in text


def test_every_table_that_belongs_to_a_member_is_in_it(tree: Cast, clock: Clock) -> None:
    found = get_everything(tree.people["甲某"], clock())["tables"]
    wanted = {
        name
        for name, table in db.metadata.tables.items()
        if {"member_id", "user_id"} & set(table.primary_key.columns.keys())
    }
    assert set(found) == wanted | {"accounts_user", "base_audit"}


def test_the_workbook_holds_the_same_and_no_formula(tree: Cast) -> None:
    write_note(tree.people["甲某"], list_question_ids()[0], FORMULA)
    client = tree.sign_in("甲某")
    reply = client.get("/my-data/xueji.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(reply.data))
    notes = list(book["笔记"].iter_rows(values_only=True))
    assert notes[0] == ("member_id", "question_id", "text")
    assert notes[1][2] == FORMULA
    assert book["笔记"]["C2"].data_type == "s"
    tables = json.loads(client.get("/my-data/xueji.json").text)["tables"]
    assert len(book.sheetnames) == len(tables)


def test_a_member_reads_who_did_something_with_their_data(tree: Cast) -> None:
    page = tree.sign_in("乙某").get("/my-data").text
    assert page.count("生成了新的登录链接") == 2
    assert "总管" in page
    assert "乙管" in page
    assert "甲某" not in page


def test_acts_have_words_that_address_nobody_but_the_member() -> None:
    assert set(ACTIONS) == set(WORDS)
    assert not [words for words in map(str, ACTIONS.values()) if "你" in words]
    assert [words for words in map(str, WORDS.values()) if "你" in words]


def test_the_record_is_filtered_and_paged(tree: Cast, clock: Clock) -> None:
    for number in range(60):
        with transaction() as session:
            audit.record(session, clock(), None, "bank.publish_bank", f"bank{number}")
    client = tree.sign_in("总管")
    first = client.get("/acts").text
    assert "bank59" in first
    assert "bank8<" not in first
    assert "bank8<" in client.get("/acts?page=2").text
    by = client.get("/acts?by=乙管").text
    assert by.count("<strong>") == 1
    assert client.get("/acts?about=甲某").text.count("<strong>") == 2
    assert client.get("/acts?action=accounts.renew_invite").text.count("<strong>") == 3
    assert "<strong>" not in client.get("/acts?by=nobody").text
    with transaction() as session:
        told = {"title": "甲卷", "closes_at": 1796896800, "unit": 1}
        audit.record(session, clock(), None, "quiz.make_paper", "paper:1", None, told)
    newest = client.get("/acts").text
    assert "2026年12月10日 18:00" in newest
    assert "{" not in newest.split("</form>")[1]
    for odd in ("page=-1", "page=99999999", "page=x", "action=" + "x" * 500, "by=%00"):
        assert client.get(f"/acts?{odd}").status_code == 200, odd


def test_an_administrator_of_a_unit_sees_its_acts_only(tree: Cast) -> None:
    page = tree.sign_in("乙管").get("/acts").text
    assert page.count("<strong>") == 4
    assert "甲某" not in page
    assert "<strong>" not in tree.sign_in("乙管").get("/acts?about=甲某").text


def test_erasing_needs_the_name_and_reaches_no_further_than_people(
    tree: Cast, clock: Clock
) -> None:
    client, other = tree.sign_in("乙管"), tree.people["乙某"]
    page = f"/people/{other}/erase"
    assert page in client.get(f"/people/{other}").text
    assert client.post(page, data={"name": "甲某"}).status_code == 422
    assert client.post(page, data={"name": ""}).status_code == 422
    outside = f"/people/{tree.people['甲某']}/erase"
    assert client.get(outside).status_code == 404
    assert client.post(outside, data={"name": "甲某"}).status_code == 404
    own = f"/people/{tree.people['乙管']}/erase"
    assert client.post(own, data={"name": "乙管"}).status_code == 422
    assert client.post(page, data={"name": "乙某"}).location == "/people"
    assert client.get(page).status_code == 404
    assert "乙某" not in client.get("/people").text


def test_the_export_from_the_terminal_is_the_owners_alone(
    tree: Cast, clock: Clock, tmp_path: pytest.TempPathFactory
) -> None:
    add_user("张三", "member", clock(), PASSWORD)
    file = tmp_path / "张三.json"  # type: ignore[operator]
    runner = tree.app.test_cli_runner()
    words = ["accounts", "export", "张三", "-o", str(file)]
    assert runner.invoke(args=words).exit_code == 0
    assert json.loads(file.read_text())["name"] == "张三"
    assert file.stat().st_mode & 0o077 == 0
    assert runner.invoke(args=words).exit_code == 1

"""The page offers what there is, and the links bring packages, without any JavaScript."""

import io
import re
import zipfile

import pytest
from flask import Flask

from app.bank.queries import list_question_ids
from app.study.actions import star_card
from tests.conftest import Cast


@pytest.fixture
def people(bank: Flask, cast: Cast) -> Cast:
    """A member."""
    cast.make_member("甲")
    return cast


def test_the_page_explains_the_switches_and_wechat(people: Cast) -> None:
    page = people.sign_in("甲").get("/anki").text
    for words in (
        "导入所有学习进度信息",
        "导入所有牌组预设配置",
        "第一次导入",
        "不会重复",
        "在浏览器打开",
    ):
        assert words in page
    assert "<script" not in page.partition("<main")[2]


def test_every_link_on_the_page_brings_a_package(people: Cast) -> None:
    star_card(people.people["甲"], list_question_ids()[0], True)
    client = people.sign_in("甲")
    links = re.findall(r'href="(/anki/export[^"]*)"', client.get("/anki").text)
    assert len(links) == 4
    for link in links:
        reply = client.get(link.replace("&amp;", "&"))
        assert reply.status_code == 200
        assert reply.mimetype == "application/apkg"
        assert zipfile.is_zipfile(io.BytesIO(reply.data))


def test_the_file_has_a_name_and_is_not_kept(people: Cast) -> None:
    reply = people.sign_in("甲").get("/anki/export?subject=dangzhang&progress=1")
    name = "attachment; filename=xueji-dangzhang-2026-11-23.apkg"
    assert reply.headers["Content-Disposition"] == name
    assert reply.headers["Cache-Control"] == "no-store"


def test_nothing_marked_is_said_and_not_linked(people: Cast) -> None:
    client = people.sign_in("甲")
    assert "marked=1" not in client.get("/anki").text
    reply = client.get("/anki/export?marked=1")
    assert reply.status_code == 422
    assert "错题本和收藏里还没有题目" in reply.text


@pytest.mark.parametrize("query", ["?subject=nothing", "", "?marked=0", "?subject=../x"])
def test_what_is_not_there_looks_missing(people: Cast, query: str) -> None:
    assert people.sign_in("甲").get(f"/anki/export{query}").status_code == 404


def test_one_members_progress_stays_their_own(people: Cast) -> None:
    people.make_member("乙")
    star_card(people.people["甲"], list_question_ids()[0], True)
    assert people.sign_in("乙").get("/anki/export?marked=1").status_code == 422


@pytest.mark.parametrize("address", ["/anki", "/anki/export?subject=dangzhang"])
def test_strangers_sign_in_first(people: Cast, address: str) -> None:
    reply = people.app.test_client().get(address)
    assert reply.status_code == 302
    assert "/sign-in" in reply.location

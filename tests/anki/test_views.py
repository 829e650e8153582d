"""The page offers what there is, and the links bring packages, without any JavaScript."""

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.anki.deck import Selection, build
from app.anki.models import ArrivalRow
from app.anki.progress import Progress
from app.bank.queries import get_question, list_chapters, list_question_ids
from app.base import audit
from app.base.db import db
from app.study.actions import merge_reviews, star_card
from app.study.card import replay
from app.study.queries import list_histories
from app.study.union import Outside
from tests.anki.make import NOW, make_reviews
from tests.anki.test_links import guids
from tests.conftest import Cast, Clock


@pytest.fixture
def people(bank: Flask, cast: Cast) -> Cast:
    """A member."""
    cast.make_member("甲")
    return cast


def test_the_page_explains_the_switches_and_wechat(people: Cast) -> None:
    client = people.sign_in("甲")
    page, guide = client.get("/anki").text, client.get("/anki/help").text
    for words in ("导入所有学习进度信息", "导入所有牌组预设配置", "第一次导入", "不会重复"):
        assert words in guide
    assert guide.count("<figure") == 4
    assert "二维码" in page
    for shown in (page, guide):
        assert "<script" not in shown.partition("<main")[2]


def test_every_link_on_the_page_brings_a_package(people: Cast) -> None:
    star_card(people.people["甲"], list_question_ids()[0], True)
    client = people.sign_in("甲")
    links = re.findall(r'href="(/anki/export[^"]*)"', client.get("/anki").text)
    chapters = sum("chapter=" in link for link in links)
    assert (chapters, len(links) - chapters) == (4, 4)
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


@pytest.mark.parametrize(
    "query",
    [
        "?subject=nothing",
        "",
        "?marked=0",
        "?subject=../x",
        "?chapter=ch1",
        "?subject=dangzhang&chapter=none",
        "?subject=dangzhang&marked=1",
        "?paper=1",
        "?shared=1",
    ],
)
def test_what_is_not_there_looks_missing(people: Cast, query: str) -> None:
    assert people.sign_in("甲").get(f"/anki/export{query}").status_code == 404


def test_one_members_progress_stays_their_own(people: Cast) -> None:
    people.make_member("乙")
    star_card(people.people["甲"], list_question_ids()[0], True)
    assert people.sign_in("乙").get("/anki/export?marked=1").status_code == 422


@pytest.mark.parametrize(
    "address",
    ["/anki", "/anki/export?subject=dangzhang", "/anki/help", "/anki/home", "/anki/shared"],
)
def test_strangers_sign_in_first(people: Cast, address: str) -> None:
    reply = people.app.test_client().get(address)
    assert reply.status_code == 302
    assert "/sign-in" in reply.location


def test_a_chapter_is_its_questions_alone(people: Cast) -> None:
    reply = people.sign_in("甲").get("/anki/export?subject=dangzhang&chapter=ch1")
    chapter = next(one for one in list_chapters("dangzhang") if one.id == "ch1")
    assert guids(reply.data) == set(chapter.question_ids)
    assert 0 < len(chapter.question_ids) < len(list_question_ids())


def test_the_units_deck_is_for_trainers_and_holds_nobody(people: Cast, clock: Clock) -> None:
    member, question = people.people["甲"], list_question_ids()[0]
    star_card(member, question, True)
    merge_reviews(member, [Outside(question, int(clock().timestamp() * 1000), 3, 0)], clock())
    people.make_member("书记", role="trainer")
    trainer = people.sign_in("书记")
    assert "发给全单位" in trainer.get("/anki").text
    deck = trainer.get("/anki/shared").data
    assert guids(deck) == set(list_question_ids())
    stored = io.BytesIO(deck)
    with zipfile.ZipFile(stored) as archive:
        content = archive.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        assert connection.execute("SELECT count(*) FROM revlog").fetchone() == (0,)
        states = connection.execute("SELECT DISTINCT type, queue, reps FROM cards").fetchall()
        assert states == [(0, 0, 0)]
    member_page = people.sign_in("甲").get("/anki").text
    assert "发给全单位" not in member_page


def upload(client: FlaskClient, content: bytes, name: str = "a.apkg") -> TestResponse:
    """Upload a file and follow to the preview."""
    data = {"file": (io.BytesIO(content), name)}
    return client.post("/anki/home", data=data, follow_redirects=True)


def exported(*steps: tuple[float, int]) -> bytes:
    """Return a package with a history of the first question of the bank."""
    question = get_question(list_question_ids()[0])
    start = NOW - timedelta(days=9)
    progress = make_reviews(*steps, start=start)
    selection = Selection((question,), {question.id: Progress(replay(progress), progress)})
    return build(selection, NOW).content


def test_a_file_is_shown_before_it_is_merged(people: Cast) -> None:
    client = people.sign_in("甲")
    page = upload(client, exported((0, 3), (48, 1), (24 * 30, 3)))
    for words in ("找到 2 次新的复习", "1 张", "没有收下的 1 条", "时间在将来", "从 11月14日 到 "):
        assert words in page.text
    assert '<dd lang="zh-CN">学记</dd>' in page.text
    assert list_histories(people.people["甲"]) == {}
    arrival = re.search(r'name="arrival"[^>]*value="([^"]+)"', page.text)
    assert arrival
    reply = client.post("/anki/home/confirm", data={"arrival": arrival[1]}, follow_redirects=True)
    assert "已并入 2 次新的复习" in reply.text
    db.session.rollback()
    assert [len(log) for _card, log in list_histories(people.people["甲"]).values()] == [2]
    assert list(db.session.scalars(select(ArrivalRow))) == []
    again = client.post("/anki/home/confirm", data={"arrival": arrival[1]})
    assert again.status_code == 404
    assert "都已经有了" in upload(client, exported((0, 3), (48, 1))).text
    (entry,) = [e for e in audit.list_entries() if e.action == "anki.import_reviews"]
    assert (entry.actor_id, entry.member_id) == (people.people["甲"],) * 2
    assert json.loads(entry.details) == {"reviews": 2, "layout": "anki2"}


def test_a_further_file_takes_the_place_of_the_first(people: Cast, clock: Clock) -> None:
    client = people.sign_in("甲")
    first = upload(client, exported((0, 3)))
    second = upload(client, exported((0, 3), (48, 3)))
    assert client.get(first.request.path).status_code == 404
    assert client.get(second.request.path).status_code == 200
    people.make_member("乙")
    assert people.sign_in("乙").get(second.request.path).status_code == 404
    clock.move(hours=2)
    upload(people.sign_in("乙"), exported((0, 3)))
    assert client.get(second.request.path).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello", "这不是 Anki 导出的文件"),
        (b"PK\x03\x04" + bytes(100), "已经损坏"),
        (b"", "请选择文件"),
    ],
)
def test_a_file_that_is_no_use_is_refused(people: Cast, content: bytes, sentence: str) -> None:
    reply = upload(people.sign_in("甲"), content, "" if not content else "a.apkg")
    assert reply.status_code == 422
    assert sentence in reply.text


def test_without_a_history_the_page_says_how_to_export(people: Cast) -> None:
    assert "包含学习进度" in upload(people.sign_in("甲"), exported()).text

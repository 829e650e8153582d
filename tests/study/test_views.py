"""Study as a browser without JavaScript sees it: every kind, every bad input, nothing lost."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.ids import new_id
from app.study import queries
from tests.conftest import Cast, Clock
from tests.test_every_page import faults
from tests.test_permissions import hidden_fields

RIGHT = {
    "fx-a01-01": {"choice": "十八岁"},
    "fx-a04-01": {"choice": ["参加党的有关会议", "对工作提建议", "提出申诉"]},
    "fx-a02-01": {"choice": "错误"},
    "fx-a07-01": {"blank-0": " １年。", "blank-1": "一 年"},
    "fx-a05-02": {"order": ["支部委员会审查", "支部大会通过", "上级派人谈话", "上级党组织批准"]},
}


@pytest.fixture
def member(bank: Flask, cast: Cast) -> FlaskClient:
    """A browser in which a member has signed in."""
    cast.make_member("甲")
    return cast.sign_in("甲")


def ask(client: FlaskClient, question_id: str) -> str:
    """Return the page that asks one question."""
    reply = client.get(f"/study?way=one&question={question_id}")
    assert reply.status_code == 200
    assert faults(reply.text) == []
    return reply.text


def fill(page: str, wanted: dict[str, object]) -> dict[str, object]:
    """Return the form of the page, filled in by the texts that are shown."""
    data: dict[str, object] = dict(hidden_fields(page))
    if "choice" in wanted:
        shown = re.findall(r'name="choice" value="(\d)".*?class="text"[^>]*>([^<]*)<', page)
        texts = wanted["choice"] if isinstance(wanted["choice"], list) else [wanted["choice"]]
        data["choice"] = [value for value, text in shown if text in texts]
        assert len(data["choice"]) == len(texts)  # type: ignore[arg-type]
    elif "order" in wanted:
        places = re.findall(r'for="(place-\d)"><span class="text"[^>]*>([^<]*)<', page)
        data |= {name: str(wanted["order"].index(text) + 1) for name, text in places}  # type: ignore[attr-defined]
    else:
        data |= wanted
    return data


@pytest.mark.parametrize("question_id", RIGHT)
def test_every_kind_is_answered_rightly(member: FlaskClient, question_id: str) -> None:
    data = fill(ask(member, question_id), dict(RIGHT[question_id]))
    reply = member.post("/study/answer", data=data)
    assert reply.status_code == 200
    assert faults(reply.text) == []
    assert "回答正确" in reply.text
    assert "《中国共产党章程》" in reply.text
    assert [f'name="rating" value="{n}"' in reply.text for n in (1, 2, 3, 4)] == [False] + [
        True
    ] * 3


def test_a_wrong_answer_shows_the_right_one_and_why(member: FlaskClient) -> None:
    data = fill(ask(member, "fx-a05-01"), {"choice": "四名"})
    page = member.post("/study/answer", data=data).text
    assert "回答错误" in page
    assert "你的选择" in page
    assert "两名正式党员作介绍人" in page
    assert 'name="rating"' not in page
    assert re.search(r"错题本</a> <span class=\"count\">1 题", member.get("/ways").text)


def test_sending_again_shows_the_same_and_counts_once(member: FlaskClient, cast: Cast) -> None:
    data = fill(ask(member, "fx-a01-01"), dict(RIGHT["fx-a01-01"]))
    first, second = (member.post("/study/answer", data=data).text for _time in range(2))
    assert re.sub(r'value="[\w-]{22}"', "", first) == re.sub(r'value="[\w-]{22}"', "", second)
    assert "已答 1 题" in member.get("/").text


@pytest.mark.parametrize(
    ("question_id", "change", "words"),
    [
        ("fx-a01-01", {}, "请选择一个答案"),
        ("fx-a01-01", {"choice": "9"}, "请选择一个答案"),
        ("fx-a01-01", {"choice": ["0", "1"]}, "请选择一个答案"),
        ("fx-a04-01", {}, "请至少选择一个答案"),
        ("fx-a02-01", {"choice": "maybe"}, "请选择"),
        ("fx-a07-01", {"blank-0": " ", "blank-1": ""}, "请填写答案"),
        ("fx-a07-01", {"blank-0": "长" * 101}, "写短一些"),
        ("fx-a05-02", {"place-0": "1", "place-1": "1"}, "各用一次"),
    ],
)
def test_an_incomplete_answer_is_asked_again_with_what_was_given(
    member: FlaskClient, question_id: str, change: dict[str, object], words: str
) -> None:
    data = {**hidden_fields(ask(member, question_id)), **change}
    reply = member.post("/study/answer", data=data)
    assert reply.status_code == 422
    assert words in reply.text
    assert hidden_fields(reply.text)["answer_id"] == data["answer_id"]
    assert faults(reply.text) == []
    assert "已答 0 题" in member.get("/").text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"question_id": "no-such"}, 404),
        ({"revision": "7"}, 404),
        ({"revision": "x"}, 422),
        ({"version": "-1"}, 422),
        ({"version": "99999999999"}, 422),
        ({"answer_id": "short"}, 422),
        ({"answer_id": "!" * 22}, 422),
        ({"elapsed_ms": "-5"}, 422),
        ({"way": "sideways"}, 422),
    ],
)
def test_a_malformed_answer_is_refused_with_a_sentence(
    member: FlaskClient, change: dict[str, str], status: int
) -> None:
    data = fill(ask(member, "fx-a01-01"), dict(RIGHT["fx-a01-01"]))
    reply = member.post("/study/answer", data={**data, **change})
    assert reply.status_code == status
    assert "<h1>" in reply.text
    assert "已答 0 题" in member.get("/").text


def test_a_page_left_open_while_answering_elsewhere_is_told_so(member: FlaskClient) -> None:
    old, new = ask(member, "fx-a01-01"), ask(member, "fx-a01-01")
    member.post("/study/answer", data=fill(new, dict(RIGHT["fx-a01-01"])))
    reply = member.post("/study/answer", data=fill(old, {"choice": "十六周岁"}))
    assert reply.status_code == 409
    assert "没有重复计入" in reply.text
    assert "十八岁" in reply.text
    assert faults(reply.text) == []
    assert "已答 1 题" in member.get("/").text


def test_rating_and_undoing(member: FlaskClient) -> None:
    data = fill(ask(member, "fx-a01-01"), dict(RIGHT["fx-a01-01"]))
    member.post("/study/answer", data=data)
    rating = {"answer_id": data["answer_id"], "new_id": new_id(), "rating": "4", "way": "due"}
    for _time in range(2):
        assert member.post("/study/rate", data=rating).location == "/study"
    assert member.post("/study/rate", data={**rating, "rating": "1"}).status_code == 422
    undo = member.post("/study/undo", data={"answer_id": data["answer_id"], "way": "due"})
    assert "已撤销，请重新作答" in member.get(undo.location).text
    assert "已答 0 题" in member.get("/").text
    shown = member.get(f"/study/answers/{data['answer_id']}").text
    assert "已撤销或已评过难易" in shown
    assert faults(shown) == []


def test_marks_lead_back_to_where_they_were_made(member: FlaskClient) -> None:
    data = fill(ask(member, "fx-a01-01"), dict(RIGHT["fx-a01-01"]))
    member.post("/study/answer", data=data)
    card = "/study/cards/fx-a01-01"
    form = {"way": "due", "answer_id": data["answer_id"], "mark": "star"}
    back = member.post(f"{card}/mark", data=form).location
    assert back.startswith(f"/study/answers/{data['answer_id']}")
    assert "取消收藏" in member.get(back).text
    member.post(f"{card}/note", data={"way": "due", "text": "<i>十八</i>"})
    assert "&lt;i&gt;十八" in ask(member, "fx-a01-01")
    assert member.post(f"{card}/mark", data={"way": "due", "mark": "burn"}).status_code == 422
    assert member.post(f"{card}/mark", data={"way": "due", "mark": "suspend"}).location == "/study"
    assert "十八" not in member.get("/study").text
    aside = member.get("/set-aside").text
    assert "fx-a01-01" in aside
    member.post(f"{card}/mark", data={"way": "due", "mark": "resume"})
    assert "fx-a01-01" not in member.get("/set-aside").text


def test_a_chapter_is_walked_in_order_to_its_end(member: FlaskClient) -> None:
    place = "/study?way=chapter&subject=dangzhang&chapter=ch1"
    seen = []
    page = member.get(place, follow_redirects=True).text
    for _step in range(20):
        if 'id="answer"' not in page:
            break
        fields = hidden_fields(page)
        seen.append(fields["question_id"])
        guess = {f"place-{n}": str(n + 1) for n in range(6)} | {"blank-0": "x", "choice": "0"}
        after = member.post("/study/answer", data={**fields, **guess})
        assert after.status_code == 200
        page = member.get(place + f"&since={fields['since']}").text
    assert seen == sorted(seen)
    assert len(seen) == 8
    assert "这一组做完了" in page
    assert faults(page) == []


def test_the_day_ends_with_a_page_that_says_so(member: FlaskClient) -> None:
    member.post("/study/settings", data={"new_per_day": "1", "answers_per_day": "1", "subject": ""})
    page = member.get("/study").text
    guess = {f"place-{n}": str(n + 1) for n in range(6)} | {"blank-0": "x", "choice": "0"}
    member.post("/study/answer", data={**hidden_fields(page), **guess})
    done = member.get("/study").text
    assert "今天的题做完了" in done
    assert faults(done) == []
    assert "今天没有要复习的题" in member.get("/").text


@pytest.mark.parametrize("value", ["-1", "201", "x", ""])
def test_settings_that_do_not_fit_are_refused_beside_the_field(
    member: FlaskClient, value: str
) -> None:
    data = {"new_per_day": value, "answers_per_day": "10", "subject": ""}
    reply = member.post("/study/settings", data=data)
    assert reply.status_code == 422
    assert 'aria-invalid="true"' in reply.text
    assert faults(reply.text) == []


@pytest.mark.parametrize("query", ["way=chapter&since=abc", "way=x", "way=one&question=no-such"])
def test_a_strange_address_is_no_crash(member: FlaskClient, query: str) -> None:
    assert member.get(f"/study?{query}", follow_redirects=True).status_code in (200, 404)


@pytest.mark.parametrize(
    ("text", "found"),
    [("预备期", True), ("第7条", True), ("第 七 条", True), ("", False), ("不存在的词", False)],
)
def test_search_by_word_or_article(member: FlaskClient, text: str, found: bool) -> None:
    page = member.get("/search", query_string={"q": text}).text
    assert ("fx-a07-01" in page) is found
    assert faults(page) == []


def test_statistics_after_some_days(member: FlaskClient, clock: Clock) -> None:
    member.post("/study/answer", data=fill(ask(member, "fx-a01-01"), dict(RIGHT["fx-a01-01"])))
    clock.move(minutes=11)
    member.post("/study/answer", data=fill(ask(member, "fx-a01-01"), dict(RIGHT["fx-a01-01"])))
    before = member.get("/statistics").text
    assert "还没有隔天的复习" in before
    clock.move(days=3)
    member.post("/study/answer", data=fill(ask(member, "fx-a01-01"), dict(RIGHT["fx-a01-01"])))
    page = member.get("/statistics").text
    assert faults(page) == []
    assert "100%" in page
    assert "最近十二周共答 3 题" in page


def test_the_way_in_is_one_of_the_known(member: FlaskClient) -> None:
    for name in queries.WAYS:
        address = f"/study?way={name}&question=fx-a01-01&subject=dangzhang"
        assert member.get(address, follow_redirects=True).status_code == 200, name

"""What members and trainers see and do on the pages of papers, without JavaScript."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.bank.queries import get_question, list_question_ids
from app.base.clock import SHANGHAI
from app.quiz import actions, queries
from app.quiz.paper import Plan
from app.quiz.press import wait_for_press
from app.quiz.queries.papers import find_paper
from app.quiz.sheet import fields_of
from app.quiz.window import GRACE
from tests.quiz.conftest import HOUR, Room, right_response, rule, wrong_response
from tests.test_every_page import chinese, faults
from tests.web.visits import settled


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the answer form."""
    form = page[page.index('id="sheet"') :].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def form_for(room: Room, paper_id: int, slot: int, right: bool = True) -> dict[str, Any]:
    """Return the fields that answer a slot of 甲's attempt."""
    row = room.slots(paper_id)[slot - 1]
    question = get_question(row.question_id, row.revision)
    response = (right_response if right else wrong_response)(question)
    return fields_of(question.kind, question.content, row.seed, response)


def test_a_member_takes_a_paper_from_list_to_result(room: Room) -> None:
    paper_id = room.make(key_shown="submission")
    client = room.cast.sign_in("甲")
    assert f"/papers/{paper_id}" in client.get("/papers").text
    page = client.get(f"/papers/{paper_id}").text
    assert "少选的，按选对的项数占应选项数的比例得分" in page
    assert "60 分钟" in page
    reply = client.post(f"/papers/{paper_id}/start")
    assert reply.location == f"/papers/{paper_id}/attempts/1/1"
    for slot in range(1, 13):
        path = f"/papers/{paper_id}/attempts/1/{slot}"
        page = client.get(path).text
        assert "到时间" in page
        onward = str(slot + 1) if slot < 12 else "review"
        data = {**hidden(page), **form_for(room, paper_id, slot, slot != 12), "goto": onward}
        reply = client.post(path, data=data)
        assert reply.status_code == 302, reply.text
        shown = client.get(reply.location).text
        assert f"第 {slot} 题已保存" in shown or onward == "review"
    assert "12 题都已作答" in shown
    reply = client.post(f"/papers/{paper_id}/attempts/1/submit", follow_redirects=True)
    assert "22 / 24 分" in reply.text
    assert "✓ 合格" in reply.text
    assert all(get_question(i).explanation in reply.text for i in list_question_ids())
    assert "得 22 / 24 分" in client.get("/papers").text
    again = client.get(f"/papers/{paper_id}/attempts/1/3")
    assert again.location == f"/papers/{paper_id}/attempts/1"


def test_saved_answers_are_shown_and_the_map_leads_anywhere(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    client, path = room.cast.sign_in("甲"), f"/papers/{paper_id}/attempts/1"
    page = client.get(f"{path}/1").text
    assert "○ 未作答" in page
    data = {**hidden(page), **form_for(room, paper_id, 1), "goto": "7"}
    assert client.post(f"{path}/1", data=data).location.startswith(f"{path}/7")
    page = client.get(f"{path}/1").text
    assert "✓ 已保存" in page
    [value] = form_for(room, paper_id, 1)["choice"]
    assert re.search(f'value="{value}" checked', page)
    review = client.get(f"{path}/review").text
    assert "还有 11 题没有作答" in review
    assert f'href="{path}/1"' not in review


def test_going_on_without_an_answer_saves_nothing(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    client, path = room.cast.sign_in("甲"), f"/papers/{paper_id}/attempts/1"
    data = {**hidden(client.get(f"{path}/1").text), "goto": "2"}
    reply = client.post(f"{path}/1", data=data)
    assert reply.status_code == 302
    assert "题已保存" not in client.get(reply.location).text
    assert room.slots(paper_id)[0].version == 0


def test_a_half_answer_is_kept_on_the_page_with_a_sentence(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    slot = next(s for s in room.slots(paper_id) if get_question(s.question_id).kind == "order")
    client = room.cast.sign_in("甲")
    path = f"/papers/{paper_id}/attempts/1/{slot.slot}"
    data = {**hidden(client.get(path).text), "place-0": "1", "goto": "1"}
    reply = client.post(path, data=data)
    assert reply.status_code == 422
    assert "各用一次" in reply.text
    assert '<option value="1" selected>' in reply.text
    assert faults(reply.text) == []


def test_an_answer_sent_again_is_neither_refused_nor_counted(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    client, path = room.cast.sign_in("甲"), f"/papers/{paper_id}/attempts/1/1"
    data = {**hidden(client.get(path).text), **form_for(room, paper_id, 1), "goto": "2"}
    first = client.post(path, data=data)
    assert client.post(path, data=data).location == first.location
    assert room.slots(paper_id)[0].version == 1
    client.post(f"/papers/{paper_id}/attempts/1/submit")
    assert client.post(path, data=data).status_code == 302


def test_late_and_overtaken_answers_get_a_sentence_and_a_way_on(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    client, path = room.cast.sign_in("甲"), f"/papers/{paper_id}/attempts/1"
    old = {**hidden(client.get(f"{path}/1").text), **form_for(room, paper_id, 1), "goto": "2"}
    room.answer(paper_id, 1)
    overtaken = client.post(f"{path}/1", data=old)
    assert overtaken.status_code == 409
    assert "别的页面" in overtaken.text
    assert f'href="{path}/1"' in overtaken.text
    page = client.get(f"{path}/2").text
    late = {**hidden(page), **form_for(room, paper_id, 2), "goto": "3"}
    room.clock.move(seconds=HOUR + GRACE + 1)
    reply = client.post(f"{path}/2", data=late)
    assert reply.status_code == 409
    assert "时间已到" in reply.text
    assert f'href="{path}"' in reply.text
    assert faults(reply.text) == []
    assert "已按保存的答案交卷" in client.get(path).text
    again = client.post(f"{path}/2", data={**late, "answer_id": "y" * 22})
    assert again.status_code == 409
    assert "已经交了" in again.text


def test_what_somebody_else_takes_looks_missing(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    client = room.cast.sign_in("乙")
    missing = client.get("/no-such-page").data
    for path in ("", "/1", "/review"):
        reply = client.get(f"/papers/{paper_id}/attempts/1{path}")
        assert (reply.status_code, reply.data) == (404, missing)
    assert client.post(f"/papers/{paper_id}/attempts/1/submit").status_code == 404
    data = {"answer_id": "x" * 22, "version": "0", "choice": "0"}
    assert client.post(f"/papers/{paper_id}/attempts/1/1", data=data).status_code == 404
    own = room.make(Plan(rules=(rule(1),)), unit_id=room.cast.units["B"], mode="practice")
    assert room.cast.sign_in("甲").get(f"/papers/{own}").status_code == 404
    assert room.cast.sign_in("甲").post(f"/papers/{own}/start").status_code == 404


def test_a_challenge_on_the_pages(room: Room) -> None:
    plan = Plan(rules=(rule(6, 1),))
    paper_id = room.make(
        plan, mode="challenge", duration_s=None, key_shown="submission", attempts_allowed=0
    )
    client, path = room.cast.sign_in("甲"), f"/papers/{paper_id}/attempts/1"
    client.post(f"/papers/{paper_id}/start")
    page = client.get(f"{path}/1").text
    assert "题目一览" not in page
    empty = client.post(f"{path}/1", data={**hidden(page), "goto": "2"})
    assert empty.status_code == 422
    data = {**hidden(page), **form_for(room, paper_id, 1), "goto": "2"}
    assert "第 1 题已保存" in client.post(f"{path}/1", data=data, follow_redirects=True).text
    page = client.get(f"{path}/2").text
    data = {**hidden(page), **form_for(room, paper_id, 2, right=False), "goto": "3"}
    page = client.post(f"{path}/2", data=data, follow_redirects=True).text
    assert "连续答对 1 题" in page


def paper_form(**more: Any) -> dict[str, Any]:
    """Return a filled-in form of a paper."""
    return {
        "title": "二季度测验",
        "mode": "exam",
        "duration": "30",
        "attempts": "1",
        "pass_percent": "60",
        "key_shown": "closing",
        "partial": "y",
        **dict.fromkeys(("single", "multiple", "truefalse", "blank", "order"), "2"),
        "do": "save",
        **more,
    }


def rules_form(*rows: tuple[str, str, str, str]) -> dict[str, str]:
    """Return rules as a form sends them: (scope, kind, count, points)."""
    names = ("scope", "kind", "count", "points")
    found = {}
    for n, row in enumerate(rows):
        found |= {f"rules-{n}-{name}": v for name, v in zip(names, row, strict=True)}
        found[f"rules-{n}-difficulty"] = ""
    return found


def test_a_trainer_makes_a_paper_by_rules(room: Room) -> None:
    client, unit = room.cast.sign_in("书记"), str(room.cast.units["A"])
    assert "出一份试卷" in client.get("/paper-desk").text
    rules = rules_form(("dangzhang", "single", "3", "2"), ("dangzhang/gp", "", "9", "5"))
    data = paper_form(unit=unit, **rules, do="preview")
    lacking = client.post("/paper-desk/new", data=data)
    assert lacking.status_code == 422
    assert "第 2 条要 9 题，题库里只有 4 题，缺 5 题" in lacking.text
    assert "✗ 缺 5 题" in lacking.text
    rules = rules_form(("dangzhang", "single", "3", "2"), ("dangzhang/gp", "", "2", "5"))
    preview = client.post("/paper-desk/new", data={**data, **rules}).text
    assert "共 5 题，16 分" in preview
    assert queries.list_counts() == []
    reply = client.post("/paper-desk/new", data={**data, **rules, "do": "save"})
    assert reply.status_code == 302, reply.text
    [(paper, *_counts)] = queries.list_counts()
    page = client.get(reply.location).text
    assert re.search(r'name="rules-1-count"[^>]*value="2"', page)
    assert '<option selected value="dangzhang/gp"' in page.replace(' lang="zh-CN"', "")
    done = client.post(f"/paper-desk/{paper.id}/publish", follow_redirects=True).text
    assert "已发布。" in done
    assert "共 3 人，开始 0 人" in done


def test_moments_are_those_of_china(room: Room) -> None:
    client, unit = room.cast.sign_in("书记"), str(room.cast.units["A"])
    data = paper_form(unit=unit, opens="2026-11-24T09:00", closes="2026-11-24T10:30")
    reply = client.post("/paper-desk/new", data=data)
    [(paper, *_counts)] = queries.list_counts()
    assert paper.terms.closes_at is not None
    from app.base.clock import from_epoch

    assert from_epoch(paper.terms.closes_at).astimezone(SHANGHAI).hour == 10
    assert 'value="2026-11-24T10:30"' in client.get(reply.location).text
    assert "11月24日 10:30 截止" in client.get("/paper-desk").text


def test_a_form_that_contradicts_itself_comes_back_with_the_reason(room: Room) -> None:
    client, unit = room.cast.sign_in("书记"), str(room.cast.units["A"])
    for more, sentence in (
        ({"duration": ""}, "考试要有时长或截止时间"),
        ({"attempts": "2", "key_shown": "submission"}, "第二次就知道答案"),
        ({"opens": "2026-11-25T09:00", "closes": "2026-11-24T09:00"}, "截止时间要晚于"),
        ({"title": ""}, "请给试卷写一个名称"),
        ({"pass_percent": "101"}, "合格线"),
        ({"unit": "999"}, ""),
    ):
        data = paper_form(**{"unit": unit, **more})
        reply = client.post("/paper-desk/new", data=data)
        assert reply.status_code == 422, more
        assert sentence in reply.text
        assert faults(reply.text) == []
    assert queries.list_counts() == []


def test_a_trainer_picks_questions_by_hand(room: Room) -> None:
    client = room.cast.sign_in("书记")
    paper_id = room.make(Plan(), publish=False)
    path = f"/paper-desk/{paper_id}/pick"
    page = client.get(f"{path}?q=预备期&scope=dangzhang/ch1&kind=blank&difficulty=know").text
    assert "找到 1 题" in page
    client.post(f"{path}?q=x&_scheme=evil", data={"add": ["fx-a07-01", "fx-a01-01", "none"]})
    page = client.get(path).text
    assert "试卷里的 2 题" in page
    client.post(path, data={"remove": ["fx-a07-01"]})
    found = find_paper(paper_id)
    assert found
    assert found.plan.picked == ("fx-a01-01",)
    data = paper_form(unit=str(room.cast.units["A"]), title="改了名")
    client.post(f"/paper-desk/{paper_id}/edit", data=data)
    found = find_paper(paper_id)
    assert found
    assert (found.terms.title, found.plan.picked) == ("改了名", ("fx-a01-01",))
    refused = client.post(f"/paper-desk/{paper_id}/publish")
    assert refused.status_code == 302


def test_an_empty_draft_is_not_published_and_says_why(room: Room) -> None:
    client = room.cast.sign_in("书记")
    paper_id = room.make(Plan(), publish=False)
    reply = client.post(f"/paper-desk/{paper_id}/publish")
    assert reply.status_code == 422
    assert "试卷里还没有题" in reply.text
    client.post(f"/paper-desk/{paper_id}/discard")
    assert find_paper(paper_id) is None


def test_a_trainer_watches_gives_time_and_marks_anew(room: Room) -> None:
    paper_id = room.make(Plan(picked=("fx-a01-01",), points={"single": 4}))
    room.start(paper_id)
    room.answer(paper_id, 1, response=[2])
    client, desk = room.cast.sign_in("书记"), f"/paper-desk/{paper_id}"
    page = client.get(desk).text
    assert "共 3 人，开始 1 人，交卷 0 人，合格 0 人" in page
    own = f"{desk}/people/{room.member.id}"
    assert "正在作答，交卷以后才能看答案" in client.get(f"{own}/1").text
    data = {"minutes": "10", "reason": "视力不好"}
    assert client.post(f"{own}/time", data=data).location == desk
    assert room.attempt(paper_id).deadline == room.now() + HOUR + 600
    assert "10 分钟" in client.get(desk).text
    bad = client.post(f"{own}/time", data={"minutes": "-1", "reason": ""})
    assert bad.status_code == 422
    room.clock.move(hours=2)
    page = client.get(desk).text
    assert "交卷 1 人" in page
    assert "0 / 4 分" in page
    assert "（到时间）" in page
    assert get_question("fx-a01-01").explanation in client.get(f"{own}/1").text
    remark = f"{desk}/questions/fx-a01-01/remark"
    assert "题库现在是第 1 版" in client.get(remark).text
    refused = client.post(remark, data={"way": "key", "reason": "答案有误"})
    assert refused.status_code == 422
    assert "还没有更正" in refused.text
    done = client.post(remark, data={"way": "full", "reason": "题目有歧义"}, follow_redirects=True)
    assert "已重新评分 1 份" in done.text
    member = settled(room.cast.sign_in("甲"))
    assert "你的答卷重新评了分" not in member.get("/").text  # not shown yet
    room.clock.move(days=1)
    for path in ("/", "/papers", "/"):
        assert "你的答卷重新评了分" in settled(member).get(path).text
    assert "你的答卷重新评了分" not in room.cast.sign_in("乙").get("/").text
    result = member.get(f"/papers/{paper_id}/attempts/1").text
    assert "这道题重新评过分：0 分 → 4 分" in result
    assert "题目有歧义" in result
    assert (
        client.post(f"{desk}/close", data={"why": "完"}, follow_redirects=True).status_code == 200
    )


RELATIONS = {"own": True, "below": True, "sibling": False, "above": False, "nowhere": False}


@pytest.mark.parametrize("relation", RELATIONS)
def test_papers_are_changed_in_ones_own_unit_and_below_only(room: Room, relation: str) -> None:
    room.cast.make_unit("S", "A")
    room.cast.make_member("乙书记", role="trainer", unit="B")
    room.cast.make_unit("C", "B")
    units = {"own": "B", "below": "C", "sibling": "S", "above": "A"}
    boss_id = room.cast.make_member("总管", role="admin")
    from tests.quiz.conftest import viewer_of

    boss = viewer_of(boss_id)
    unit_id = room.cast.units[units[relation]] if relation in units else None
    plan = Plan(picked=("fx-a01-01",), points={})
    paper_id = actions.make_paper(boss, room.terms(unit_id=unit_id), plan, room.clock())
    client, desk = room.cast.sign_in("乙书记"), f"/paper-desk/{paper_id}"
    allowed = RELATIONS[relation]
    for path in ("/edit", "/pick", "/print"):
        assert (client.get(desk + path).status_code == 200) is allowed, path
    assert client.get(desk).status_code == (200 if allowed else 404)
    assert (client.post(f"{desk}/pick", data={}).status_code == 302) is allowed
    assert (client.post(f"{desk}/publish").status_code == 302) is allowed
    if not allowed:
        actions.publish_paper(boss, paper_id, room.clock())
    watched = relation != "sibling"
    assert client.get(desk).status_code == (200 if watched else 404)
    assert (desk in client.get("/paper-desk").text) is watched
    for path in ("/questions", "/paper.pdf?versions=1", f"/people/{room.other.id}/time"):
        assert client.get(desk + path).status_code in ((200, 202) if allowed else (404,)), path
    wait_for_press()
    assert (client.post(f"{desk}/close", data={"why": "完"}).status_code == 302) is allowed


def test_a_trainer_below_sees_their_own_people_on_a_paper_from_above(room: Room) -> None:
    paper_id = room.make(key_shown="submission")
    for who in (room.member, room.other):
        room.start(paper_id, who)
        room.submit(paper_id, who=who)
    room.cast.make_member("乙书记", role="trainer", unit="B")
    client, desk = room.cast.sign_in("乙书记"), f"/paper-desk/{paper_id}"
    page = client.get(desk).text
    assert "共 2 人，开始 1 人，交卷 1 人" in page
    assert f"/people/{room.other.id}/1" in page
    assert f"/people/{room.member.id}/1" not in page
    assert client.get(f"{desk}/people/{room.member.id}/1").status_code == 404
    explanation = get_question("fx-a01-01").explanation
    assert explanation not in client.get(f"{desk}/people/{room.other.id}/1").text
    room.clock.move(days=2)
    assert explanation in client.get(f"{desk}/people/{room.other.id}/1").text


def every_page(room: Room, paper_id: int, draft: int) -> dict[str, list[str]]:
    """Return the addresses of all pages that have something to show, by who opens them."""
    desk, mine = f"/paper-desk/{paper_id}", f"/papers/{paper_id}"
    person = f"{desk}/people/{room.member.id}"
    trainer = ["/paper-desk", "/paper-desk/new", f"/paper-desk/{draft}/edit"]
    trainer += [f"/paper-desk/{draft}/pick", f"/paper-desk/{draft}/print", desk, f"{person}/1"]
    trainer += [f"{person}/time", f"{desk}/questions", f"{desk}/questions/fx-a04-01/remark"]
    return {
        "甲": ["/papers", mine, *[f"{mine}/attempts/1{p}" for p in ("", "/review", *SLOTS)]],
        "书记": trainer,
    }


SLOTS = tuple(f"/{n}" for n in range(1, 13))


@pytest.mark.once
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("handed_in", [False, True])
def test_pages_with_something_on_them_keep_the_house_rules(
    room: Room, language: str, handed_in: bool
) -> None:
    paper_id, draft = room.make(key_shown="submission"), room.make(publish=False)
    room.start(paper_id)
    for slot in (1, 5, 7, 9, 11):
        room.answer(paper_id, slot, right=slot != 7)
    if handed_in:
        room.submit(paper_id)
        remark = actions.remark_question
        remark(room.trainer, paper_id, "fx-a04-01", True, "有歧义", room.clock())
    for name, addresses in every_page(room, paper_id, draft).items():
        client: FlaskClient = room.cast.sign_in(name)
        look = {"text_size": "18", "theme": "auto", "language": language}
        assert client.post("/settings", data=look).status_code == 302
        for address in addresses:
            reply = client.get(address, follow_redirects=True)
            assert reply.status_code == 200, address
            assert faults(reply.text) == [], address
            if language == "en":
                assert chinese(reply.text) == [], address


@pytest.mark.once
def test_templates_run_no_sql(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.quiz.views import attempts, desk, making, papers
    from tests.statements import watch_statements

    rendering, seen = [False], list[str]()

    def watch(module: Any) -> None:
        render = module.render_template

        def watched(*args: object, **kwargs: object) -> str:
            rendering[0] = True
            try:
                return str(render(*args, **kwargs))
            finally:
                rendering[0] = False

        monkeypatch.setattr(module, "render_template", watched)

    for module in (attempts, desk, making, papers):
        watch(module)
    paper_id, draft = room.make(key_shown="submission"), room.make(publish=False)
    room.start(paper_id)
    room.answer(paper_id, 1)
    watch_statements(monkeypatch, lambda sql: seen.append(sql) if rendering[0] else None)
    for _time in range(2):
        for name, addresses in every_page(room, paper_id, draft).items():
            client = room.cast.sign_in(name)
            for address in addresses:
                client.get(address, follow_redirects=True)
        room.submit(paper_id)
    assert seen == []

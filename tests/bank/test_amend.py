"""An amendment stops what it touches, nothing else, until somebody has looked: 2017 → 2022."""

import json
import shutil
from pathlib import Path

import pytest
from flask import Flask

from app.bank import actions, queries
from app.bank.actions import AmendResult, publish_bank
from app.bank.source import read_bank
from app.base import audit
from app.base.config import ROOT
from app.base.errors import Invalid, NotFound, Stale
from app.study.actions import Answer, answer_card
from app.study.queries import Way, find_next, get_today
from tests.conftest import FIXTURE_BANK, Cast, Clock
from tests.study.test_actions import new_id

OLD = """
[[document.edition]]
id = "dangzhang-2017"
label = "2017年10月24日部分修改"
short = "2017年修改"
adopted = 2017-10-24
in_force = 2017-10-24

[[document.edition.chapter]]
id = "gp"
title = "总纲"
paragraphs = [1, 30]

[[document.edition.chapter]]
id = "all"
title = "条文"
articles = [1, 55]
"""
QUESTION = """
[[question]]
id = "old-{0}"
kind = "truefalse"
provision = "{0}"
difficulty = "know"
stem = "2017年的题目，出自 {0}。"
answer = true
explanation = "用来检验修改党章以后哪些题目要复核。"
"""
CITED = ("a3", "a7", "a36", "a41", "p1", "p12")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small bank with the 2017 edition and a question on each of six of its provisions."""
    made = Path(shutil.copytree(FIXTURE_BANK, tmp_path / "bank"))
    sources = (made / "sources.toml").read_text()
    real = next(
        e
        for d in read_bank(ROOT / "question_bank").sources.document
        for e in d.edition
        if e.id == "dangzhang-2022"
    )
    said = f'amends = "{real.amends}"\nchanged = {json.dumps(real.changed)}\n'
    before, after = sources.split('superseded_words = ["旧词"]\n')
    (made / "sources.toml").write_text(before + said + after + OLD)
    questions = "".join(map(QUESTION.format, CITED))
    (made / "dangzhang" / "old.toml").write_text('edition = "dangzhang-2017"\n' + questions)
    return made


@pytest.fixture
def amended(app: Flask, folder: Path, clock: Clock) -> AmendResult:
    """The bank after the amendment of 2022."""
    publish_bank(folder, clock())
    return actions.amend_edition(folder, "dangzhang-2022", None, clock())


def test_exactly_what_cites_a_changed_provision_is_marked(amended: AmendResult) -> None:
    assert (amended.recheck, amended.untouched) == (3, 3)
    waiting = {question.provision_id for question, _edition in queries.list_rechecks()}
    assert waiting == {"a3", "a36", "p12"}
    asked = {queries.get_question(i).provision_id for i in queries.list_question_ids()}
    assert {"a7", "a41", "p1"} <= asked
    assert not waiting & {i.removeprefix("old-") for i in queries.list_question_ids()}


def test_doing_it_again_marks_nothing_twice(
    amended: AmendResult, folder: Path, clock: Clock
) -> None:
    again = actions.amend_edition(folder, "dangzhang-2022", None, clock())
    assert again.recheck == 0
    assert publish_bank(folder, clock()).unchanged == 18
    assert len(queries.list_rechecks()) == 3


def test_a_confirmed_question_is_asked_again_once(
    amended: AmendResult, cast: Cast, clock: Clock
) -> None:
    editor, other = cast.make_member("甲", role="admin"), cast.make_member("乙", role="admin")
    for _time in range(2):
        actions.confirm_recheck("old-a3", "dangzhang-2022", editor, clock())
    with pytest.raises(Stale):
        actions.confirm_recheck("old-a3", "dangzhang-2022", other, clock())
    assert "old-a3" in queries.list_question_ids()
    assert audit.list_entries()[0].action == "bank.confirm_recheck"
    with pytest.raises(NotFound):
        actions.confirm_recheck("old-a7", "dangzhang-2022", editor, clock())


def test_a_new_wording_ends_the_wait(amended: AmendResult, folder: Path, clock: Clock) -> None:
    path = folder / "dangzhang" / "old.toml"
    path.write_text(path.read_text().replace("2017年的题目，出自 a36", "已对照 2022 年的 a36"))
    assert publish_bank(folder, clock()).revised == 1
    assert "old-a36" in queries.list_question_ids()
    assert len(queries.list_rechecks()) == 2


def test_a_gone_question_is_retired_while_it_waits(
    amended: AmendResult, folder: Path, clock: Clock
) -> None:
    (folder / "dangzhang" / "old.toml").write_text('edition = "dangzhang-2017"\n')
    assert publish_bank(folder, clock()).retired == 6
    assert "old-a3" not in queries.list_question_ids()


def test_members_are_told_and_not_asked(app: Flask, folder: Path, cast: Cast, clock: Clock) -> None:
    publish_bank(folder, clock())
    member = cast.make_member("甲")
    answer_card(member, Answer(new_id(), "old-a3", 1, 0, True, 9, "one"), clock())
    clock.move(minutes=30)
    assert find_next(member, Way(), clock(), "s") == "old-a3"
    actions.amend_edition(folder, "dangzhang-2022", None, clock())
    assert find_next(member, Way(), clock(), "s") != "old-a3"
    assert get_today(member, clock()).due == 0
    page = cast.sign_in("甲").get("/study?way=one&question=old-a3").text
    assert "这道题正在复核" in page
    assert 'name="answer_id"' not in page


def test_an_edition_must_be_known_and_say_what_it_amends(
    app: Flask, folder: Path, clock: Clock
) -> None:
    with pytest.raises(NotFound):
        actions.amend_edition(folder, "dangzhang-2032", None, clock())
    with pytest.raises(Invalid):
        actions.amend_edition(folder, "dangzhang-2017", None, clock())


def test_amending_from_the_terminal(app: Flask, folder: Path, clock: Clock) -> None:
    publish_bank(folder, clock())
    words = ["bank", "amend", "dangzhang-2022", "--folder", str(folder), "--json"]
    found = json.loads(app.test_cli_runner().invoke(args=words).stdout)
    assert (found["recheck"], found["untouched"]) == (3, 3)


def test_the_page_lists_and_confirms(amended: AmendResult, cast: Cast) -> None:
    cast.make_member("总管", role="admin")
    admin = cast.sign_in("总管")
    page = admin.get("/question-rechecks").text
    assert page.count("恢复出题</button>") == 3
    assert admin.post("/question-rechecks/old-a3/dangzhang-2022").status_code == 302
    assert admin.get("/question-rechecks").text.count("恢复出题</button>") == 2

"""JSON and TOML: objects recognised by their keys, wherever they stand."""

import json
from typing import Any

import pytest

from app.base.errors import Invalid
from tests.bank.formats.reading import read, reasons, shorts
from tests.conftest import FIXTURE_BANK

pytestmark = pytest.mark.pure


def keys_of(*items: Any) -> list[object]:
    """Return the keys of questions written as JSON."""
    return [row[4] for row in shorts(read(json.dumps(items), "a.json"))]


@pytest.mark.parametrize(
    "options",
    [
        ["子", "丑", "寅"],
        ["A. 子", "B. 丑", "C. 寅"],
        {"A": "子", "B": "丑", "C": "寅"},
        [{"key": "A", "text": "子"}, {"key": "B", "text": "丑"}, {"key": "C", "text": "寅"}],
        "A、子\nB、丑\nC、寅",
    ],
)
@pytest.mark.parametrize(
    "answer", ["AC", "A,C", ["A", "C"], "子；寅", ["子", "寅"], ["A. 子", "C. 寅"], [0, 2]]
)
def test_options_and_answers_may_take_many_shapes(options: Any, answer: Any) -> None:
    item = {"question": "甲？", "options": options, "answer": answer}
    other = {"question": "乙？", "options": ["子", "丑"], "answer": 0}
    found = shorts(read(json.dumps([item, other] if answer == [0, 2] else [item]), "a.json"))
    assert found[0] == (1, "multiple", "甲？", ("子", "丑", "寅"), "AC")


def test_flags_and_marks_of_options() -> None:
    flagged = [{"text": "子", "isCorrect": False}, {"text": "丑", "isCorrect": True}]
    marked = [{"id": "x1", "content": "子"}, {"id": "x2", "content": "丑"}]
    assert keys_of(
        {"title": "甲？", "choices": flagged},
        {"stem": "乙？", "options": marked, "correctAnswer": "x2"},
        {"题干": "丙？", "选项A": "子", "选项B": "丑", "答案": "A"},
        {"question": "丁。", "answer": True},
        {"question": "戊。", "type": "judge", "answer": "错误"},
        {"question": "___是己___。", "type": "fill", "answer": ["子", "丑"]},
        {"question": "___。", "type": "blank", "answers": [["子", "丑"]]},
    ) == ["B", "B", "A", True, False, (("子",), ("丑",)), (("子", "丑"),)]


def test_groups_give_kind_and_chapter() -> None:
    text = json.dumps(
        {
            "单选题": [
                {"question": "甲？", "options": ["子", "丑"], "answer": "A", "analysis": "因为"}
            ],
            "chapters": [
                {
                    "name": "第一章",
                    "questions": [{"question": "乙。", "answer": "对", "难度": "难"}],
                },
                {
                    "type": "multiple",
                    "list": [{"question": "丙？", "options": ["子", "丑"], "answer": "AB"}],
                },
            ],
        }
    )
    first, second, third = read(text, "a.json").drafts
    assert (first.kind, first.explanation) == ("single", "因为")
    assert (second.source, second.difficulty) == ("第一章", "apply")
    assert third.kind == "multiple"


def test_json_lines_and_misfits() -> None:
    good = '{"question": "甲？", "options": ["子", "丑"], "answer": "A"}'
    assert [row[0] for row in shorts(read(f"{good}\n{good}\n", "a.jsonl"))] == [1, 2]
    found = read(f'[{good}, {{"note": 1}}, 3, {{"question": "乙？", "answer": ""}}]', "a.json")
    assert reasons(found) == {2: "这一项不是题目。", 3: "这一项不是题目。", 4: "缺少答案。"}


@pytest.mark.parametrize("text", ["[1, 2", '{"a": "b}', "[{]"])
def test_broken_json_names_its_line(text: str) -> None:
    with pytest.raises(Invalid, match="第 1 行"):
        read(text, "a.json")


def test_the_banks_own_files_are_read() -> None:
    for path in FIXTURE_BANK.glob("*/*.toml"):
        found = read(path.read_text(), "a.toml")
        assert found.refused == ()
        assert found.drafts[0].id.startswith("fx-")
    with pytest.raises(Invalid, match="TOML"):
        read("[[question]]\nid = ", "a.toml")


def test_answers_of_an_interface_are_unwrapped() -> None:
    options = [
        {"optionId": 11, "optionContent": "子", "isRight": 0},
        {"optionId": 12, "optionContent": "丑", "isRight": 1},
    ]
    item = {"questionId": 1, "title": "甲？", "optionList": options, "questionType": 1}
    found = read(json.dumps({"code": 0, "data": {"list": [item]}}), "a.json")
    assert shorts(found) == [(1, "single", "甲？", ("子", "丑"), "B")]

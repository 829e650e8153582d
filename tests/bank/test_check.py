"""Every rule finds its planted fault, says what to do, and hides nothing else."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.bank.check import Summary, check_bank
from app.bank.source import read_bank
from tests.conftest import FIXTURE_BANK

pytestmark = pytest.mark.pure
Plant = Callable[[str, str, str], Summary]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small test bank to spoil."""
    return Path(shutil.copytree(FIXTURE_BANK, tmp_path / "bank"))


@pytest.fixture
def plant(folder: Path) -> Plant:
    """Replace a text in a file and check the bank."""

    def planted(name: str, old: str, new: str) -> Summary:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return check_bank(read_bank(folder))

    return planted


def test_the_small_bank_is_clean(folder: Path) -> None:
    summary = check_bank(read_bank(folder))
    assert summary.findings == ()
    assert summary.questions == 12
    assert summary.kinds == {"single": 4, "multiple": 2, "truefalse": 2, "blank": 2, "order": 2}
    document = summary.documents["dangzhang"]
    assert (document["edition"], document["questions"]) == ("dangzhang-2022", 12)
    assert len(document["provisions"]) == 41
    assert (document["provisions"]["a5"], document["provisions"]["p1"]) == (2, 0)


CH1, GP, SOURCES = "dangzhang/ch1.toml", "dangzhang/gp.toml", "sources.toml"
FOUR = '["一名", "两名", "三名", "四名"]'
AGE = '["十六周岁", "十八岁", "二十周岁", "二十二岁"]'
STEPS = '["民主选举", "民主协商", "民主决策"]'
SEVEN = '["一", "二", "三", "四", "五", "六", "七"]'


@pytest.mark.parametrize(
    ("rule", "name", "old", "new"),
    [
        ("unknown-edition", CH1, 'edition = "dangzhang-2022"', 'edition = "dangzhang-2032"'),
        ("unknown-provision", CH1, 'provision = "a9"', 'provision = "a10"'),
        ("missing-explanation", CH1, "第九条规定的期限是连续六个月。", " "),
        ("missing-explanation", CH1, 'explanation = "第九条规定的期限是连续六个月。"\n', ""),
        ("missing-stem", GP, "按照党章（2022年修改）总纲，党执政后的最大危险是脱离群众。", ""),
        ("answer-not-among-options", CH1, 'answer = "A"', 'answer = "E"'),
        ("answer-not-among-options", CH1, 'answer = "A"', 'answer = "a"'),
        ("answer-repeated", GP, 'answer = "ABC"', 'answer = "ABB"'),
        ("answer-count", CH1, 'answer = "A"', 'answer = "AB"'),
        ("answer-count", GP, 'answer = "ABC"', 'answer = "A"'),
        ("same-id", CH1, 'id = "fx-a09-01"', 'id = "fx-p11-01"'),
        ("same-stem", GP, "党执政后的最大危险是脱离群众。", "新发展理念 包括（　）"),
        ("same-options", CH1, FOUR, '["一名", "两名", "两名 ", "四名"]'),
        ("too-few-options", CH1, FOUR, '["一名"]'),
        ("too-many-options", CH1, FOUR, '["1", "2", "3", "4", "5", "6", "7", "8", "9"]'),
        ("empty-option", CH1, FOUR, '["一名", "两名", " ", "四名"]'),
        ("blank-count", GP, "从___出发", "从实际出发"),
        ("blank-count", GP, "从___出发", "从___出___发"),
        ("empty-answer", GP, '[["实际"]]', '[["。"]]'),
        ("empty-answer", GP, '[["实际"]]', "[[]]"),
        ("order-too-short", GP, STEPS, '["民主选举", "民主协商"]'),
        ("order-too-long", GP, STEPS, SEVEN),
        ("order-repeated", GP, STEPS, '["民主选举", "民主协商", "民主选举"]'),
        ("empty-option", GP, STEPS, '["民主选举", "民主协商", ""]'),
        ("replaces-itself", CH1, 'id = "fx-a09-01"', 'id = "fx-a09-01"\nreplaces = "fx-a09-01"'),
        ("wrong-folder", SOURCES, 'subject = "dangzhang"', 'subject = "other"'),
        ("bad-range", SOURCES, "articles = [1, 9]", "articles = [9, 1]"),
        ("no-provisions", SOURCES, "articles = [1, 9]\n", ""),
        ("same-provision", SOURCES, "articles = [1, 9]", 'named = [["p1", "第一部分"]]'),
        ("same-provision", SOURCES, "paragraphs = [1, 32]", "articles = [1, 2]"),
        ("same-id", SOURCES, 'id = "ch1"', 'id = "gp"'),
        ("unreadable", SOURCES, "title = ", "titel = "),
        ("unreadable", CH1, 'kind = "order"', 'kind = "essay"'),
        ("unreadable", CH1, 'provision = "a9"\n', ""),
        ("unreadable", CH1, 'difficulty = "apply"', 'difficulty = "hard"'),
        ("unreadable", CH1, 'provision = "a9"', 'provision = "a9"\nscore = 5'),
        ("unreadable", CH1, 'id = "fx-a09-01"', 'id = "九"'),
        ("unreadable", CH1, "answer = false", 'answer = "B"'),
        ("unreadable", CH1, "[[question]]", "[[questions]]"),
        ("unreadable", CH1, "[[question]]", "[question]"),
    ],
)
def test_a_planted_error_is_found(plant: Plant, rule: str, name: str, old: str, new: str) -> None:
    errors = plant(name, old, new).errors
    found = [f for f in errors if f.rule == rule]
    assert found, errors
    assert all("请" in f.message or "要" in f.message or "必须" in f.message for f in found)
    assert all("Traceback" not in f.message for f in found)


@pytest.mark.parametrize(
    ("rule", "name", "old", "new"),
    [
        ("long-key", CH1, FOUR, '["一名", "两名以上的同志", "三名", "四名"]'),
        ("catch-all", CH1, FOUR, '["一名", "两名", "三名", "以上都不是"]'),
        ("catch-all", CH1, AGE, '["十六周岁", "十八岁", "二十周岁", "以上都是。"]'),
        ("replaced-still-there", CH1, "[[question]]", '[[question]]\nreplaces = "fx-a08-01"'),
        ("negative-stem", CH1, "申请入党要有几名正式党员作介绍人？", "以下错误的是（　　）。"),
        ("contained-option", CH1, AGE, '["十六周岁", "十八岁", "满十八岁", "二十二岁"]'),
        ("unordered-numbers", CH1, FOUR, '["四名", "三名", "两名", "一名"]'),
        ("hint-in-stem", CH1, '"每个党员"', '"编入一个支部"'),
        ("early-blank", GP, "___出发。", "___出发，" + "这样那样" * 7 + "。"),
        (
            "empty-explanation",
            CH1,
            "第九条规定的期限是连续六个月。",
            "没有正当理由连续多久，六个月。",
        ),
        ("no-such-provision", CH1, "第九条，没有正当理由", "第九条和第九十条，没有正当理由"),
        ("other-provision", CH1, 'provision = "a9"', 'provision = "a8"'),
        ("superseded-word", CH1, "没有正当理由连续多久", "按照旧词，连续多久"),
    ],
)
def test_a_planted_weakness_is_a_warning(
    plant: Plant, rule: str, name: str, old: str, new: str
) -> None:
    summary = plant(name, old, new)
    assert summary.errors == []
    assert [f.rule for f in summary.warnings] == [rule]


@pytest.mark.parametrize("content", [b"edition = ", b"\xff\xfe", b"question = 3", b"edition = 1"])
def test_a_broken_file_does_not_hide_the_others(folder: Path, content: bytes) -> None:
    (folder / GP).write_bytes(content)
    summary = check_bank(read_bank(folder))
    assert [(f.rule, f.file) for f in summary.errors] == [("unreadable", GP)]
    assert summary.questions == 8


def test_one_broken_question_does_not_hide_its_neighbours(plant: Plant) -> None:
    summary = plant(CH1, 'id = "fx-a05-01"\nkind = "single"', 'id = "fx-a05-01"\nkind = "order"')
    assert [(f.rule, f.item) for f in summary.errors] == [("unreadable", "fx-a05-01")]
    assert summary.questions == 11


def test_a_folder_without_sources_says_so(tmp_path: Path) -> None:
    errors = check_bank(read_bank(tmp_path)).errors
    assert [(f.file, f.rule) for f in errors] == [(SOURCES, "unreadable")]


def test_faults_in_one_file_are_all_told(plant: Plant, folder: Path) -> None:
    plant(CH1, 'provision = "a9"', 'provision = "a10"')
    summary = plant(CH1, 'answer = "A"', 'answer = "E"')
    assert {f.rule for f in summary.errors} == {"unknown-provision", "answer-not-among-options"}


def test_a_nearly_repeated_stem_is_a_warning(folder: Path) -> None:
    twin = (folder / CH1).read_text().split("[[question]]")[8]
    twin = twin.replace("fx-a09-01", "fx-a09-02").replace("正当理由", "正当的理由")
    with (folder / CH1).open("a") as file:
        file.write("\n[[question]]" + twin)
    summary = check_bank(read_bank(folder))
    assert [(f.rule, f.item) for f in summary.warnings] == [("near-twin", "fx-a09-02")]


def test_warnings_must_not_grow(folder: Path, plant: Plant) -> None:
    (folder / "warnings.toml").write_text("catch-all = 1\n")
    options = '["一名", "两名", "三名", "以上都不是"]'
    assert plant(CH1, FOUR, options).errors == []
    grown = plant(CH1, AGE, '["十六周岁", "十八岁", "二十周岁", "以上都是。"]')
    assert [(f.rule, f.item) for f in grown.errors] == [("more-warnings", "catch-all")]


@pytest.mark.parametrize("content", ["catch-all = many", 'catch-all = "1"', "[["])
def test_an_unreadable_list_of_allowed_warnings_is_an_error(folder: Path, content: str) -> None:
    (folder / "warnings.toml").write_text(content)
    assert "unreadable" in {f.rule for f in check_bank(read_bank(folder)).errors}


def test_an_uneven_bank_is_a_warning(folder: Path) -> None:
    path = folder / CH1
    path.write_text(path.read_text() + "".join(TRUE.format(n=n) for n in range(20)))
    found = {f.rule for f in check_bank(read_bank(folder)).warnings}
    assert "true-false" in found


TRUE = """
[[question]]
id = "fx-true-{n}"
kind = "truefalse"
provision = "a1"
difficulty = "know"
stem = "按照党章（2022年修改）第一条，{n} 号说法成立。"
answer = true
explanation = "这一题只为检验对错是否均衡而写，内容没有意义。"
"""

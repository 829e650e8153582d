"""Acts on record in words: none without, and never a code or a number on the page."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.base.audit import Entry
from app.org.acts import WORDS, details_in_words, in_words, mentioned_units, who_in_words

pytestmark = pytest.mark.pure
APP = Path(__file__).parents[2] / "app"


def entry(action: str = "org.edit_person", details: str = "{}", actor: int | None = 1) -> Entry:
    """Return an act."""
    return Entry(1, 0, actor, action, "user:7", 7, details, "")


def recorded(source: str) -> Iterator[str]:
    """Yield the names of the acts that a file records, in whatever call they are named."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in ("record", "tell", "_tell", "Act"):
                for word in node.args:
                    if isinstance(word, ast.Constant) and "." in str(word.value):
                        yield str(word.value)


def test_every_act_that_is_recorded_has_words() -> None:
    acts = {act for path in APP.rglob("*.py") for act in recorded(path.read_text())}
    assert len(acts) > 15
    assert acts <= set(WORDS), acts - set(WORDS)


def test_the_check_finds_a_planted_act() -> None:
    assert list(recorded('record(s, now, 1, "quiz.planted", "x")')) == ["quiz.planted"]
    assert in_words(entry("quiz.planted")).isprintable()
    assert "planted" not in in_words(entry("quiz.planted"))


def test_changes_are_told_with_names_for_codes() -> None:
    details = '{"status":["probationary","full"],"unit_id":[1,2],"name":[],"posts":["secretary"]}'
    told = details_in_words(entry(details=details), {1: "甲", 2: "乙"})
    assert [(one.field, one.values) for one in told] == [
        ("人员类别", "预备党员 → 正式党员"),
        ("单位", "甲 → 乙"),
        ("姓名", ""),
        ("职务", "书记"),
    ]
    assert mentioned_units(entry(details=details)) == (1, 2)


def test_what_is_none_or_unknown_is_not_shown_as_a_code() -> None:
    told = details_in_words(entry(details='{"unit_id":[null,9],"other":5}'), {})
    assert [(one.field, one.values) for one in told] == [("单位", "（无） → （无）")]
    assert details_in_words(entry(details="[1]"), {}) == ()


def test_who_did_it() -> None:
    assert who_in_words(entry(actor=None), 7, {}) == "本站的运行者"
    assert who_in_words(entry(actor=7), 7, {}) == "你自己"
    assert who_in_words(entry(actor=1), 7, {1: "书记甲"}) == "书记甲"
    assert who_in_words(entry(actor=1), 7, {}) == "已不在册的人"


def test_what_was_none_is_left_out_and_the_rest_is_told_as_people_say_it() -> None:
    told = details_in_words(
        entry(details='{"post":null,"full":true,"extra_s":600,"to":3}'), {3: "丙"}
    )
    assert [(one.field, one.values) for one in told] == [
        ("给全部分数", "是"),
        ("加时", "10 分钟"),
        ("现在的上级", "丙"),
    ]


def test_whoever_asks_for_the_whole_record_sees_what_has_no_words_too() -> None:
    told = details_in_words(entry(details='{"other":5,"title":"甲卷"}'), {}, whole=True)
    assert [(one.field, one.values) for one in told] == [("other", "5"), ("事项", "甲卷")]

"""Files are known by what they hold, whatever their name; the others get a sentence."""

import pytest

from app.bank.formats.recognise import parse
from app.base.errors import Invalid
from tests.bank.formats.reading import read

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("题目,A,B,答案\n甲？,子,丑,A\n", "文本表格"),
        ("题目\tA\tB\t答案\n甲？\t子\t丑\tA\n", "文本表格"),
        ('[{"题目": "甲。", "答案": "对"}]', "JSON"),
        ('{"a": [{"题目": "甲。", "答案": "对"}]}', "JSON"),
        ("甲。{T}\n", "GIFT"),
        ("甲？\nA. 子\nB. 丑\nANSWER: A\n", "Aiken"),
        ("<?xml version='1.0'?><quiz><question type='essay'/></quiz>", "Moodle"),
        ("# 题\n\n1. 甲？\n- [x] 子\n- [ ] 丑\n", "Markdown"),
        ('edition = "e"\n[[question]]\nkind = "x"\n', "题库的 TOML"),
        ("【题干】甲？\nA. 子\nB. 丑\n【答案】A\n", "文字排版"),
        ("[1] 甲？\nA. 子\nB. 丑\n答案：A\n", "文字排版"),
        ("1. 集合 {1, 2} 有几个元素？\nA. 一\nB. 二\n答案：B\n", "文字排版"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.dat", ""])
def test_content_decides(text: str, start: str, name: str) -> None:
    assert read(text, name).recognised.startswith(start)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0", "旧版"),
        (b"%PDF-1.4", "PDF"),
        ("你好。\n".encode(), "没有找到题目"),
        (b"<html></html>", "认不出"),
        (b"a\x00b", "不是文字"),
    ],
)
def test_other_files_are_refused_with_a_sentence(data: bytes, word: str) -> None:
    with pytest.raises(Invalid, match=word):
        parse("a.bin", data)


def test_reading_twice_gives_the_same() -> None:
    data = "题目,A,B,答案\n甲？,子,丑,A\n乙？,子,丑,C\n".encode()
    assert parse("a.csv", data) == parse("a.csv", data)

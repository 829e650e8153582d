"""GIFT: kinds we have are read, others refused with their line; escapes, formats and marks."""

import pytest

from tests.bank.formats.reading import read, reasons, shorts

pytestmark = pytest.mark.pure


def test_kinds_we_have() -> None:
    text = """// 说明
$CATEGORY: $course$/top/第一章

::一::甲是？{~子 =丑#对了 ~寅}

乙是 {
   =子
   ~丑
} 的。

丙。{T####因为如此}

丁。{FALSE#不对#对了}

戊是？{=子 =丑 =%50%寅}

己有几条？{#8}

选两个{~%50%子 ~%-100%丑 ~%50%寅}

排一排{=1 -> 子 =2 -> 丑 =3 -> 寅}
"""
    found = read(text, "a.gift")
    assert shorts(found) == [
        (4, "single", "甲是？", ("子", "丑", "寅"), "B"),
        (6, "single", "乙是 ___ 的。", ("子", "丑"), "A"),
        (11, "truefalse", "丙。", (), True),
        (13, "truefalse", "丁。", (), False),
        (15, "blank", "戊是？ ___", (), (("子", "丑"),)),
        (17, "blank", "己有几条？ ___", (), (("8",),)),
        (19, "multiple", "选两个", ("子", "丑", "寅"), "AC"),
        (21, "order", "排一排", ("子", "丑", "寅"), ()),
    ]
    assert [d.explanation for d in found.drafts[:4]] == ["对了", "", "因为如此", "对了"]
    assert {d.source for d in found.drafts} == {"第一章"}


def test_others_are_refused_with_their_line() -> None:
    text = """::说明::只是文字。

论述 {}

配对 {=子->甲 =丑->乙}

数值 {#3:1}

数值 {#1..5}

通配 {=子*}

没有对的 {~子 ~丑}

没有收尾 {=子

::下一题::好的{T}
"""
    found = read(text, "a.gift")
    assert [(d.row, d.truth) for d in found.drafts] == [(17, True)]
    assert reasons(found) == {
        1: "只有说明文字，没有题目。",
        3: "论述题没有标准答案，不能导入。",
        5: "配对题没有对应的题型，不能导入。",
        7: "数值题带有误差范围，不能改成填空题。",
        9: "数值题带有误差范围，不能改成填空题。",
        11: "答案里的通配符 * 不能改成填空题。",
        13: "没有一个选项标为正确。",
        15: "花括号没有配对。",
    }


def test_escapes_formats_and_marks() -> None:
    text = (
        "// [id:dz-1] [tag:党员] [tag:难度：应用]\n"
        "[html]<p>甲 \\= 乙 <b>是</b>？</p>{=\\{子\\}\\: \\~ ~[plain]a\\nb ~c\\\\d #注\n}\n"
    )
    draft = read(text, "a.gift").drafts[0]
    assert draft.stem == "甲 = 乙 是？"
    assert draft.options == ("{子}: ~", "a\nb", "c\\d")
    assert (draft.id, draft.tags, draft.difficulty) == ("dz-1", ("党员",), "apply")


def test_pictures_are_refused() -> None:
    assert "图片" in reasons(read('[html]<img src\\="a.png"> 甲{T}', "a.gift"))[1]


def test_a_file_with_nothing_but_a_category_says_so() -> None:
    assert reasons(read("$CATEGORY: a/b\n", "a.gift")) == {1: "只有分类，没有题目。"}


def test_it_is_known_by_its_content() -> None:
    assert read("::甲::乙{=子 ~丑}\n", "a.txt").recognised.startswith("GIFT")

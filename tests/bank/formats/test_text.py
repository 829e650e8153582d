"""Running text in the layouts people use: numbers, headings, labels, answers anywhere."""

import pytest

from app.bank.formats.recognise import parse
from tests.bank.formats.reading import read, reasons, shorts

pytestmark = pytest.mark.pure

PAPER = """党章知识竞赛题库

第一章　党员
一、单选题（每题2分，共4分）
1、支部党员大会一般每（B）召开一次。
A、月 B、季度
C、半年 D、年
2．预备党员的预备期为（　）。
A.半年
B.一年

【答案】B
【解析】第七条写明：
1. 预备期为一年；
2. 可以延长。
3. 党小组会一般多久开一次
Ａ．每月；Ｂ．每季；Ｃ．每年
答案：Ａ　解析：见条例　难度：易
二、多项选择题
1. 组织生活包括（ABC）
A. 党员大会
B. 支委会
C. 党小组会
D. 茶话会
三、判断题
1. 预备党员有表决权。（×）
2. 党员要交党费。( √ )
3. 干部是人民的公仆（  ）
答案：正确
四、填空题
1. 一切从____出发，理论联系____。
答案：实际；实际
2. 宗旨是（    ）。
【答案】全心全意为人民服务
五、排序题
1. 发展党员的先后：
A. 转正
B. 申请
C. 接收
答案：BCA
六、简答题
1. 党的宗旨是什么？
答：全心全意为人民服务。
"""


def test_a_paper_with_sections_is_read() -> None:
    found = read(PAPER)
    assert reasons(found) == {
        42: "简答题没有对应的题型，不能导入（支持单选、多选、判断、填空、排序）。"
    }
    kinds = [(d.kind, d.answer, d.truth, d.blanks, d.items) for d in found.drafts]
    assert kinds == [
        ("single", "B", None, (), ()),
        ("single", "B", None, (), ()),
        ("single", "A", None, (), ()),
        ("multiple", "ABC", None, (), ()),
        ("truefalse", "", False, (), ()),
        ("truefalse", "", True, (), ()),
        ("truefalse", "", True, (), ()),
        ("blank", "", None, (("实际",), ("实际",)), ()),
        ("blank", "", None, (("全心全意为人民服务",),), ()),
        ("order", "", None, (), ("申请", "接收", "转正")),
    ]
    first, second, third = found.drafts[:3]
    assert (first.row, first.stem) == (5, "支部党员大会一般每（　　）召开一次。")
    assert first.options == ("月", "季度", "半年", "年")
    assert second.explanation == "第七条写明：\n1. 预备期为一年；\n2. 可以延长。"
    assert (third.explanation, third.difficulty, third.options) == (
        "见条例",
        "know",
        ("每月", "每季", "每年"),
    )
    assert {d.source for d in found.drafts} == {"第一章　党员"}
    assert found.drafts[6].stem == "干部是人民的公仆"
    assert "有题号" in found.recognised


def test_without_numbers_an_answer_ends_a_question() -> None:
    text = (
        "甲会议的意义是()。\r\nA 统一思想\r\n \r\nB 选举\r\nC 整顿\\ans:AB\r\n"
        "1921 年的某次会议，通过了\r\n第一个纲领()。\r\nA 是\r\nB 否\\ans:A\r\n"
    )
    assert shorts(read(text)) == [
        (1, "multiple", "甲会议的意义是()。", ("统一思想", "选举", "整顿"), "AB"),
        (6, "single", "1921 年的某次会议，通过了第一个纲领()。", ("是", "否"), "A"),
    ]


def test_blocks_with_labels_are_read() -> None:
    text = (
        "题目：甲？\nA. 子\nB. 丑\n答案：A\n难度：难\n\n"
        "题目：乙？\nA. 子\nB. 丑\n答案：AB\n解析：都对"
    )
    first, second = read(text).drafts
    assert (first.stem, first.answer, first.difficulty) == ("甲？", "A", "apply")
    assert (second.row, second.kind, second.explanation) == (7, "multiple", "都对")


ANSWERS = """一、选择题
1. 甲？
A. a B. b C. c
2. 乙？
A. a B. b C. c
二、判断题
1. 丙。
2. 丁。
三、填空题
1. 戊是___。
参考答案
一、选择题
1-2：AB C
二、判断题
1.√ 2.×
三、填空题
1. 己
"""


def test_answers_listed_at_the_end_find_their_questions() -> None:
    found = read(ANSWERS)
    assert [key for *_rest, key in shorts(found)] == ["AB", "C", True, False, (("己",),)]
    assert "答案列在后面" in found.recognised


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("正确答案：B", "B"),
        ("【正确答案】：Ｂ", "B"),
        ("(答案：B)", "B"),
        ("ANS: b", "B"),
        ("答案: A, B", "AB"),
        ("参考答案：A、B、C", "ABC"),
        ("答案：ＡＣ。", "AC"),
        ("答案：B、丑", "B"),
        ("答案：丑", "B"),
        ("答案：子；寅", "AC"),
        ("答案：B（丑）", "B"),
        ("✅ 正确答案：A C", "AC"),
        ("答案\nB", "B"),
    ],
)
def test_answers_are_understood(line: str, key: str) -> None:
    assert (
        shorts(read(f"1. 甲？\nA. 子\nB. 丑\nC. 寅\n{line}\n2. 乙？\nA. 子\nB. 丑\n答案：A"))[0][4]
        == key
    )


@pytest.mark.parametrize(
    "mark", ["1、", "1.", "1．", "（1）", "第1题 ", "1.\t", "1)", "【1】", "Q1: "]
)
def test_numbers_are_taken_off(mark: str) -> None:
    assert shorts(read(f"{mark}甲？\nA. 子\nB. 丑\n答案：A"))[0][2] == "甲？"


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ("A、子\nB、丑", ("子", "丑")),
        ("A.子　B.丑", ("子", "丑")),
        ("A.子B.丑", ("子", "丑")),
        ("（A）子\n（B）丑", ("子", "丑")),
        ("a) 子\nb) 丑", ("子", "丑")),
        ("A 子\nB 丑", ("子", "丑")),
        ("A．子；B．丑；", ("子", "丑")),
        ("A. 子\n续\nB. 丑", ("子续", "丑")),
    ],
)
def test_options_are_found(options: str, texts: tuple[str, ...]) -> None:
    assert shorts(read(f"1. 甲？\n{options}\n答案：A")) == [(1, "single", "甲？", texts, "A")]


def test_marked_options_are_the_key() -> None:
    assert shorts(read("1. 甲？\n*A. 子\nB. 丑\n√C. 寅"))[0][4] == "AC"
    assert shorts(read("1. 甲？\nA. 子\nB. 丑（正确）"))[0][3:] == (("子", "丑"), "B")


def test_every_refused_question_has_its_line_and_reason() -> None:
    text = (
        "1. 甲？\nA. 子\nB. 丑\n答案：E\n2. 乙？\nA. 子\nB. 丑\n"
        "3. 丙？\nA. 子\nA. 丑\n答案：A\n"
        "4. 丁？\nA. 子\nB. 子\n答案：A\n5. 戊。\n答案：也许\n"
    )
    assert reasons(read(text)) == {
        1: "答案“E”不在选项之中。",
        5: "缺少答案。",
        8: "选项字母 A 出现了两次。",
        12: "有两个相同的选项“子”。",
        16: "没有选项，也没有要填的空或对错，看不出是什么题。",
    }


def test_gb18030_and_utf16_are_read() -> None:
    text = "1. 甲？\nA. 子\nB. 丑\n答案：A"
    for coding in ("gb18030", "utf-16", "utf-8-sig"):
        assert parse("a.txt", text.encode(coding)).drafts[0].stem == "甲？"


def test_answers_in_one_line_at_the_end_find_their_questions() -> None:
    text = (
        "单选题\n1. 甲（  ）\nA 子  B 丑  C 寅\n"
        "多选题\n2. 乙\nA、子    B、丑\nC、寅\n\n答案：1.B 2.ABC\n"
    )
    assert [row[1:] for row in shorts(read(text))] == [
        ("single", "甲（  ）", ("子", "丑", "寅"), "B"),
        ("multiple", "乙", ("子", "丑", "寅"), "ABC"),
    ]


def test_brackets_alone_part_questions_without_numbers() -> None:
    text = "甲是（AC）\nA.子\nB.丑\nC.寅\n乙是（B）\nA.子\nB.丑\n丙是对的。（√）\n丁不对。（×）\n"
    assert [row[4] for row in shorts(read(text))] == ["AC", "B", True, False]

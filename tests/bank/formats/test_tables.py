"""Tables as people keep them: many titles, many ways to write options and answers."""

import pytest

from app.bank.formats.tables import column_name
from tests.bank.formats.reading import read, reasons, shorts

pytestmark = pytest.mark.pure


def test_titles_are_recognised_and_told() -> None:
    text = (
        "党支部题库,,,,,,,\n"
        "序号,试题（必填）,选项A（必填）,选项B,正确选项,答案解析,难易程度,分值\n"
        "1,甲？,子,丑,Ｂ,因为,中等,2\n"
        "\n"
        "2,乙？,子,丑,a b,,易,2\n"
    )
    found = read(text, "a.csv")
    assert shorts(found) == [
        (3, "single", "甲？", ("子", "丑"), "B"),
        (5, "multiple", "乙？", ("子", "丑"), "AB"),
    ]
    assert (found.drafts[0].explanation, found.drafts[0].difficulty) == ("因为", "understand")
    assert "第 2 行是表头" in found.recognised
    assert "题干=B 列“试题（必填）”" in found.recognised
    assert "没有用到的列：分值" in found.recognised


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        ("判断题", "正确", True),
        ("判断", "×", False),
        ("", "√", True),
        ("是非题", "T", True),
        ("判断题", "B", False),
        ("true/false", "否", False),
        ("judge", "✔ 正确", True),
    ],
)
def test_judgements_are_understood(kind: str, answer: str, expected: bool) -> None:
    assert shorts(read(f"题型,题目,答案\n{kind},甲。,{answer}\n", "a.csv")) == [
        (2, "truefalse", "甲。", (), expected)
    ]


def test_two_options_that_judge_make_a_judgement() -> None:
    text = "题目,A,B,答案\n甲。,正确,错误,B\n乙。,错,对,B\n是否？,是,否,A\n"
    assert [(kind, key) for _r, kind, _s, _o, key in shorts(read(text, "a.csv"))] == [
        ("truefalse", False),
        ("truefalse", True),
        ("single", "A"),
    ]


def test_options_in_one_cell_are_split() -> None:
    text = (
        "问题,选项,答案\n"
        '甲？,"A、子\nB、丑\nC、寅",AC\n'
        "乙？,子；丑；寅,丑\n"
        "丙？,A.子 B.丑 C.寅,B、丑\n"
        "丁？,子|丑,2\n"
        "戊？,子|丑,1\n"
    )
    assert [row[3:] for row in shorts(read(text, "a.csv"))] == [
        (("子", "丑", "寅"), "AC"),
        (("子", "丑", "寅"), "B"),
        (("子", "丑", "寅"), "B"),
        (("子", "丑"), "B"),
        (("子", "丑"), "A"),
    ]


def test_options_and_answer_inside_the_stem_are_taken_out() -> None:
    text = '题干,答案\n"甲是（　）A.子 B.丑 C.寅",C\n"乙是（ B ）。\nA、子\nB、丑",\n'
    assert shorts(read(text, "a.csv")) == [
        (2, "single", "甲是（　）", ("子", "丑", "寅"), "C"),
        (3, "single", "乙是（　　）。", ("子", "丑"), "B"),
    ]


def test_one_row_an_option() -> None:
    text = (
        "题号,题目,选项号,选项内容,是否正确,题型\n"
        "1,甲？,A,子,否,单选题\n,,B,丑,是,\n"
        "2,乙？,A,子,是,多选题\n2,乙？,B,丑,是,多选题\n2,乙？,C,寅,,多选题\n"
    )
    assert shorts(read(text, "a.csv")) == [
        (2, "single", "甲？", ("子", "丑"), "B"),
        (4, "multiple", "乙？", ("子", "丑", "寅"), "AB"),
    ]


def test_option_rows_with_the_answer_in_the_first_one() -> None:
    text = "题目,选项,答案\n甲？,A. 子,B\n,B. 丑,\n乙？,A. 子,A\n,B. 丑,\n,C. 寅,\n"
    assert [row[3:] for row in shorts(read(text, "a.csv"))] == [
        (("子", "丑"), "B"),
        (("子", "丑", "寅"), "A"),
    ]


def test_numbered_options_with_flags() -> None:
    text = (
        "content,type,option1,option2,option3,isCorrect1,isCorrect2,isCorrect3\n"
        "甲？,single,子,丑,寅,false,true,false\n乙？,multiple,子,丑,寅,true,false,true\n"
    )
    assert [row[4] for row in shorts(read(text, "a.csv"))] == ["B", "AC"]


def test_numbers_for_kinds_are_read_from_the_title() -> None:
    text = (
        "问题,题型（0单选，1判断，2多选）,选项A,选项B,答案\n"
        "甲？,0,子,丑,A\n乙。,1,,,错\n丙？,2,子,丑,AB\n"
    )
    assert [row[1] for row in shorts(read(text, "a.csv"))] == ["single", "truefalse", "multiple"]


def test_columns_are_guessed_without_titles() -> None:
    text = "这里是第一题的题干,子甲,丑乙,寅丙,A\n这里是第二题的题干,子丁,丑戊,寅己,BC\n"
    found = read(text, "a.csv")
    assert [row[3:] for row in shorts(found)] == [
        (("子甲", "丑乙", "寅丙"), "A"),
        (("子丁", "丑戊", "寅己"), "BC"),
    ]
    assert "没有表头" in found.recognised


def test_headings_between_rows_name_the_kind_and_repeated_titles_are_skipped() -> None:
    text = "题目,A,B,答案\n一、多选题,,,\n甲？,子,丑,AB\n题目,A,B,答案\n二、判断题,,,\n乙。,,,对\n"
    assert [(row[0], row[1]) for row in shorts(read(text, "a.csv"))] == [
        (3, "multiple"),
        (6, "truefalse"),
    ]


def test_blanks_and_orders() -> None:
    text = (
        "题型,题目,选项A,选项B,选项C,答案\n"
        "填空题,甲是____，乙是____。,,,,子;丑\n填空题,丙是（　　）。,,,,寅|卯\n"
        "排序题,先后？,子,丑,寅,CAB\n"
    )
    found = read(text, "a.csv")
    assert [d.blanks or d.items for d in found.drafts] == [
        (("子",), ("丑",)),
        (("寅", "卯"),),
        ("寅", "子", "丑"),
    ]
    assert found.drafts[0].stem == "甲是___，乙是___。"


def test_refused_rows_have_number_and_reason() -> None:
    text = (
        "题型,题目,A,B,C,答案\n单选,,子,丑,,A\n单选,甲？,子,丑,,D\n多选,乙？,子,丑,,A\n简答,丙？,,,,丁\n"
        "填空,戊___己___,,,,庚\n单选,辛？,子,,寅,A\n单选,壬？,子,丑,,\n判断,癸。,,,,大概\n"
        "单选,子？,<img src=x>,丑,,A\n"
    )
    found = read(text, "a.csv")
    assert found.drafts == ()
    assert reasons(found) == {
        2: "缺少题干。",
        3: "答案“D”不在选项之中。",
        4: "多选题的答案必须是两个或两个以上字母，只有一个请改为单选题。",
        5: "简答没有对应的题型，不能导入（支持单选、多选、判断、填空、排序）。",
        6: "题干有 2 个空，答案却有 1 个。",
        7: "有空白的选项，请写上内容或删去。",
        8: "缺少答案。",
        9: "判断题的答案“大概”看不出是对还是错。",
        10: "题干或选项里有图片，不能导入。",
    }
    understood = found.refused[0].draft
    assert understood is not None
    assert (understood.kind, understood.answer) == ("single", "A")


def test_numbers_as_answers_need_something_to_tell_their_start() -> None:
    head = "题目,A,B,C,答案\n"
    assert [
        d.answer for d in read(head + "甲？,子,丑,寅,0\n乙？,子,丑,寅,2\n", "a.csv").drafts
    ] == ["A", "C"]
    assert "从 0 还是从 1" in reasons(read(head + "甲？,子,丑,寅,1\n", "a.csv"))[2]
    assert read(head + "甲？,1,2,3,2\n", "a.csv").drafts[0].answer == "B"


def test_html_in_cells_becomes_text() -> None:
    text = "题目,A,B,答案\n<p>甲&nbsp;&lt;乙？<br/>丙</p>,<b>子</b>,丑,A\n"
    assert shorts(read(text, "a.csv")) == [(2, "single", "甲 <乙？\n丙", ("子", "丑"), "A")]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_cells_may_be_parted_by_other_marks(mark: str) -> None:
    text = (
        mark.join(["题目", "A", "B", "答案"]) + "\n" + mark.join(["甲？", "子", "丑", "A"]) + "\n"
    )
    assert shorts(read(text, "a.csv")) == [(2, "single", "甲？", ("子", "丑"), "A")]


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [column_name(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_table_pasted_as_text_is_guessed() -> None:
    text = "1\t甲是哪一个？\tA.子\tB.丑\tA\n2\t乙是哪一个？\tA.子\tB.丑\tAB\n"
    assert [row[2:] for row in shorts(read(text, "a.txt"))] == [
        ("甲是哪一个？", ("子", "丑"), "A"),
        ("乙是哪一个？", ("子", "丑"), "AB"),
    ]

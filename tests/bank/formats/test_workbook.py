"""Workbooks: several sheets, merged cells, hidden rows, numbers, formulas, our own template."""

import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest

from app.bank.formats.recognise import parse
from app.bank.formats.write_xlsx import write_template, write_xlsx
from app.base.errors import Invalid
from tests.bank.formats.drafts import make_single
from tests.bank.formats.reading import shorts

pytestmark = pytest.mark.pure
Rows = Sequence[Sequence[object]]
HEAD = ("题目", "选项A", "选项B", "答案")


def book(
    sheets: dict[str, Rows], change: Callable[[openpyxl.Workbook], None] = lambda book: None
) -> bytes:
    """Return a workbook as others write it."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_several_sheets_and_hidden_rows() -> None:
    def hide(made: openpyxl.Workbook) -> None:
        made["多选题"].row_dimensions[3].hidden = True
        made["判断题"].sheet_state = "hidden"

    found = parse(
        "a.xlsx",
        book(
            {
                "说明": [("请先阅读",)],
                "单选题": [("题库",), (), HEAD, ("甲？", 1918, 1921.0, "B")],
                "多选题": [HEAD, ("乙？", "子", "丑", "AB"), ("丙？", "子", "丑", "AB")],
                "判断题": [HEAD, ("丁。", None, None, True)],
            },
            hide,
        ),
    )
    assert shorts(found) == [
        (4, "single", "甲？", ("1918", "1921"), "B"),
        (2, "multiple", "乙？", ("子", "丑"), "AB"),
        (3, "multiple", "丙？", ("子", "丑"), "AB"),
        (2, "truefalse", "丁。", (), True),
    ]
    assert [d.where for d in found.drafts] == ["单选题", "多选题", "多选题", "判断题"]
    assert "有 1 个隐藏行，照样读取" in found.recognised
    assert "（隐藏的工作表）" in found.recognised
    assert "没有读取的工作表：“说明”" in found.recognised


def test_merged_cells_are_filled() -> None:
    def merge(made: openpyxl.Workbook) -> None:
        sheet = made.active
        for cells in ("A1:E1", "A3:A4", "B5:B6", "E5:E6"):
            sheet.merge_cells(cells)

    rows = [
        ("党章题库",),
        ("题型", "题目", "选项A", "选项B", "答案"),
        ("多选题", "甲？", "子", "丑", "AB"),
        (None, "乙？", "子", "丑", "AB"),
    ]
    found = parse("a.xlsx", book({"一": rows}, merge))
    assert [row[:3] for row in shorts(found)] == [(3, "multiple", "甲？"), (4, "multiple", "乙？")]


def test_one_row_an_option_with_merged_stems() -> None:
    rows = [
        ("题目", "选项", "是否正确"),
        ("甲？", "A. 子", ""),
        (None, "B. 丑", "√"),
        ("乙？", "子", "√"),
        (None, "丑", ""),
    ]

    def merge(made: openpyxl.Workbook) -> None:
        made.active.merge_cells("A2:A3")
        made.active.merge_cells("A4:A5")

    found = parse("a.xlsx", book({"一": rows}, merge))
    assert shorts(found) == [
        (2, "single", "甲？", ("子", "丑"), "B"),
        (4, "single", "乙？", ("子", "丑"), "A"),
    ]


def test_a_workbook_without_titles_is_guessed_or_refused() -> None:
    rows = [
        ("这里是第一题的题干", "子甲", "丑乙", "A"),
        ("这里是第二题的题干", "子丙", "丑丁", "B"),
    ]
    assert "没有表头" in parse("a.xlsx", book({"一": rows})).recognised
    with pytest.raises(Invalid, match="没有找到表头"):
        parse("a.xlsx", book({"一": [("随便", "写写")]}))


def test_the_template_explains_itself_and_its_examples_stay_out() -> None:
    made = openpyxl.load_workbook(io.BytesIO(write_template()))
    assert made.sheetnames == ["题目", "填写示例（不会导入）", "填写说明"]
    assert made["题目"].max_row == 1
    assert made["填写示例（不会导入）"].max_row == 6
    with pytest.raises(Invalid, match="没有找到题目"):
        parse("a.xlsx", write_template())
    rows = [[c.value for c in row] for row in made["填写示例（不会导入）"].iter_rows()]
    found = parse("a.xlsx", book({"题目": rows}))
    assert [d.kind for d in found.drafts] == ["single", "multiple", "truefalse", "blank", "order"]
    assert found.refused == ()


def test_what_looks_like_a_formula_stays_text() -> None:
    draft = make_single(stem="=1+1", options=("@SUM(A1)", "-2", "+3", "https://example.org"))
    data = write_xlsx([draft])
    sheet = openpyxl.load_workbook(io.BytesIO(data))["学记导出"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert parse("a.xlsx", data).drafts[0].options == draft.options
    assert write_xlsx([draft]) == data


def test_too_long_texts_and_too_many_options_are_not_cut() -> None:
    with pytest.raises(Invalid, match="超过"):
        write_xlsx([make_single(explanation="字" * 32_768)])
    with pytest.raises(Invalid, match="9 个选项"):
        write_xlsx([make_single(options=tuple("123456789"))])

"""Questions to an .xlsx that our own template describes; every cell is text, never a formula."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from app.bank.formats.blanks import protect, write_blanks
from app.bank.formats.draft import Draft
from app.bank.formats.template import (
    BLANK_SHEET,
    EXAMPLE_ROWS,
    EXAMPLES,
    EXPORTED,
    GUIDE,
    KIND_WORDS,
    LEVEL_WORDS,
    NOTES,
    OPTIONS,
    TITLES,
)
from app.base.errors import Invalid

LONGEST_CELL = 32_767  # characters, of the format
_MADE = datetime(2026, 1, 1)  # the same questions give the same bytes
_WIDTHS = {"题干": 50, "解析": 40, "编号": 14, "章节或条款": 16, "标签": 16, "答案": 14}


def write_xlsx(drafts: Sequence[Draft]) -> bytes:
    """Return a workbook of `drafts`; raise Invalid for a text longer than a cell can hold."""
    return _write(EXPORTED, [_row(draft) for draft in drafts])


def write_template() -> bytes:
    """Return the empty workbook to fill in, with examples and instructions."""
    return _write(BLANK_SHEET, [])


def _row(draft: Draft) -> dict[str, str]:
    """Return the cells of a question by title."""
    texts = draft.items or draft.options
    if len(texts) > OPTIONS:
        raise Invalid(f"题目有 {len(texts)} 个选项，表格最多放 {OPTIONS} 个。")
    return {
        "编号": draft.id,
        "题型": KIND_WORDS[draft.kind],
        "题干": draft.stem,
        **dict(zip(TITLES[3 : 3 + OPTIONS], texts, strict=False)),
        "答案": _answer(draft),
        "解析": draft.explanation,
        "难度": LEVEL_WORDS.get(draft.difficulty, ""),
        "章节或条款": draft.source,
        "标签": "；".join(map(protect, draft.tags)),
    }


def _answer(draft: Draft) -> str:
    """Return the key as people write it."""
    if draft.kind == "truefalse":
        return "正确" if draft.truth else "错误"
    if draft.kind == "blank":
        return write_blanks(draft.blanks)
    return draft.answer or "ABCDEFGH"[: len(draft.items)]


def _write(name: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return a workbook with `rows` in its first sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": "题目", "created": _MADE})
    title = book.add_format({"bold": True, "bg_color": "#F2E6D9", "border": 1, "text_wrap": True})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for sheet_name, held in ((name, rows), (EXAMPLES, EXAMPLE_ROWS)):
        sheet = book.add_worksheet(sheet_name)
        sheet.freeze_panes(1, 0)
        _fill(sheet, [TITLES, *([row.get(t, "") for t in TITLES] for row in held)], title, text)
        sheet.data_validation(
            1, 1, 20_000, 1, {"validate": "list", "source": [*KIND_WORDS.values()]}
        )
    guide = book.add_worksheet(NOTES)
    guide.set_column(0, 0, 100)
    for number, sentence in enumerate(GUIDE):
        guide.write_string(number, 0, sentence, text)
    book.close()
    return out.getvalue()


def _fill(sheet: Any, rows: Iterable[Sequence[str]], title: Any, text: Any) -> None:
    """Write every cell as a string, whatever it looks like."""
    for place, name in enumerate(TITLES):
        sheet.set_column(place, place, _WIDTHS.get(name, 18 if "选项" in name else 10), text)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if len(cell) > LONGEST_CELL:
                raise Invalid(f"第 {number} 题有一处超过 {LONGEST_CELL} 字，表格放不下。")
            if cell:
                sheet.write_string(number, place, cell, title if number == 0 else text)

"""A report as a workbook: a sheet a table, cells that show what the page shows, no formulas; pure.

What is written by people is always text. Figures become numbers, shares and days that Excel can
sort and chart, with the format under which they look as on the page.
"""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from unicodedata import east_asian_width

from app.assess.report import Report, Table

ROOM = 31  # characters that Excel allows in a sheet's name
LONGEST = 32_767  # characters that Excel allows in a cell
NARROWEST, WIDEST = 8, 48  # columns, in letters; a Chinese character takes two
LINE, HIGHEST = 15.5, 400.0  # points: a line of text, and the highest row Excel makes
TITLE, FACT = 22.0, 90  # points; letters
A4 = 9  # Excel's number of the paper
HEADS = 2  # rows above the figures: the title and the heads
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,8})\.(\d{1,6})")
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d))?%")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def write_report(report: Report) -> bytes:
    """Return the .xlsx file of a report: first what it rests on, then a sheet for each table."""
    file = io.BytesIO()
    import xlsxwriter  # loaded when somebody wants a workbook

    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": report.title, "subject": report.name})
    styles = _Styles(book)
    first = book.add_worksheet(sheet_name(report.title, 0))
    first.set_column(0, 0, 24)
    first.set_column(1, 1, FACT)
    first.write_string(0, 0, report.title, styles.title)
    first.write_string(0, 1, report.name[:LONGEST], styles.title)
    first.set_row(0, TITLE)
    for row, (name, told) in enumerate(report.facts, 1):
        first.set_row(row, height_of((name, told), (24, FACT)))
        first.write_string(row, 0, name, styles.head)
        _write(first, row, 1, told, styles)
    _set_paper(first, report)
    for number, one in enumerate(report.tables, 1):
        sheet = book.add_worksheet(sheet_name(one.title, number))
        _add_table(sheet, one, styles)
        _set_paper(sheet, report)
    book.close()
    return file.getvalue()


def sheet_name(title: str, number: int) -> str:
    """Return a sheet's name that Excel accepts, different for every number."""
    head = f"{number} " if number else ""
    return (head + _FORBIDDEN.sub(" ", title).strip())[:ROOM].strip() or f"{number}"


def width_of(text: str) -> int:
    """Return how many letters wide the widest line of a text is; a Chinese character is two."""
    lines = text.split("\n")
    return max(sum(1 + _is_wide(c) for c in line) for line in lines)


def _is_wide(character: str) -> bool:
    """Say whether Chinese fonts give a character a full square."""
    return east_asian_width(character) in "WF" or character in "“”‘’—…·"


def height_of(cells: Sequence[str], widths: Sequence[int]) -> float:
    """Return how high a row must be for its texts to wrap in columns of these widths, in points."""
    lines = 1
    for cell, width in zip(cells, widths, strict=True):
        parts = (width_of(part) for part in cell.split("\n"))
        lines = max(lines, sum(max(1, -(-part // (width - 1))) for part in parts))
    return min(HIGHEST, LINE * lines)


class _Styles:
    """The looks of cells; those of numbers by their format, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[str, Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14, "valign": "top"})
        look = {"bold": True, "text_wrap": True, "valign": "top"}
        self.head = book.add_format(look)
        self.heads = book.add_format(look | {"bg_color": "#EDEDED", "bottom": 1})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.note = book.add_format({"italic": True, "valign": "top", "text_wrap": True})

    def number(self, pattern: str) -> Any:
        """Return the look of a number with Excel's pattern."""
        if pattern not in self._numbers:
            told = {"num_format": pattern, "valign": "top", "align": "left"}
            self._numbers[pattern] = self._book.add_format(told)
        return self._numbers[pattern]


def _add_table(sheet: Any, one: Table, styles: _Styles) -> None:
    """Write title, heads, rows and the note below them."""
    widths = [_width(one, column) for column in range(len(one.heads))]
    sheet.write_string(0, 0, one.title, styles.title)
    sheet.set_row(0, TITLE)
    sheet.set_row(1, height_of(one.heads, widths))
    sheet.freeze_panes(HEADS, 1)
    for column, (head, width) in enumerate(zip(one.heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, head, styles.heads)
    for place, row in enumerate(one.rows, HEADS):
        sheet.set_row(place, height_of(row, widths))
        for column, cell in enumerate(row):
            _write(sheet, place, column, cell, styles, column in one.han)
    if one.rows:
        sheet.autofilter(1, 0, len(one.rows) + 1, len(one.heads) - 1)
    told = one.note if one.rows else one.empty or one.note
    if told:
        _write_below(sheet, len(one.rows) + 3, widths, told, styles)


def _width(one: Table, column: int) -> int:
    """Return the width of a column: what nine cells in ten need, all there is for long ones."""
    if column in one.long:
        return WIDEST
    found = sorted(width_of(row[column]) for row in one.rows) or [0]
    usual = found[(9 * (len(found) - 1)) // 10] if len(found) > 20 else found[-1]
    head = min(width_of(one.heads[column]) + 4, 24)  # Excel's sign of a filter takes room
    return max(NARROWEST, min(WIDEST, max(usual + 2, head)))


def _write_below(sheet: Any, row: int, widths: Sequence[int], told: str, styles: _Styles) -> None:
    """Write a note over all columns, high enough for its lines."""
    sheet.set_row(row, height_of([told], [sum(widths)]))
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, "", styles.note)
    sheet.write_string(row, 0, told, styles.note)


def _write(
    sheet: Any, row: int, column: int, cell: str, styles: _Styles, text: bool = False
) -> None:
    """Write a figure as a number that looks as it is written here, anything else as text.

    With `text` it is text whatever it looks like.
    """
    if text or (not cell[:1].isdecimal() and not cell.startswith("-")):
        sheet.write_string(row, column, cell[:LONGEST], styles.text)
    elif _WHOLE.fullmatch(cell):
        sheet.write_number(row, column, int(cell), styles.number("0"))
    elif found := _DECIMAL.fullmatch(cell):
        sheet.write_number(row, column, float(cell), styles.number("0." + "0" * len(found[1])))
    elif found := _PERCENT.fullmatch(cell):
        pattern = "0.0%" if found[2] else "0%"
        sheet.write_number(row, column, float(cell[:-1]) / 100, styles.number(pattern))
    elif _DAY.fullmatch(cell) and (day := _day(cell)):
        sheet.write_datetime(row, column, day, styles.number("yyyy-mm-dd"))
    else:
        sheet.write_string(row, column, cell[:LONGEST], styles.text)


def _day(cell: str) -> datetime | None:
    """Return a day as Excel takes it, None when there is no such day or Excel has none so old."""
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return found if found.year >= 1900 else None


def _set_paper(sheet: Any, report: Report) -> None:
    """Let a sheet be printed on A4 across, as wide as one page, its heads on every page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    if sheet.get_name()[:1].isdecimal():
        sheet.repeat_rows(0, HEADS - 1)
    named = f"{report.title}  {report.name}".replace("&", "&&")[:200]
    sheet.set_footer(f"&L{named}&R&P / &N")

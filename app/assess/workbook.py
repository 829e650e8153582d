"""A report as a workbook: a sheet a table, every cell text or a whole number, no formulas; pure."""

import io
import re
from typing import Any

import xlsxwriter

from app.assess.report import Report, Table

ROOM = 31  # characters that Excel allows in a sheet's name
LONGEST = 32_767  # characters that Excel allows in a cell
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})")
WIDEST = 60


def write_report(report: Report) -> bytes:
    """Return the .xlsx file of a report: first what it rests on, then a sheet for each table."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    styles = _Styles(book)
    first = book.add_worksheet(sheet_name(report.title, 0))
    first.set_column(0, 0, 24)
    first.set_column(1, 1, WIDEST)
    first.write_string(0, 0, report.title, styles.head)
    _write(first, 0, 1, report.name, styles.head)
    for row, (name, told) in enumerate(report.facts, 1):
        first.write_string(row, 0, name, styles.text)
        _write(first, row, 1, told, styles.text)
    for number, one in enumerate(report.tables, 1):
        _add_table(book.add_worksheet(sheet_name(one.title, number)), one, styles)
    book.close()
    return file.getvalue()


def sheet_name(title: str, number: int) -> str:
    """Return a sheet's name that Excel accepts, different for every number."""
    head = f"{number} " if number else ""
    return (head + _FORBIDDEN.sub(" ", title).strip())[:ROOM].strip() or f"{number}"


class _Styles:
    """The looks of cells."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})


def _add_table(sheet: Any, one: Table, styles: _Styles) -> None:
    """Write title, heads, rows and the note below them."""
    sheet.write_string(0, 0, one.title, styles.head)
    sheet.freeze_panes(2, 1)
    for column, head in enumerate(one.heads):
        widest = max([len(head), *(len(row[column]) for row in one.rows)])
        sheet.set_column(column, column, min(WIDEST, 2 * widest + 2))
        sheet.write_string(1, column, head, styles.head)
    for place, row in enumerate(one.rows, 2):
        for column, cell in enumerate(row):
            _write(sheet, place, column, cell, styles.text)
    if one.note or (one.empty and not one.rows):
        told = one.note if one.rows else one.empty or one.note
        sheet.write_string(len(one.rows) + 3, 0, told)


def _write(sheet: Any, row: int, column: int, cell: str, style: Any) -> None:
    """Write a whole number as a number, anything else as text whatever it looks like."""
    if _NUMBER.fullmatch(cell):
        sheet.write_number(row, column, int(cell), style)
    else:
        sheet.write_string(row, column, cell[:LONGEST], style)

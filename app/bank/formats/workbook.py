"""An .xlsx to rows of cells, sheet by sheet: merged cells filled, hidden rows and sheets told.

openpyxl reads XML through defusedxml when that is installed and lxml is not used.
"""

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from app.bank.formats.csv_rows import MOST_CELLS
from app.bank.formats.packed import open_packed, read_part
from app.bank.formats.reasons import BAD_ZIP, TOO_MANY_CELLS, TOO_MANY_LINES, ZIP_BOMB, say
from app.base.errors import Invalid

MOST_SHEETS = 50
MOST_ROWS = 40_000  # of one sheet
LARGEST_INDEX = 1024 * 1024  # bytes of the list of sheets and names
MOST_COLUMNS = 60
MOST_EMPTY = 5000  # empty rows in a row; sheets are often formatted down to the last one
LONGEST_CELL = 20_000  # characters
MOST_MERGES = 5000
# Files may lie about their size; where they keep silent openpyxl would read every sheet twice.
ReadOnlyWorksheet._get_size = lambda sheet: None
_HIDDEN = re.compile(rb"<(?:\w{1,20}:)?row\b[^>]{0,400}?\bhidden=[\"'](?:1|true)[\"']")
_MERGE = re.compile(rb"<(?:\w{1,20}:)?mergeCell\b[^>]{0,100}?\bref=[\"']([A-Z0-9:$]{1,40})[\"']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet as people see them, from row 1 on."""

    name: str
    rows: list[list[str]]
    hidden: bool
    hidden_rows: int


def read_workbook(data: bytes) -> list[Sheet]:
    """Return every sheet; raise Invalid when `data` is no workbook or has too many cells."""
    parts = open_packed(data)
    if any(
        e.file_size > LARGEST_INDEX for e in parts.infolist() if e.filename == "xl/workbook.xml"
    ):
        raise Invalid(ZIP_BOMB)
    try:
        book = openpyxl.load_workbook(
            parts.fp, read_only=True, data_only=True, keep_links=False, rich_text=False
        )
        left = MOST_CELLS
        found = []
        for sheet in book.worksheets[:MOST_SHEETS]:
            found.append(_read_sheet(sheet, parts, left))
            left -= sum(map(len, found[-1].rows))
        return found
    except (Invalid, MemoryError):
        raise
    except Exception:  # whatever a crafted workbook makes openpyxl raise
        raise Invalid(BAD_ZIP) from None


def _read_sheet(sheet: Any, parts: zipfile.ZipFile, left: int) -> Sheet:
    """Return one sheet of at most `left` cells."""
    rows: list[list[str]] = []
    cells = empty = 0
    for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
        cells += len(texts)
        empty = 0 if texts else empty + 1
        if cells > left:
            raise Invalid(say(TOO_MANY_CELLS, n=MOST_CELLS))
        if empty > MOST_EMPTY:
            break
        if len(rows) > MOST_ROWS:
            raise Invalid(say(TOO_MANY_LINES, n=MOST_ROWS))
    while rows and not rows[-1]:
        rows.pop()
    xml = read_part(parts, sheet._worksheet_path)  # openpyxl tells neither in read-only mode
    for ref in _MERGE.findall(xml)[:MOST_MERGES]:
        _fill(rows, ref.decode().replace("$", ""))
    return Sheet(sheet.title, rows, sheet.sheet_state != "visible", len(_HIDDEN.findall(xml)))


def _fill(rows: list[list[str]], ref: str) -> None:
    """Write the text of a merged range into all its cells that lie within the table."""
    left, top, right, bottom = range_boundaries(ref)
    if top > len(rows) or left > len(rows[top - 1]):
        return
    text = rows[top - 1][left - 1]
    width = min(right, MOST_COLUMNS)
    if not text or (bottom - top + 1) * (width - left + 1) > MOST_CELLS:
        return
    for row in rows[top - 1 : bottom]:
        row += [""] * (width - len(row)) if any(row) or row is rows[top - 1] else []
        for place in range(left - 1, min(width, len(row))):
            row[place] = text


def _text(cell: object) -> str:
    """Return a cell as people see it; whole numbers are often kept as fractions."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)[:LONGEST_CELL]

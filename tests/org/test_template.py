"""The empty roster can be opened, holds text only, and is understood when it comes back."""

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from app.org import workbook
from app.org.roster import COLUMNS, read_roster
from app.org.template import HEADER, make_template

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_it_comes_back_filled_in() -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_template([("A", "甲支部")], NOW)))
    sheet = book.worksheets[0]
    for column, cell in enumerate(("张三", "013800000001", "甲支部", "预备党员", "书记"), start=1):
        sheet.cell(2, column, cell)
    file = io.BytesIO()
    book.save(file)
    rows = workbook.read_rows(file.getvalue(), 100)
    assert rows is not None
    [line] = read_roster(rows).lines
    assert (line.phone, line.status, line.posts) == ("013800000001", "probationary", ("secretary",))


def test_every_column_is_recognised() -> None:
    assert all(any(title in known for known in COLUMNS.values()) for title in HEADER)


def test_names_that_look_like_formulas_stay_text() -> None:
    book = make_template([("=1+1", '=HYPERLINK("http://x.example")')], NOW)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [parts.read(n).decode() for n in parts.namelist() if "worksheets/" in n]
    assert not any("<f>" in sheet for sheet in sheets)
    names = openpyxl.load_workbook(io.BytesIO(book)).worksheets[2]
    assert names.cell(2, 1).data_type == "s"
    assert names.cell(2, 1).value == "=1+1"

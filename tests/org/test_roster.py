"""Rosters as people really send them."""

import io

import openpyxl
import pytest

from app.base.errors import Invalid
from app.org import workbook
from app.org.roster import MOST_ROWS, read_csv, read_roster

pytestmark = pytest.mark.pure


def book(rows: list[list[object]]) -> bytes:
    """Return a workbook with these rows."""
    made, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(file)
    return file.getvalue()


def test_a_workbook_with_a_title_row_and_numbers_for_phones() -> None:
    data = book([["某支部名册"], [], ["序号", "姓 名", "手机号"], [1, "张三", 13800000001.0]])
    rows = workbook.read_rows(data, 100)
    assert rows is not None
    [line] = read_roster(rows).lines
    assert (line.number, line.name, line.phone, line.unit) == (4, "张三", "13800000001", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_every_usual_encoding(encoding: str) -> None:
    rows = read_csv("姓名,电话,支部\r\n李四,,一支部\r\n".encode(encoding))
    [line] = read_roster(rows).lines
    assert (line.name, line.phone, line.unit) == ("李四", None, "一支部")


def test_bad_rows_are_refused_with_number_and_reason() -> None:
    rows = [["姓名", "手机"], ["张三", "12"], ["", "13800000001"], [], ["李四"], ["李四", ""]]
    read = read_roster(rows)
    assert [row.number for row in read.refused] == [2, 3, 6]
    assert all(row.reason for row in read.refused)
    assert [line.name for line in read.lines] == ["李四"]


def test_without_a_header_or_with_too_many_rows_nothing_is_read() -> None:
    with pytest.raises(Invalid):
        read_roster([["张三", "13800000001"]])
    with pytest.raises(Invalid):
        read_roster([["姓名"], *[["张三"]] * (MOST_ROWS + 1)])


@pytest.mark.parametrize("data", [b"PK\x03\x04 no zip", b"", book([])[:200]])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert workbook.read_rows(data, 10) is None


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(Invalid):
        read_csv(b"\x00\x01\x02")
    with pytest.raises(Invalid):
        read_csv(b"\xff\xff\xff\xff")

"""A list of people as organisations keep it: finding the header, reading and refusing rows."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts import names
from app.base.errors import Invalid
from app.org.party import read_posts, read_status

LARGEST = 2 * 1024 * 1024  # bytes
MOST_ROWS = 5000
HEADER_WITHIN = 10
COLUMNS = {
    "name": ("姓名", "名字", "党员姓名", "name"),
    "phone": ("手机", "电话", "手机号", "手机号码", "联系电话", "联系方式", "电话号码", "phone"),
    "unit": ("单位", "支部", "党支部", "所在支部", "所属支部", "所在党支部", "单位代码", "unit"),
    "status": ("人员类别", "身份", "党员类型", "党员类别", "政治面貌", "类别", "status"),
    "posts": ("职务", "党内职务", "现任党内职务", "post"),
}


@dataclass(frozen=True)
class Line:
    """A row that was understood; `number` counts from 1 as spreadsheets do, `unit` as written."""

    number: int
    name: str
    phone: str | None
    unit: str
    status: str = ""  # a code of `party.STATUSES`; "" when the sheet does not say
    posts: tuple[str, ...] = ()  # codes of `party.POSTS`
    ignored: tuple[str, ...] = ()  # words in the cell of posts that name none of the Party's


@dataclass(frozen=True)
class Refused:
    """A row that was not understood, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Roster:
    """What was made of a file."""

    lines: tuple[Line, ...]
    refused: tuple[Refused, ...]


def read_csv(data: bytes) -> list[list[str]]:
    """Return the rows of a .csv in UTF-8 or GB 18030 (what Excel writes in China)."""
    if b"\x00" in data:
        raise Invalid(_("这不是可以读取的表格，请另存为 .xlsx 或 .csv。"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise Invalid(_("文件的文字编码无法识别，请另存为 UTF-8。")) from None
    first = text[:2000]
    mark = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error:
        raise Invalid(_("这不是可以读取的表格，请另存为 .xlsx 或 .csv。")) from None


def read_roster(rows: Sequence[Sequence[str]]) -> Roster:
    """Return the people in `rows`; raise Invalid when there is no header or too many rows."""
    top, places = _find_header(rows)
    body = rows[top + 1 :]
    if len(body) > MOST_ROWS:
        raise Invalid(_("一次最多导入 %(n)s 行，请分成几份。", n=MOST_ROWS))
    lines: list[Line] = []
    refused: list[Refused] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(body, start=top + 2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            line = _read_line(number, row, places)
            key = ("", line.phone) if line.phone else (line.name, line.unit)
            if key in seen:
                raise Invalid(_("与第 %(n)s 行重复。", n=seen[key]))
        except Invalid as error:
            refused.append(Refused(number, error.message))
            continue
        seen[key] = number
        lines.append(line)
    return Roster(tuple(lines), tuple(refused))


def _find_header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for top, row in enumerate(rows[:HEADER_WITHIN]):
        titles = [_title(cell) for cell in row]
        places = {
            column: next(place for place, title in enumerate(titles) if title in known)
            for column, known in COLUMNS.items()
            if any(title in known for title in titles)
        }
        if "name" in places:
            return top, places
    raise Invalid(_("前 10 行里没有找到“姓名”一列。"))


def _title(cell: str) -> str:
    plain = names.fold(cell).replace(" ", "").casefold()
    return plain.split("(")[0].strip("*:")


def _read_line(number: int, row: Sequence[str], places: dict[str, int]) -> Line:
    def cell(column: str) -> str:
        place = places.get(column)
        return row[place] if place is not None and place < len(row) else ""

    name, phone = names.read_name(cell("name")), names.read_phone(cell("phone"))
    status = read_status(cell("status"))
    posts, ignored = read_posts(cell("posts"))
    return Line(number, name, phone, names.fold(cell("unit"))[:80], status, posts, ignored[:5])

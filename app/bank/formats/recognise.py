"""What kind of file this is, and its questions: told by the content first, by the name second.

Call it through `sandbox.parse_safely` for any file from outside.
"""

import re
from typing import Any

import msgspec

from app.bank.formats import aiken, docx, gift, markdown, moodle, structured, tables, text
from app.bank.formats.csv_rows import read_rows
from app.bank.formats.decoding import decode, list_lines
from app.bank.formats.draft import MOST_QUESTIONS, Draft, Parsed, Refused, parsed
from app.bank.formats.packed import open_packed
from app.bank.formats.reasons import (
    EMPTY,
    NO_HEADER,
    NO_QUESTIONS,
    OLD_OFFICE,
    PICTURE,
    TOO_MANY,
    UNKNOWN,
    say,
)
from app.bank.formats.settle import Record, settle_all
from app.bank.formats.text_lines import Line
from app.base.errors import Invalid

_OLD = b"\xd0\xcf\x11\xe0"
_PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_GIFT = re.compile(
    r"^\s*::.+?::|^\$CATEGORY:|(?<!\\)\{\s*(?:[=~#]|TRUE|FALSE|T\b|F\b|\})|^\s*[=~][^=~]", re.M
)
_TABLES = (".csv", ".tsv", ".tab")


def parse(name: str, data: bytes) -> Parsed:
    """Return the questions in `data`, a file called `name`.

    Raises Invalid with a sentence for people when the file cannot be read or holds none.
    """
    if not data.strip():
        raise Invalid(EMPTY)
    if data.startswith(_OLD):
        raise Invalid(OLD_OFFICE)
    if data.startswith(_PICTURES):
        raise Invalid(PICTURE)
    found = _parse_packed(data) if data.startswith(b"PK") else _parse_plain(name, data)
    count = len(found.drafts) + len(found.refused)
    if count > MOST_QUESTIONS:
        raise Invalid(say(TOO_MANY, n=MOST_QUESTIONS))
    if not count:
        raise Invalid(NO_QUESTIONS)
    return found


def parse_for_parent(data: bytes, name: str) -> Any:
    """Return `parse` as plain values, for a parent process."""
    return msgspec.to_builtins(parse(name, data))


def _parse_packed(data: bytes) -> Parsed:
    """Return the questions of an Office file."""
    names = open_packed(data).namelist()
    if docx.is_docx(names):
        return _parse_docx(data)
    if any(part.startswith("xl/") for part in names):
        from app.bank.formats.sheets import parse_workbook  # openpyxl is slow to load

        return parse_workbook(data)
    raise Invalid(PICTURE)


def _parse_docx(data: bytes) -> Parsed:
    """Return the questions of a Word file: of its tables where they have titles, else its text."""
    document = docx.read_docx(data)
    held: list[Record] = []
    parts = []
    for number, rows in enumerate(document.tables, 1):
        if columns := tables.find_columns(rows, guess=False):
            held += tables.read_table(rows, columns, f"表格 {number}")
            parts.append(f"表格 {number} {tables.describe(columns)}")
    if held:
        return parsed(f"Word 文档；{'；'.join(parts[:20])}。", settle_all(held))
    records, said = text.read_text(document.lines)
    return parsed(f"Word 文档；{said}；行号是段落的次序。", settle_all(records))


def _parse_plain(name: str, data: bytes) -> Parsed:
    """Return the questions of a text file in any layout."""
    content = decode(data)
    start = content.lstrip()[:2000]
    if start.startswith("<") and re.search(r"<quiz\b", content[:20_000]):
        body = re.sub(r"^\s*<\?xml[^<>]*\?>", "", content, count=1)  # it is UTF-8 from here on
        return parsed("Moodle XML；行号是题目的次序。", moodle.read_moodle(body.encode()))
    if start.startswith("<"):
        raise Invalid(UNKNOWN)
    if re.search(r"^\[\[question\]\]", content, re.M) or name.lower().endswith(".toml"):
        items = structured.read_toml(content)
        return parsed("题库的 TOML；行号是题目的次序。", _settle(items))
    if start.startswith(("[", "{")) and _is_json(start, name):
        items = structured.read_json(content)
        return parsed(f"JSON；{structured.describe(items)}；行号是对象的次序。", _settle(items))
    return _parse_lines(name, content)


def _parse_lines(name: str, content: str) -> Parsed:
    """Return the questions of a table or of running text."""
    wanted = name.lower().endswith(_TABLES)
    table = _parse_table(content, wanted)
    if table:
        return table
    lines = list_lines(content)
    if aiken.looks_like_aiken(lines):
        return parsed("Aiken；行号是题干所在的行。", aiken.read_aiken(lines))
    if _is_gift(name, content):
        return parsed("GIFT；行号是题目开始的行。", gift.read_gift(lines))
    if wanted:
        raise Invalid(say(NO_HEADER, n=tables.HEADER_WITHIN))
    if markdown.looks_like_markdown(lines):
        return _parse_markdown(lines)
    held = [Line(number, line) for number, line in enumerate(lines, 1)]
    records, said = text.read_text(held)
    return parsed(f"{said}；行号是题干所在的行。", settle_all(records))


def _parse_table(content: str, wanted: bool) -> Parsed | None:
    """Return the questions of a table with titles, or without when the file says it is one."""
    head = content[:20_000]
    if not wanted and re.search(r"^\s*\|", head, re.M):
        return None  # a table of Markdown
    lines = [line for line in head.split("\n")[:50] if line.strip()]
    tabs = {line.count("\t") for line in lines}
    even = len(tabs) == 1 and min(tabs) > 2  # a table pasted from a spreadsheet
    whole = head.rpartition("\n")[0] or head
    if not (wanted or even or tables.find_columns(read_rows(whole), guess=False)):
        return None
    rows = read_rows(content)
    columns = tables.find_columns(rows, guess=wanted or even)
    if columns is None:
        return None
    found = settle_all(tables.read_table(rows, columns))
    return parsed(f"文本表格（CSV）；{tables.describe(columns)}。", found)


def _parse_markdown(lines: list[str]) -> Parsed:
    """Return the questions of Markdown: of its tables where they have titles, else its text."""
    found: list[Draft | Refused] = []
    said = ""
    for first, rows in markdown.table_rows(lines):
        if columns := tables.find_columns(rows, guess=False):
            padded = [*([] for _ in range(first - 1)), *rows]
            columns.top += first - 1
            found += settle_all(tables.read_table(padded, columns))
            said = said or tables.describe(columns)
    if found:
        return parsed(f"Markdown 表格；{said}。", found)
    held = markdown.plain_lines(lines)
    records, said = text.read_text(held)
    return parsed(f"Markdown；{said}；行号是题干所在的行。", settle_all(records))


def _settle(items: list[structured.Found]) -> list[Draft | Refused]:
    """Return items in order, records settled together."""
    settled = iter(settle_all([item for item in items if isinstance(item, Record)]))
    return [next(settled) if isinstance(item, Record) else item for item in items]


def _is_json(start: str, name: str) -> bool:
    """Say whether what begins with a bracket is JSON and not a text or GIFT."""
    if name.lower().endswith((".json", ".jsonl")):
        return True
    follows = start[1:].lstrip()[:1]
    return follows in ('"', "}") or (start[0] == "[" and follows in ("{", "[", "]"))


def _is_gift(name: str, content: str) -> bool:
    """Say whether braces hold answers as GIFT has them."""
    if name.lower().endswith(".gift"):
        return True
    return "{" in content and "}" in content and bool(_GIFT.search(content))

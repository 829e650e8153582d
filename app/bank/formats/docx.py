"""The paragraphs and tables of a .docx as text; lists that Word numbers get their numbers; pure."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.bank.formats.packed import open_packed, read_part
from app.bank.formats.text_lines import Line
from app.bank.formats.xml import local_name, walk

_NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMERALS = "零一二三四五六七八九十"
Level = tuple[str, str]  # number format and text such as "%1."


@dataclass(slots=True)
class Document:
    """Lines of paragraphs, each with its number, and the rows of tables."""

    lines: list[Line] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)


def read_docx(data: bytes) -> Document:
    """Return what a .docx says; raise Invalid when it is broken or hostile."""
    parts = open_packed(data)
    levels = _read_levels(parts)
    counters: dict[str, list[int]] = {}
    found = Document()
    for element in walk(read_part(parts, "word/document.xml"), "p", "tbl"):
        if local_name(element) == "tbl":
            found.tables.append(_rows(element))
            continue
        label = _label(element, levels, counters)
        for text in (label + _text(element)).split("\n"):
            found.lines.append(Line(len(found.lines) + 1, text))
    return found


def _rows(table: Element) -> list[list[str]]:
    """Return the cells of a table."""
    return [
        ["\n".join(_text(p) for p in cell.iter(f"{_NS}p")).strip() for cell in row.iter(f"{_NS}tc")]
        for row in table.iter(f"{_NS}tr")
    ]


def _text(paragraph: Element) -> str:
    """Return the text of a paragraph, deleted text left out."""
    said: dict[str, Callable[[Element], str]] = {
        "t": lambda e: e.text or "",
        "tab": lambda e: "\t",
        "br": lambda e: "\n",
        "cr": lambda e: "\n",
        "noBreakHyphen": lambda e: "-",
    }
    runs = [run for run in paragraph.iter(f"{_NS}r") if run.find(f"{_NS}delText") is None]
    return "".join(said[local_name(e)](e) for run in runs for e in run if local_name(e) in said)


def _label(
    paragraph: Element, levels: dict[str, list[Level]], counters: dict[str, list[int]]
) -> str:
    """Return the number Word shows before a paragraph of a list, "" for other paragraphs."""
    number = paragraph.find(f"{_NS}pPr/{_NS}numPr/{_NS}numId")
    depth_mark = paragraph.find(f"{_NS}pPr/{_NS}numPr/{_NS}ilvl")
    if number is None:
        return ""
    key, depth = _value(number), int(_value(depth_mark) or 0) if depth_mark is not None else 0
    held = levels.get(key, [])
    if not 0 <= depth < len(held) or held[depth][0] in ("bullet", "none"):
        return ""
    counts = counters.setdefault(key, [0] * 9)
    counts[depth] += 1
    counts[depth + 1 :] = [0] * (8 - depth)
    label = held[depth][1]
    for level in range(depth + 1):
        label = label.replace(f"%{level + 1}", _count(held[level][0], max(1, counts[level])))
    return label + " "


def _count(form: str, number: int) -> str:
    """Return a number as a list shows it."""
    if form in ("upperLetter", "lowerLetter") and number <= 26:
        return chr((65 if form == "upperLetter" else 97) + number - 1)
    if form.startswith(("chinese", "japanese", "ideograph", "taiwanese")) and number <= 99:
        tens, ones = divmod(number, 10)
        head = ("" if tens < 2 else _NUMERALS[tens]) + ("十" if tens else "")
        return head + (_NUMERALS[ones] if ones else "")
    return str(number)


def _read_levels(parts: zipfile.ZipFile) -> dict[str, list[Level]]:
    """Return the levels of each list by its id; none when the file numbers nothing."""
    if "word/numbering.xml" not in parts.namelist():
        return {}
    kinds: dict[str, list[Level]] = {}
    found: dict[str, list[Level]] = {}
    for element in walk(read_part(parts, "word/numbering.xml"), "abstractNum", "num"):
        if local_name(element) == "abstractNum":
            kinds[element.get(f"{_NS}abstractNumId", "")] = [
                (_value(level.find(f"{_NS}numFmt")), _value(level.find(f"{_NS}lvlText")))
                for level in element.iterfind(f"{_NS}lvl")
            ][:9]
        else:
            kind = _value(element.find(f"{_NS}abstractNumId"))
            found[element.get(f"{_NS}numId", "")] = kinds.get(kind, [])
    return found


def _value(element: Element | None) -> str:
    """Return the w:val of an element."""
    return "" if element is None else element.get(f"{_NS}val", "")


def is_docx(names: list[str]) -> bool:
    """Say whether the parts of a zip file are those of a .docx."""
    return "word/document.xml" in names

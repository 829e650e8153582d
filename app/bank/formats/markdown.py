"""Markdown to lines of text or rows of tables; pure."""

import re

from app.bank.formats.csv_rows import MOST_CELLS
from app.bank.formats.labels import is_label, split_number
from app.bank.formats.reasons import TOO_MANY_CELLS, say
from app.bank.formats.text_lines import Line
from app.base.errors import Invalid

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_BOX = re.compile(r"[-*+]\s+\[([ xX√✓])\]\s*(.*)")
_BULLET = re.compile(r"(?:[-*+]|\d+[.)](?=\s+[A-HＡ-Ｈ]\s*[、.．:：)）]))\s+(.*)")
_ROW = re.compile(r"\s*\|.*\|\s*")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_STRONG = re.compile(r"\*\*(?=\S)(.{0,2000}?\S)\*\*|`([^`]{1,2000})`")
_HTML = re.compile(r"</?(?:details|summary|div|p|br|span|center|font|b|strong|em)\b[^<>]*>", re.I)
_OPTION = re.compile(r"(?:[-*+]\s+)?(?:\[[ xX]\]|\*{0,2}[A-HＡ-Ｈ]\s*[、.．:：)）])")


def looks_like_markdown(lines: list[str]) -> bool:
    """Say whether headings, tables, ticked boxes or bold labels mark the text as Markdown."""
    return any(
        _HEADING.fullmatch(line)
        or _BOX.fullmatch(line.strip())
        or line.startswith(("**", "> ", "|"))
        for line in lines
    )


def plain_lines(lines: list[str]) -> list[Line]:
    """Return the lines without Markdown's marks; ticked boxes become "*A. …" and "A. …"."""
    found = []
    box = 0
    for number, raw in enumerate(lines, 1):
        text = _HTML.sub(" ", raw).strip()
        while text.startswith(">"):
            text = text[1:].lstrip()
        heading = _HEADING.fullmatch(text)
        tick = _BOX.fullmatch(text)
        box = box + 1 if tick else box if not text else 0
        if tick:
            right = "" if tick[1] == " " else "*"
            text = right + _lettered(tick[2], box)
        elif heading:
            text = heading[2] + ("：" if is_label(heading[2]) else "")
        elif bullet := _BULLET.fullmatch(text):
            text = bullet[1]
        stem = bool(heading) and _leads_to_options(lines, number)
        title = bool(heading) and not stem and not text.endswith("：") and not split_number(text)
        found.append(Line(number, _plain(text), title and bool(text), stem))
    return found


def table_rows(lines: list[str]) -> list[tuple[int, list[list[str]]]]:
    """Return (line of its first row from 1, rows) of each table; the rule below titles is left
    in as an empty row, so that rows and lines keep step.
    """
    found: list[tuple[int, list[list[str]]]] = []
    going = False
    count = 0
    for number, line in enumerate(lines, 1):
        if not _ROW.fullmatch(line):
            going = False
            continue
        if not going:
            found.append((number, []))
        going = True
        cells = [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]
        count += len(cells)
        if count > MOST_CELLS:
            raise Invalid(say(TOO_MANY_CELLS, n=MOST_CELLS))
        row = [_plain(re.sub(r"<br\s*/?>", "\n", cell, flags=re.I).strip()) for cell in cells]
        found[-1][1].append([] if _RULE.fullmatch(line) else row)
    return found


def _lettered(text: str, place: int) -> str:
    """Return the text of a box with a letter, its own or by its place."""
    own = re.match(r"[A-HＡ-Ｈ]\s*[、.．:：)）]", text)
    return text if own else f"{chr(64 + min(place, 26))}. {text}"


def _leads_to_options(lines: list[str], number: int) -> bool:
    """Say whether the line after a heading is an option: then the heading is a stem."""
    after = next((line.strip() for line in lines[number : number + 5] if line.strip()), "")
    return bool(_OPTION.match(after))


def _plain(text: str) -> str:
    """Return text without bold, code and protecting backslashes."""
    text = _STRONG.sub(lambda found: found[1] or found[2], text)
    return re.sub(r"\\([_*#\[\]().`>~-])", r"\1", text).strip()

"""The characters of GIFT: what a backslash protects, text formats, blocks and answers; pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.bank.formats.cleaning import clean, plain_of_html

FULL = 99.9  # percent
_ESCAPE = re.compile(r"\\(n|\\|[~=#{}:])")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.I)
_ANSWER = re.compile(r"(?<!\\)((?:\\\\)*)([=~])")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,8})?)%")


class Answer(NamedTuple):
    """An answer in braces: its sign, weight in percent or None, text, feedback; still escaped."""

    sign: str
    weight: float | None
    text: str
    feedback: str

    @property
    def full(self) -> bool:
        """Whether it gives all the credit of a typed answer."""
        return self.sign == "=" and (self.weight is None or self.weight >= FULL)


def unescape(text: str) -> str:
    """Return `text` with \\n as a line break and without the backslashes that protect."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def escape(text: str) -> str:
    """Return plain text as GIFT reads it back: control characters protected, on one line."""
    protected = re.sub(r"[\\~=#{}:]", r"\\\g<0>", text)
    protected = protected.replace("\n", "\\n")
    return "[plain]" + protected if text.startswith(("[", "%")) else protected


def read_format(text: str, inherited: str = "") -> tuple[str, str]:
    """Return (format, rest) of a text that may begin with [html] or the like."""
    found = _FORMAT.match(text)
    return (found[1].lower(), text[found.end() :]) if found else (inherited, text)


def plain_text(text: str, inherited: str = "") -> tuple[str, bool]:
    """Return an escaped text as plain text, and whether it shows a picture."""
    form, rest = read_format(text, inherited)
    rest = unescape(rest)
    return plain_of_html(rest) if form == "html" else (clean(rest), False)


def find_open(text: str, mark: str, start: int = 0) -> int:
    """Return where `mark` stands without a backslash before it, -1 when nowhere."""
    place = text.find(mark, start)
    while place > 0 and _is_escaped(text, place):
        place = text.find(mark, place + 1)
    return place


def list_answers(body: str) -> list[Answer]:
    """Return the answers in the braces of a choice or short answer."""
    marks = [match.start(2) for match in _ANSWER.finditer(body)]
    found = []
    for start, stop in zip(marks, [*marks[1:], len(body)], strict=False):
        text = body[start + 1 : stop]
        weight = _WEIGHT.match(text)
        text = text[weight.end() :] if weight else text
        cut = find_open(text, "#")
        feedback = text[cut + 1 :] if cut >= 0 else ""
        share = float(weight[1]) if weight else None
        found.append(Answer(body[start], share, text[:cut] if cut >= 0 else text, feedback))
    return found


def split_feedback(body: str) -> tuple[str, str]:
    """Return the answers and the general feedback (after ####) of what stands in braces."""
    place = find_open(body, "####")
    return (body, "") if place < 0 else (body[:place], body[place + 4 :])


def split_blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line from 1, lines) of each block between empty lines; braces hold together."""
    block: list[str] = []
    start, depth = 1, 0
    for number, line in enumerate([*lines, ""], 1):
        if not line.strip() and (depth <= 0 or number > len(lines)):
            if block:
                yield start, block
            block, depth = [], 0
            continue
        if depth > 0 and block and line.lstrip().startswith(("::", "$CATEGORY:")):
            yield start, block
            block, depth = [], 0
        if not block:
            start = number
        block.append(line)
        if not line.lstrip().startswith("//"):
            depth += _count(line, "{") - _count(line, "}")


def _count(line: str, mark: str) -> int:
    """Count `mark` without a backslash before it."""
    if mark not in line:
        return 0
    return sum(not _is_escaped(line, n) for n, character in enumerate(line) if character == mark)


def _is_escaped(text: str, place: int) -> bool:
    """Say whether an odd number of backslashes stands before `place`."""
    before = len(text[:place]) - len(text[:place].rstrip("\\"))
    return before % 2 == 1

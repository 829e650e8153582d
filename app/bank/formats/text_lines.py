"""Lines of running text with their marks found once; what they say about the whole; pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.bank.formats.decoding import MOST_LINES
from app.bank.formats.labels import (
    is_answers_heading,
    section_kind,
    split_labels,
    split_number,
)
from app.bank.formats.lettered import LETTER
from app.bank.formats.reasons import LONG_LINE, TOO_MANY_LINES, say
from app.bank.formats.settle import inline_answer
from app.base.errors import Invalid

LONGEST_LINE = 5000  # characters
AHEAD = 40  # lines
OPTION = re.compile(rf"([*＊√✓✔☑])?\s*[（(\[]?({LETTER})\s*(?:[、.．:：,，)）\]]|\s)\s*(\S.*)")
_LISTED = re.compile(r"\d+\s*[-–—~、.．:：\s]")


class Line(NamedTuple):
    """A line as numbered by people; its layout may mark it as a chapter's title or as a stem."""

    number: int
    text: str
    chapter: bool = False
    stem: bool = False


class Marked(NamedTuple):
    """A line, what stands before its labels, the labels, and the number a question begins with."""

    number: int
    text: str
    chapter: bool
    stem: bool
    head: str
    labels: Sequence[tuple[str, str]]
    question: tuple[int, str] | None


def mark_lines(lines: Sequence[Line]) -> list[Marked]:
    """Return every line with its marks; raise Invalid for too many or too long lines."""
    if len(lines) > MOST_LINES:  # of a .docx; those of a text are counted before
        raise Invalid(say(TOO_MANY_LINES, n=MOST_LINES))
    return [_mark(line) for line in lines]


def is_numbered(lines: Sequence[Marked]) -> bool:
    """Say whether questions begin with numbers: at least half as many numbers as answers."""
    numbers = sum(line.question is not None for line in lines)
    answers = sum(has_answer(line) for line in lines)
    return numbers > 0 and numbers * 2 >= answers


def stand_apart(lines: Sequence[Marked]) -> bool:
    """Say whether most answers or explanations are followed by an empty line."""
    ends = [bool(line.labels) for line in lines]
    after = [n + 1 for n, end in enumerate(ends[:-1]) if end and not ends[n + 1]]
    return sum(not lines[n].text for n in after) * 2 >= len(after)


def part_answers(lines: Sequence[Marked]) -> tuple[Sequence[Marked], Sequence[Marked]]:
    """Return the questions, and the list of answers at the end when there is one."""
    headings = [n for n, line in enumerate(lines) if n and is_answers_heading(line.text)]
    if not headings:
        return lines, []
    place = headings[-1]
    after = next((line.text for line in lines[place + 1 : place + 20] if line.text), "")
    if _LISTED.match(after) or section_kind(after):
        return lines[:place], lines[place + 1 :]
    return lines, []


def leads_to_key(lines: Sequence[Marked], place: int) -> bool:
    """Say whether options or an answer come with line `place` or before the next number."""
    first, *rest = lines[place : place + AHEAD]
    if inline_answer(first.head) or has_answer(first):
        return True
    for line in rest:
        if line.question:
            return False
        if inline_answer(line.head) or has_answer(line) or OPTION.fullmatch(line.text):
            return True
    return False


def has_answer(line: Marked) -> bool:
    """Say whether a line holds a labelled answer."""
    return any(role == "answer" for role, _value in line.labels)


def _mark(line: Line) -> Marked:
    text = line.text.strip()
    if len(text) > LONGEST_LINE:
        raise Invalid(say(LONG_LINE, n=line.number, most=LONGEST_LINE))
    head, labels = split_labels(text)
    return Marked(line.number, text, line.chapter, line.stem, head, labels, split_number(head))

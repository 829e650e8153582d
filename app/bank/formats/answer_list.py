"""Answers listed together at the end of a paper, brought to their questions; pure."""

import re
from collections.abc import Sequence

from app.bank.formats.labels import section_kind, split_labels, split_number
from app.bank.formats.settle import Record
from app.bank.formats.wording import read_kind

_RANGE = re.compile(
    r"(\d{1,4})\s*[-–—~～至]\s*(\d{1,4})\s*[题:：、.．)）]?\s*((?:[A-HＡ-Ｈ√×✓✗对错]+[\s,，、]*)+)"
)
_PAIR = re.compile(
    r"(\d{1,4})\s*[、.．:：)）]?\s*([A-HＡ-Ｈ]{1,8}|[√×✓✗]|正确|错误|对|错|[TF])(?=[\s,，;；。、.]|$|\d)"
)
Marks = Sequence[tuple[str, int]]


def apply_answers(records: Sequence[Record], marks: Marks, lines: Sequence[str]) -> None:
    """Give `records` the answers in `lines`; `marks` has section and number of each record.

    Sections are told apart by kind; without sections the number alone decides, first one first.
    """
    places: dict[tuple[str, int], list[Record]] = {}
    for record, (section, number) in zip(records, marks, strict=True):
        for key in (("", number), (_kind(section), number)):
            places.setdefault(key, []).append(record)
    section, last = "", None
    for text in lines:
        kind = section_kind(text)
        if kind is not None:
            section, last = _kind(kind), None
            continue
        heading = re.match(
            r"[一二三四五六七八九十]{1,3}\s*[、.．]\s*(\S{2,8}?题)\s*[:：]?\s*", text
        )
        if heading and any(read_kind(heading[1])):
            section, text = _kind(heading[1]), text[heading.end() :]
        last = _apply_line(places, section, text, last)


def take_lists(records: Sequence[Record]) -> list[str]:
    """Take from `records` and return answers that are lists, such as 1.A 2.B after the last one."""
    found = []
    for record in records:
        text = " ".join(record.answers)
        if _RANGE.match(text) or (_PAIR.match(text) and len(_PAIR.findall(text)) > 1):
            found.append(text)
            record.answers = []
    return found


def _apply_line(
    places: dict[tuple[str, int], list[Record]], section: str, text: str, last: Record | None
) -> Record | None:
    """Give out the answers of one line; return the record that a line of explanation is for."""
    head, labels = split_labels(text)
    numbered = split_number(text)
    if labels and (numbered or last):
        number = split_number(head)
        record = _find(places, section, number[0]) if number else last
        for role, value in labels:
            if record and role == "answer":
                record.answers = [value]
            elif record and role == "explanation":
                record.explanation = value
        if record and number and number[1] and not any(role == "answer" for role, _v in labels):
            record.answers = [number[1]]
        return record
    ranges = list(_RANGE.finditer(text))
    for match in ranges:
        _apply_range(places, section, match)
    pairs = [] if ranges else list(_PAIR.finditer(text))
    for match in pairs:
        if record := _find(places, section, int(match[1])):
            record.answers, last = [match[2]], record
    if ranges or pairs or not numbered or not numbered[1]:
        return last
    if last := _find(places, section, numbered[0]):
        last.answers = [numbered[1]]
    return last


def _apply_range(
    places: dict[tuple[str, int], list[Record]], section: str, match: re.Match[str]
) -> None:
    """Give out 1-5 ABCDA, or 6-7 AB CD."""
    first, stop = int(match[1]), int(match[2])
    words = re.split(r"[\s,，、]+", match[3].strip())
    answers = words if len(words) == stop - first + 1 else list("".join(words))
    if len(answers) != stop - first + 1:
        return
    for number, answer in enumerate(answers, first):
        if record := _find(places, section, number):
            record.answers = [answer]


def _find(places: dict[tuple[str, int], list[Record]], section: str, number: int) -> Record | None:
    """Return the first record of that number that has no answer yet."""
    found = places.get((section, number)) or places.get(("", number), [])
    return next((record for record in found if not any(record.answers)), None)


def _kind(section: str) -> str:
    """Return what tells sections apart."""
    kind, reason = read_kind(section)
    return kind or reason or ("" if not section else "choice")

"""Aiken, the simplest format of Moodle: a stem, A. B. C. lines, ANSWER: X; to records; pure."""

import re

from app.bank.formats.draft import Draft, Refused
from app.bank.formats.reasons import NO_ANSWER_LINE
from app.bank.formats.settle import Record, settle

_OPTION = re.compile(r"([A-Z])[.)]\s*(\S.*)")
_ANSWER = re.compile(r"ANSWER:\s*(.*)")


def looks_like_aiken(lines: list[str]) -> bool:
    """Say whether every answer line is Aiken's and options are written its way."""
    answers = sum(bool(_ANSWER.fullmatch(line.strip())) for line in lines)
    options = sum(bool(_OPTION.fullmatch(line.strip())) for line in lines)
    return answers > 0 and options >= 2 * answers and not any("{" in line for line in lines)


def read_aiken(lines: list[str]) -> list[Draft | Refused]:
    """Return every question; one without an ANSWER line is refused; rows are lines from 1."""
    found: list[Draft | Refused] = []
    record: Record | None = None
    for number, raw in enumerate([*lines, ""], 1):
        line = raw.strip()
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if answer and record:
            record.answers = [answer[1]]
            found.append(settle(record))
            record = None
        elif option and record:
            record.options.append((option[1], option[2]))
        elif line and (record is None or record.options):
            if record:
                found.append(Refused(record.row, NO_ANSWER_LINE))
            record = Record(row=number, stem=line)
        elif line and record:
            record.stem += "\n" + line
    if record:
        found.append(Refused(record.row, NO_ANSWER_LINE))
    return found

"""Questions in running text – numbered or not, options by letter, answers by label or in brackets
– to records; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.bank.formats.answer_list import apply_answers, take_lists
from app.bank.formats.draft import MOST_QUESTIONS
from app.bank.formats.labels import is_chapter, section_kind
from app.bank.formats.lettered import Option, split_options
from app.bank.formats.reasons import TOO_MANY, say
from app.bank.formats.settle import Record, inline_answer
from app.bank.formats.text_lines import (
    OPTION,
    Line,
    Marked,
    is_numbered,
    leads_to_key,
    mark_lines,
    part_answers,
    stand_apart,
)
from app.bank.formats.wording import letter_of, read_letters, read_truth
from app.base.errors import Invalid

_SPACED = re.compile(r"[A-H]\s+\S")
_RIGHT = re.compile(r"\s*[（(\[【]\s*(?:正确|正确答案|√|✓|对)\s*[)）\]】]$|\s*[✓✔√✅]$")
_ENDS = "？?（()）。:：,，"


@dataclass(slots=True)
class Reading:
    """What has been read so far."""

    numbered: bool
    records: list[Record] = field(default_factory=list)
    marks: list[tuple[str, int]] = field(default_factory=list)  # section and number of each
    section: str = ""
    chapter: str = ""
    part: str = ""  # what a line without a mark goes on with
    gap: bool = False
    gaps: bool = False  # questions stand apart from one another
    inner: bool = False  # an explanation has numbered points of its own
    pending: list[Marked] = field(default_factory=list)  # lines before any question

    @property
    def now(self) -> Record | None:
        """The question being read."""
        return self.records[-1] if self.records and self.part else None


def read_text(lines: Sequence[Line]) -> tuple[list[Record], str]:
    """Return a record for every question in `lines`, and in words how they were written.

    Raises Invalid for too many or too long lines, and for too many questions.
    """
    body, answers = part_answers(mark_lines(lines))
    reading = Reading(is_numbered(body), gaps=stand_apart(body))
    for place, line in enumerate(body):
        if not line.text:
            reading.gap = True
            continue
        _read_line(reading, line, body, place)
        reading.gap = False
        if len(reading.records) > MOST_QUESTIONS:
            raise Invalid(say(TOO_MANY, n=MOST_QUESTIONS))
    listed = [line.text for line in answers] + take_lists(reading.records)
    if listed:
        apply_answers(reading.records, reading.marks, listed)
    if not any(one.answers or one.options or inline_answer(one.stem) for one in reading.records):
        reading.records.clear()  # a text, but none with questions
    for record in reading.records:
        _finish(record)
    where = "有题号" if reading.numbered else "没有题号，按答案分题"
    where += "，答案列在后面" if listed else ""
    return reading.records, f"文字排版，{where}，选项按字母识别"


def _read_line(reading: Reading, line: Marked, body: Sequence[Marked], place: int) -> None:
    """Take in one line that is not empty."""
    kind = section_kind(line.text)
    if kind is not None or line.chapter or is_chapter(line.text):
        reading.section = kind or ""
        reading.chapter = reading.chapter if kind is not None else line.text
        reading.part, reading.pending = "", []
        return
    if line.text.startswith(("---", "===", "***", "————")):
        reading.gap = True
        return
    if line.head and (not line.labels or any(map(str.isalnum, line.head))):  # no mere emoji
        _read_head(reading, line, body, place)
    for role, value in line.labels:
        _read_label(reading, line.number, role, value)


def _read_head(reading: Reading, line: Marked, body: Sequence[Marked], place: int) -> None:
    """Take in the part of a line before its labels: an option, a beginning, or more of the same."""
    if line.question and _begins_numbered(reading, line.question[0], body, place):
        _begin(reading, line.number, line.question[1], line.question[0])
        return
    if line.stem:
        number, stem = line.question or (0, line.head)
        _begin(reading, line.number, stem, number)
        return
    now = reading.now
    options = _options_of(line.head, now)
    if now is None and options and reading.pending:
        now = _begin_pending(reading)
    if now and options:
        _add_options(now, options)
        reading.part = "option"
    elif not reading.numbered and _begins_unnumbered(reading, line.head):
        number, stem = line.question or (0, line.head)
        _begin(reading, line.number, stem, number)
    elif now:
        _go_on(reading, now, line.head)
    else:
        reading.pending = [*reading.pending[-9:], line]


def _begin_pending(reading: Reading) -> Record:
    """Begin a question whose stem has no number, with the lines before its options."""
    lines, reading.pending = reading.pending, []
    _begin(reading, lines[0].number, "\n".join(line.head for line in lines), 0)
    return reading.records[-1]


def _begin(reading: Reading, row: int, stem: str, number: int) -> None:
    """Begin a question."""
    record = Record(row=row, hint=reading.section, stem=stem, source=reading.chapter)
    head, options = split_options(stem)
    if options and head:
        record.stem = head
        _add_options(record, options)
    reading.records.append(record)
    reading.marks.append((reading.section, number))
    reading.pending = []
    reading.part, reading.inner = "stem", False


def _begins_numbered(reading: Reading, number: int, body: Sequence[Marked], place: int) -> bool:
    """Say whether a numbered line is a new question and not a point of the one being read."""
    if not reading.numbered:
        return False
    now = reading.now
    if now is None:
        return True
    last = reading.marks[-1][1]
    if reading.part in ("stem", "option") and not (_has_answer(now) or len(now.options) > 1):
        return number == last + 1 or leads_to_key(body, place)
    if reading.part != "explanation":
        return number == last + 1 or number > last or number == 1 or leads_to_key(body, place)
    if number != last + 1 or reading.inner:
        leads = leads_to_key(body, place)
        reading.inner |= not leads
        return leads
    return True


def _begins_unnumbered(reading: Reading, text: str) -> bool:
    """Say whether a line without mark begins a question because the one before is complete."""
    now = reading.now
    if now is None:
        return True
    if reading.part == "explanation":
        return reading.gap or not reading.gaps
    if _has_answer(now):
        letters = not any(now.answers) and read_truth(inline_answer(now.stem)) is None
        return not letters or len(now.options) > 1
    if reading.gap and len(reading.records) == 1 and not now.options:
        title = len(now.stem) < 40 and not any(mark in now.stem for mark in _ENDS)
        if title:
            reading.records.pop()
            reading.marks.pop()
        return title
    return reading.gap and len(now.options) > 1


def _go_on(reading: Reading, now: Record, text: str) -> None:
    """Add a line to the part being read."""
    joint = "\n" if reading.part == "explanation" else ""
    if text[:1].isascii() and text[:1].isalnum():
        joint = joint or " "
    if reading.part == "stem":
        now.stem += joint + text if now.stem else text
    elif reading.part == "option" and now.options:
        letter, before = now.options[-1]
        now.options[-1] = (letter, before + joint + text)
    elif reading.part == "answer" and not any(now.answers):
        now.answers = [text]
    elif reading.part in ("explanation", "answer"):
        now.explanation += ("\n" if now.explanation else "") + text


def _read_label(reading: Reading, row: int, role: str, value: str) -> None:
    """Take in a labelled text."""
    now = reading.now
    fresh = now is None or (role in ("stem", "kind") and _has_answer(now))
    if fresh and role in ("stem", "kind", "source", "difficulty"):
        _begin(reading, row, "", 0)
    elif now is None:
        return
    record = reading.records[-1]
    if (role == "answer" and reading.part != "explanation") or (
        role == "answer" and not any(record.answers)
    ):
        record.answers = [value] if value else record.answers
        reading.part = "answer"
    elif role == "explanation":
        record.explanation += ("\n" if record.explanation else "") + value
        reading.part = "explanation"
    elif role == "stem":
        record.stem, reading.part = value, "stem"
    elif role == "tags":
        record.tags = re.split(r"[,，;；、\s]+", value)
    elif role in ("difficulty", "source", "kind"):
        setattr(record, role, value)


def _options_of(text: str, now: Record | None) -> list[tuple[Option, bool]]:
    """Return the options a line holds, each with whether it is marked as right."""
    match = OPTION.fullmatch(text)
    if not match:
        return []
    letter = letter_of(match[2])
    expected = chr(65 + len(now.options if now else ()))
    if _SPACED.match(text) and letter != expected:
        return []
    if match[2].islower() and letter != expected:
        return []
    head, several = split_options(text, letter)
    alone = match[3].strip().rstrip("；;").rstrip()
    options = several if several and not head else [(letter, alone)]
    return [
        ((mark, _RIGHT.sub("", option)), bool(match[1]) or bool(_RIGHT.search(option)))
        for mark, option in options
    ]


def _add_options(record: Record, options: Sequence[tuple[Option, bool] | Option]) -> None:
    """Add options, noting those marked as right."""
    for one in options:
        option, right = one if isinstance(one[0], tuple) else (one, False)
        record.options.append(option)  # type: ignore[arg-type]
        if right:
            record.answers.append(option[0])  # type: ignore[arg-type]


def _has_answer(record: Record) -> bool:
    return any(record.answers) or bool(inline_answer(record.stem))


def _finish(record: Record) -> None:
    """Leave one answer: letters of marked options together."""
    if len(record.answers) > 1:
        record.answers = ["".join(filter(read_letters, record.answers))]

"""From what stands in a file to a draft: the kind guessed, the answer understood; pure."""

import re
from dataclasses import dataclass, field, replace

from app.bank.formats.blanks import empty_places_to_blanks, read_blanks
from app.bank.formats.cleaning import clean, looks_like_html, plain_of_html
from app.bank.formats.conversion import checked
from app.bank.formats.draft import Draft, Refused
from app.bank.formats.keys import Unclear, number_base, order_of, read_key, truth_of
from app.bank.formats.lettered import Option, split_options
from app.bank.formats.reasons import (
    LETTER_TWICE,
    NO_ANSWER,
    NO_KIND,
    NO_STEM,
    NOT_TRUTH,
    PICTURE_IN_STEM,
    say,
)
from app.bank.formats.wording import (
    read_difficulty,
    read_kind,
    read_letters,
    read_truth,
)
from app.bank.kinds.blank import MARK

_KIND_MARK = re.compile(
    r"^_?[（(\[【]\s*([^（）()\[\]【】]{0,6}(?:选|判断|填空|排序|简答|论述)[^（）()\[\]【】]{0,4})[)）\]】]_?"
    r"|[（(\[【]\s*((?:单|多|不定)项?选择?题?|判断题?|填空题?|排序题?)[)）\]】]$"
)
_INLINE = re.compile(
    r"[（(\[【]\s*((?:[A-HＡ-Ｈ][\s、,，]*){1,8}|[√✓✔×✗✘]|对|错|正确|错误|[TFtf])\s*[)）\]】]"
)
_EMPTY_END = re.compile(r"\s*[（(]\s*[)）]\s*$")
_GAP = "（　　）"
_YES = {"是", "否", "是的", "不是", "Yes", "No", "yes", "no", *"10xXyYvVnN"}


@dataclass(slots=True)
class Record:
    """A question as it stands in a file; texts are as written, `answers` one for each place."""

    row: int
    where: str = ""
    kind: str = ""
    hint: str = ""  # the kind that a heading or sheet names; the stem may say otherwise
    stem: str = ""
    options: list[Option] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    variants: tuple[tuple[str, ...], ...] = ()  # blanks whose variants the file tells apart
    explanation: str = ""
    difficulty: str = ""
    source: str = ""
    tags: list[str] = field(default_factory=list)
    id: str = ""
    exact: bool = False  # written by this program: nothing is to be taken off texts


def settle_all(records: list[Record]) -> list[Draft | Refused]:
    """Return every record as a draft or a refusal, numbers as answers read the same throughout."""
    base = number_base([(r.answers, [text for _letter, text in r.options]) for r in records])
    return [settle(record, base) for record in records]


def settle(record: Record, base: int | None = None) -> Draft | Refused:
    """Return `record` as a draft or refused; `base` is the number of the first option."""
    try:
        return checked(_draft(record, base))
    except Unclear as fault:
        return Refused(record.row, fault.reason, record.where)


def inline_answer(stem: str) -> str:
    """Return the answer written in the last brackets of a stem, "" when there is none."""
    found = list(_INLINE.finditer(stem))
    return found[-1][1].strip() if found else ""


def _draft(record: Record, base: int | None) -> Draft:
    kind, reason = read_kind(record.kind)
    _tidy(record)
    if not record.exact:
        kind, reason = _kind_from_stem(record, kind, reason)
    if not kind and not reason:
        kind, reason = read_kind(record.hint)
    if not record.stem and not record.options:
        raise Unclear(NO_STEM)
    if reason:
        raise Unclear(reason)
    if not record.exact:
        _look_into_stem(record)
    answers = [text for text in record.answers if text]
    if not answers and not record.variants:
        raise Unclear(NO_ANSWER)
    kind = kind or _guess(record, answers)
    common = Draft(
        row=record.row,
        where=record.where,
        kind=kind,
        stem=record.stem,
        explanation=record.explanation,
        difficulty=read_difficulty(record.difficulty),
        source=record.source,
        tags=tuple(dict.fromkeys(clean(tag) for tag in record.tags if clean(tag))),
        id=record.id,
    )
    return _with_key(common, record, answers, base)


def _with_key(draft: Draft, record: Record, answers: list[str], base: int | None) -> Draft:
    """Return `draft` with options and key as its kind has them."""
    texts = tuple(text for _letter, text in record.options)
    if draft.kind == "truefalse":
        truth = truth_of(answers, texts)
        if truth is None:
            raise Unclear(say(NOT_TRUTH, text="；".join(answers)))
        stem = draft.stem if record.exact else _EMPTY_END.sub("", draft.stem).rstrip()
        return replace(draft, truth=truth, stem=stem or draft.stem)
    if draft.kind == "blank":
        stem = draft.stem if record.exact else empty_places_to_blanks(draft.stem)
        blanks = record.variants or read_blanks(answers, stem.count(MARK))
        return replace(draft, stem=stem, blanks=blanks)
    if draft.kind == "order":
        return replace(draft, items=order_of(answers, record.options))
    letters = read_key(answers, record.options, base)
    kind = draft.kind
    if kind == "choice":
        kind = "single" if len(letters) == 1 else "multiple"
    return replace(draft, kind=kind, options=texts, answer=letters)


def _tidy(record: Record) -> None:
    """Clean every text of `record`; raise Unclear for a picture or a letter used twice."""
    record.stem = _plain(record, record.stem, True)
    record.options = [(letter, _plain(record, text, True)) for letter, text in record.options]
    record.answers = [_plain(record, text, False) for text in record.answers]
    record.explanation = _plain(record, record.explanation, False)
    record.source = clean(record.source)
    letters = [letter for letter, _text in record.options if letter]
    twice = next((letter for letter in letters if letters.count(letter) > 1), "")
    if twice:
        raise Unclear(say(LETTER_TWICE, letter=twice))


def _plain(record: Record, text: str, shown: bool) -> str:
    if record.exact or not looks_like_html(text):
        return clean(text)
    plain, picture = plain_of_html(text)
    if picture and shown:
        raise Unclear(PICTURE_IN_STEM)
    return plain


def _kind_from_stem(record: Record, kind: str, reason: str) -> tuple[str, str]:
    """Take a mark such as 【多选】 off the stem; it counts when the file names no kind."""
    found = _KIND_MARK.search(record.stem)
    if not found:
        return kind, reason
    named, why = read_kind(found[1] or found[2])
    if not named and not why and "选" not in (found[1] or found[2]):
        return kind, reason
    record.stem = (record.stem[: found.start()] + record.stem[found.end() :]).strip()
    return (kind, reason) if kind or reason else (named, why)


def _look_into_stem(record: Record) -> None:
    """Take options and answer out of the stem where the file has them nowhere else."""
    if not record.options:
        stem, options = split_options(record.stem)
        if stem and options:
            record.stem, record.options = stem, options
    if any(record.answers) or record.variants:
        return
    found = list(_INLINE.finditer(record.stem))
    if not found:
        return
    last = found[-1]
    if read_letters(last[1]) and not record.options and read_truth(last[1]) is None:
        return
    record.answers = [last[1].strip()]
    tail = record.stem[last.end() :].strip(" 。.，,；;")
    gap = _GAP if tail or record.options else ""
    record.stem = (record.stem[: last.start()] + gap + record.stem[last.end() :]).strip()


def _guess(record: Record, answers: list[str]) -> str:
    """Return the kind that options and answer speak for; "choice" when the letters must decide."""
    texts = tuple(text for _letter, text in record.options)
    if len(texts) > 1:
        judged = len(texts) == 2 and {read_truth(text) for text in texts} == {True, False}
        judged = judged and not _YES.intersection(texts)  # "是否…？" is asked, not judged
        return "truefalse" if judged else "choice"
    if record.variants:
        return "blank"
    if len(answers) == 1 and read_truth(answers[0]) is not None:
        return "truefalse"
    if MARK in empty_places_to_blanks(record.stem) and not texts:
        return "blank"
    raise Unclear(NO_KIND)

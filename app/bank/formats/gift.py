"""GIFT, the text format of Moodle, to drafts; pure."""

import re
from dataclasses import replace

from app.bank.formats import reasons
from app.bank.formats.blanks import empty_places_to_blanks, split_list
from app.bank.formats.conversion import checked
from app.bank.formats.draft import Draft, Refused
from app.bank.formats.gift_text import (
    FULL,
    Answer,
    find_open,
    list_answers,
    plain_text,
    read_format,
    split_blocks,
    split_feedback,
    unescape,
)
from app.bank.formats.keys import Unclear
from app.bank.formats.wording import read_difficulty
from app.bank.kinds.blank import MARK

LONGEST_BLOCK = 40_000  # characters
_NAME = re.compile(r"\s*::(.*?)(?<!\\)::", re.S)
_MARK = re.compile(r"\[(id|tag):((?:\\.|[^\]\\])+)\]")
_PROTECTED = re.compile(r"\\([\]\\])")
_TRUTH = re.compile(r"\s*(TRUE|FALSE|T|F)\s*((?<!\\)#.*)?", re.I | re.S)
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?::\s*(\d*\.?\d*))?\s*")
_DIFFICULTY = "难度："


def read_gift(lines: list[str]) -> list[Draft | Refused]:
    """Return every question of a GIFT file, in a kind we have or refused; rows are lines from 1."""
    found: list[Draft | Refused] = []
    category = ""
    for start, block in split_blocks(lines):
        body = [line for line in block if not line.lstrip().startswith("//")]
        while body and body[0].strip().startswith("$CATEGORY:"):
            category = read_category(body.pop(0).split(":", 1)[1])
        if not "".join(body).strip():
            continue
        row = start + next(n for n, line in enumerate(block) if line in (body[0],))
        comments = "\n".join(line for line in block if line not in body)
        marks = [(what, _PROTECTED.sub(r"\1", mark)) for what, mark in _MARK.findall(comments)]
        found.append(_read_question(row, "\n".join(body), marks, category))
    if not found and category:
        found.append(Refused(1, reasons.ONLY_CATEGORY))
    return found


def read_category(path: str) -> str:
    """Return a category without Moodle's own roots: "$course$/top/第一章" → "第一章"."""
    parts = [part.replace("\0", "/").strip() for part in path.replace("//", "\0").split("/")]
    return "/".join(part for part in parts if part and part not in ("top", "$course$", "$system$"))


def read_marks(draft: Draft, marks: list[tuple[str, str]]) -> Draft:
    """Return `draft` with the id, tags and difficulty that (what, text) pairs give."""
    held = [(what, text.strip()) for what, text in marks]
    tags = [text for what, text in held if what == "tag" and text]
    level = next((t for t in tags if t.startswith(_DIFFICULTY)), "")
    return replace(
        draft,
        id=next((text for what, text in held if what == "id"), ""),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag != level)),
        difficulty=read_difficulty(level.removeprefix(_DIFFICULTY)),
    )


def _read_question(
    row: int, text: str, marks: list[tuple[str, str]], category: str
) -> Draft | Refused:
    if len(text) > LONGEST_BLOCK:
        return Refused(row, reasons.TOO_LONG_BLOCK)
    try:
        draft = _draft(row, _NAME.sub("", text, count=1) if _NAME.match(text) else text)
    except Unclear as fault:
        return Refused(row, fault.reason)
    return checked(replace(read_marks(draft, marks), source=category))


def _draft(row: int, text: str) -> Draft:
    """Return the question in `text`, which has no name any more."""
    opened = find_open(text, "{")
    closed = find_open(text, "}", opened + 1) if opened >= 0 else find_open(text, "}")
    if opened < 0 and closed < 0:
        raise Unclear(reasons.DESCRIPTION)
    if opened < 0 or closed < 0:
        raise Unclear(reasons.BRACES)
    body, general = split_feedback(text[opened + 1 : closed])
    form, before = read_format(text[:opened])
    after = text[closed + 1 :].rstrip()
    stem = before + MARK + after if after.strip(" .。") else before
    plain, picture = plain_text(stem, form)
    if picture:
        raise Unclear(reasons.PICTURE_IN_STEM)
    explanation = plain_text(general, form)[0]
    return _by_body(Draft(row=row, kind="", stem=plain, explanation=explanation), body, form)


def _by_body(draft: Draft, body: str, form: str) -> Draft:
    """Return `draft` with the kind and key that stand in braces."""
    if not body.strip():
        raise Unclear(reasons.ESSAY)
    if truth := _TRUTH.fullmatch(body):
        value = truth[1].upper().startswith("T")
        notes = [plain_text(part, form)[0] for part in re.split(r"(?<!\\)#", truth[2] or "")[1:]]
        explanation = draft.explanation or (notes[-1] if len(notes) > 1 else "".join(notes))
        return replace(draft, kind="truefalse", truth=value, explanation=explanation)
    if body.lstrip().startswith("#"):
        return blanked(draft, [_numbers(body.lstrip()[1:])])
    answers = list_answers(body)
    if not answers:
        return blanked(draft, [[plain_text(body, form)[0]]])
    right = [one for one in answers if one.full] or [a for a in answers if (a.weight or 0) > 0]
    said = dict.fromkeys(plain_text(one.feedback, form)[0] for one in right)
    draft = replace(draft, explanation=draft.explanation or "\n".join(filter(None, said)))
    if any(one.sign == "~" for one in answers):
        return _choice(draft, answers, form)
    if all("->" in one.text and one.weight is None for one in answers):
        pairs = [one.text.split("->", 1) for one in answers]
        sides = [(plain_text(left, form)[0], plain_text(right, form)[0]) for left, right in pairs]
        return ordered(draft, sides)
    texts = [plain_text(one.text, form)[0] for one in answers if one.full]
    return blanked(draft, [typed_texts(texts)])


def _choice(draft: Draft, answers: list[Answer], form: str) -> Draft:
    """Return a single or multiple choice; partial credit of one right answer is dropped."""
    texts = [plain_text(one.text, form) for one in answers]
    if any(picture for _text, picture in texts):
        raise Unclear(reasons.PICTURE_IN_STEM)
    full = [n for n, one in enumerate(answers) if one.sign == "=" or (one.weight or 0) >= FULL]
    right = full or [n for n, one in enumerate(answers) if (one.weight or 0) > 0]
    if not right:
        raise Unclear(reasons.NO_RIGHT_ANSWER)
    return replace(
        draft,
        kind="single" if len(right) == 1 else "multiple",
        options=tuple(text for text, _picture in texts),
        answer="".join(chr(65 + n) for n in right),
    )


def ordered(draft: Draft, pairs: list[tuple[str, str]]) -> Draft:
    """Return an ordering when the left sides of a matching are 1, 2, 3 …; other ones raise."""
    if [left for left, _right in pairs] != [str(n) for n in range(1, len(pairs) + 1)]:
        raise Unclear(reasons.MATCHING)
    return replace(draft, kind="order", items=tuple(right for _left, right in pairs))


def typed_texts(texts: list[str]) -> list[str]:
    """Return answers to type, \\* as a plain asterisk; raise Unclear for a wildcard."""
    if any("*" in text.replace("\\*", "") for text in texts):
        raise Unclear(reasons.WILDCARD)
    return [text.replace("\\*", "*") for text in texts if text]


def blanked(draft: Draft, blanks: list[list[str]]) -> Draft:
    """Return a question with blanks; one list of variants for several blanks is taken apart.

    A stem without a blank gets one at its end.
    """
    count = sum(map(bool, blanks))
    stem = draft.stem
    if count == 1 and stem.count(MARK) > 1:
        parts = [split_list(text) for text in blanks[0]]
        if all(len(part) == stem.count(MARK) for part in parts):
            blanks = [list(column) for column in zip(*parts, strict=True)]
            count = len(blanks)
    if stem.count(MARK) != count:
        stem = empty_places_to_blanks(stem)
    if MARK not in stem:
        stem = f"{stem} {MARK}".strip()
    held = tuple(tuple(dict.fromkeys(texts)) for texts in blanks)
    return replace(draft, kind="blank", stem=stem, blanks=held)


def _numbers(body: str) -> list[str]:
    """Return the exact numbers of a numerical question; raise Unclear for ranges."""
    answers = list_answers(body)
    texts = [body] if not answers else [one.text for one in answers if one.full]
    numbers = []
    for text in texts:
        cut = find_open(text, "#")
        found = _NUMBER.fullmatch(unescape(text[:cut] if cut >= 0 else text))
        if found is None or float(found[2] or 0) != 0:
            raise Unclear(reasons.TOLERANCE)
        numbers.append(found[1])
    return numbers

"""Blanks in stems and the texts that fill them; pure."""

import re
from collections.abc import Sequence

from app.bank.formats.keys import Unclear
from app.bank.formats.reasons import BLANKS_DIFFER, say
from app.bank.kinds.blank import MARK

_LINE = re.compile(r"[_＿]{2,}(?:\s*[_＿]{2,})*")
_BRACKETS = re.compile(r"[（(【\[][\s_＿]*[)）】\]]")
_SEPARATORS = (r"\n", r"[；;]", r"\|", r"、", r"[，,]", r"/", r"\s+")
_PLAIN = re.compile(r"\\([\\；|])")


def empty_places_to_blanks(stem: str) -> str:
    """Return `stem` with every underline, or else every pair of empty brackets, as ___."""
    if _LINE.search(stem):
        return _LINE.sub(MARK, stem)
    return _BRACKETS.sub(MARK, stem)


def read_blanks(answers: Sequence[str], count: int) -> tuple[tuple[str, ...], ...]:
    """Return the accepted variants of each of `count` blanks; raise Unclear when they differ.

    Several answers fill one blank each; for a single blank they are its variants. One answer is
    split where that gives as many parts as there are blanks; "|" parts the variants of a blank.
    """
    if count <= 1:
        return (tuple(dict.fromkeys(v for a in answers for v in _variants(a))),)
    if len(answers) == count:
        return tuple(tuple(_variants(answer)) for answer in answers)
    if len(answers) == 1:
        for mark in _SEPARATORS:
            parts = [part.strip() for part in re.split(mark, answers[0].strip())]
            if len(parts) == count and all(parts):
                return tuple(tuple(_variants(part)) for part in parts)
        return _differ(count, 1)
    return _differ(count, len(answers))


def write_blanks(blanks: Sequence[Sequence[str]]) -> str:
    """Return blanks in one cell: "；" between blanks, "|" between variants, "\\" before either."""
    return "；".join("|".join(map(protect, group)) for group in blanks)


def read_written_blanks(cell: str) -> tuple[tuple[str, ...], ...]:
    """Return what `write_blanks` wrote."""
    return tuple(
        tuple(_PLAIN.sub(r"\1", variant) for variant in _split(group, "|"))
        for group in _split(cell, "；")
    )


def protect(text: str) -> str:
    """Return `text` with a backslash before the marks that part blanks and variants."""
    return re.sub(r"[\\；|]", r"\\\g<0>", text)


def split_list(cell: str) -> list[str]:
    """Return the parts of a cell written with "；" between protected texts."""
    return [_PLAIN.sub(r"\1", part) for part in _split(cell, "；") if part]


def _split(text: str, mark: str) -> list[str]:
    """Split at `mark` where no backslash stands before it."""
    parts = [""]
    for piece in re.findall(r"\\.|[^\\]|\\$", text, re.S):
        if piece == mark:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _variants(answer: str) -> list[str]:
    """Return the variants of one blank, parted by "|"."""
    return [part.strip() for part in re.split(r"[|｜]", answer) if part.strip()] or [answer]


def _differ(blanks: int, answers: int) -> tuple[tuple[str, ...], ...]:
    raise Unclear(say(BLANKS_DIFFER, blanks=blanks, answers=answers))

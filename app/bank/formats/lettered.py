"""Options written with letters in running text: found, split, and their letters taken off; pure."""

import json
import re

from app.bank.formats.wording import letter_of

Option = tuple[str, str]  # letter ("" when none is written) and text

LETTER = "[A-HＡ-Ｈa-hａ-ｈ]"
_MARK = re.compile(rf"({LETTER})\s?[、.．:：)）]")
_OWN = re.compile(r"\s*[（(\[【]?([A-ZＡ-Ｚa-z])(?:\s?[、.．:：,，)）\]】]|\s)\s*(\S.*)", re.S)
_SPACED = re.compile(r"(?:^|(?<=\s))([A-H])(?=\s+\S)")
_BEFORE = re.compile(r"[\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef.,;:?!)\]_…”’*]")


def split_options(text: str, first: str = "A") -> tuple[str, list[Option]]:
    """Return what stands before the options in `text`, and the options found in it.

    At least `first` and the letter after it, each with a text, must follow one another;
    otherwise there are none.
    """
    found = _sequence(
        [(m.start(), m.end(), letter_of(m[1])) for m in _MARK.finditer(text) if _stands(text, m)],
        first,
    )
    if not found:
        spaced = [(m.start(), m.end(), m[1]) for m in _SPACED.finditer(text)]
        found = _sequence(spaced, first)
        found = found if len(found) > 2 and text[: found[0][0]].strip() == "" else []
    if not found:
        return text, []
    ends = [start for start, _end, _letter in found[1:]] + [len(text)]
    options = [
        (letter, text[end:stop].strip().rstrip("；;").strip())
        for (_start, end, letter), stop in zip(found, ends, strict=True)
    ]
    if not all(option for _letter, option in options):
        return text, []
    return text[: found[0][0]].strip(), options


def take_off_letters(texts: list[str]) -> list[Option]:
    """Return `texts` as options, without "A、" "B、" … where every one has its own letter."""
    found = [_OWN.fullmatch(text) for text in texts]
    letters = [letter_of(match[1]) for match in found if match]
    if len(letters) == len(texts) and letters == [chr(65 + n) for n in range(len(letters))]:
        return [(letter_of(m[1]), m[2].strip()) for m in found if m]
    return [("", text) for text in texts]


def split_cell(text: str) -> list[Option]:
    """Return the options kept in one cell: lettered, one a line, or between ; | or similar."""
    text = text.strip()
    if text.startswith("["):
        try:
            return take_off_letters([str(part).strip() for part in json.loads(text)])
        except (ValueError, TypeError, RecursionError):
            pass
    head, options = split_options(text)
    if options and not head:
        return options
    for mark in (r"\n", r"\$;\$", r"[；;]", r"\|", r"#", r"\t", r"[、，,]"):
        parts = [part.strip() for part in re.split(mark, text) if part.strip()]
        if len(parts) > 1:
            return take_off_letters(parts)
    return [("", text)] if text else []


def _stands(text: str, match: re.Match[str]) -> bool:
    """Say whether a letter begins something: after "（" it is an answer, after a letter a word."""
    before = text[match.start() - 1 : match.start()]
    return not before or (before not in "（(" and bool(_BEFORE.match(before)))


def _sequence(marks: list[tuple[int, int, str]], first: str) -> list[tuple[int, int, str]]:
    """Return the first run A, B, C … of `marks`; a later A starts it again before B."""
    run: list[tuple[int, int, str]] = []
    for mark in marks:
        if mark[2] == first and len(run) < 2:
            run = [mark]
        elif run and mark[2] == chr(ord(first) + len(run)):
            run.append(mark)
    return run if len(run) > 1 else []

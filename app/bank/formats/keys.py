"""Answers as people write them – letters, numbers, texts, marks – understood as keys; pure."""

import re
from collections.abc import Sequence

from app.bank.folding import fold
from app.bank.formats.lettered import Option
from app.bank.formats.reasons import (
    NOT_AN_OPTION,
    NUMBER_UNCLEAR,
    ORDER_KEY,
    TWO_OPTIONS,
    say,
)
from app.bank.formats.wording import letter_of, read_letters, read_truth

_LABELLED = re.compile(r"\s*([A-ZＡ-Ｚ])\s*[、.．:：)）]\s*(\S.*)", re.S)
_NOTED = re.compile(r"([A-H]{1,8})\s*[（(][^（）()]*[)）]")
_NEXT = re.compile(r"[\s;；,，、|]+(?=[A-ZＡ-Ｚ]\s*[、.．:：)）])")
_SEPARATORS = (r"\n", r"[;；]", r"\|", r"#", r"[,，]", r"、", r"/", r"\s{1,20}")


class Unclear(ValueError):
    """A question that cannot be understood; `reason` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_key(answers: Sequence[str], options: Sequence[Option], base: int | None) -> str:
    """Return the letters (by place, A first) of the right options.

    `base` is the number of the first option where answers are numbers, None when unknown.
    Raises Unclear when an answer is no option, or may be more than one.
    """
    places: set[int] = set()
    repeated = ""
    for answer in answers:
        for place in _places(answer, options, base):
            repeated += chr(65 + place) if place in places else ""
            places.add(place)
    return "".join(sorted([*map(_letter, places), *repeated]))


def truth_of(answers: Sequence[str], options: Sequence[str]) -> bool | None:
    """Return the judgement in `answers`; A and B are the two `options`, or right and wrong."""
    if len(answers) != 1:
        return None
    letters = read_letters(answers[0])
    if letters in ("A", "B"):
        words = options if len(options) == 2 else ("对", "错")
        return read_truth(words["AB".index(letters)])
    return read_truth(answers[0])


def order_of(answers: Sequence[str], options: Sequence[Option]) -> tuple[str, ...]:
    """Return the option texts in the order the letters of the answer give them."""
    texts = [text for _letter, text in options]
    joined = "；".join(answers)
    letters = read_letters(re.sub(r"[→\->—–]+", " ", joined))
    if not texts:
        texts = [part.strip() for part in re.split(r"→|->|—>|\n|[；;]", joined) if part.strip()]
        return tuple(texts)
    if not joined:
        return tuple(texts)
    places = _by_letter(options)
    order = [places.get(letter, -1) for letter in letters]
    if sorted(order) != list(range(len(texts))):
        raise Unclear(say(ORDER_KEY, text=joined))
    return tuple(texts[place] for place in order)


def number_base(held: Sequence[tuple[Sequence[str], Sequence[str]]]) -> int | None:
    """Return 0 or 1, from which the numbers given as answers count, or None when none can tell.

    `held` has the answers and the option texts of every question of a file.
    """
    first: int | None = None
    for answers, texts in held:
        for answer in answers:
            plain = answer.strip()
            if len(texts) < 2 or not (plain.isascii() and plain.isdigit()) or len(plain) > 2:
                continue
            if plain in [text.strip() for text in texts]:
                continue
            if int(plain) == 0:
                return 0
            if int(plain) == len(texts):
                first = 1
    return first


def _places(answer: str, options: Sequence[Option], base: int | None) -> list[int]:
    """Return the places (0 first) of the options one answer names."""
    places = _by_letter(options)
    letters = read_letters(answer)
    named = bool(letters) and all(letter in places for letter in letters)
    if named and (len(answer) == 1 or answer not in [text for _letter, text in options]):
        return [places[letter] for letter in letters]
    whole = _by_text(answer, options)
    if whole is not None and not (letters and len(answer) == 1):
        return [whole]
    if noted := _NOTED.fullmatch(answer):
        return _places(noted[1], options, base)
    if len(letters) == 1:
        raise Unclear(say(NOT_AN_OPTION, text=answer))
    for part in ([answer], _NEXT.split(answer)):
        labelled = [match for text in part if (match := _LABELLED.fullmatch(text))]
        if len(labelled) == len(part) and all(letter_of(m[1]) in places for m in labelled):
            return [places[letter_of(m[1])] for m in labelled]
    return _by_number(answer, options, base) or _by_parts(answer, options)


def _by_number(answer: str, options: Sequence[Option], base: int | None) -> list[int]:
    """Return the places of "2" or "1,3"; nothing when the answer is no number."""
    if not re.fullmatch(r"\d{1,2}(?:[,，、;；\s]+\d{1,2})*", answer):
        return []
    if base is None:
        raise Unclear(say(NUMBER_UNCLEAR, text=answer))
    places = [int(number) - base for number in re.findall(r"\d+", answer)]
    if not all(0 <= place < len(options) for place in places):
        raise Unclear(say(NOT_AN_OPTION, text=answer))
    return places


def _by_parts(answer: str, options: Sequence[Option]) -> list[int]:
    """Return the places of several option texts in one answer."""
    for mark in _SEPARATORS:
        parts = [part for part in re.split(mark, answer) if part.strip()]
        found = [_by_text(part, options) for part in parts] if 1 < len(parts) <= 26 else []
        places = [place for place in found if place is not None]
        if places and len(places) == len(parts):
            return places
    raise Unclear(say(NOT_AN_OPTION, text=answer))


def _by_text(answer: str, options: Sequence[Option]) -> int | None:
    """Return the place of the option that says the same as `answer`, None when none does."""
    exact = [n for n, (_letter, text) in enumerate(options) if text.strip() == answer.strip()]
    wanted = fold(answer)
    found = exact or [n for n, (_l, text) in enumerate(options) if wanted and fold(text) == wanted]
    if len(found) > 1:
        raise Unclear(say(TWO_OPTIONS, text=answer))
    return found[0] if found else None


def _by_letter(options: Sequence[Option]) -> dict[str, int]:
    """Return the place of each option by its written letter, or by its place when none is."""
    return {letter or _letter(n): n for n, (letter, _text) in enumerate(options)}


def _letter(place: int) -> str:
    return chr(65 + place)

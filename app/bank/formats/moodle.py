"""Moodle XML to drafts; pure."""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

from app.bank.formats import reasons
from app.bank.formats.cleaning import clean, plain_of_html
from app.bank.formats.conversion import checked
from app.bank.formats.draft import Draft, Refused
from app.bank.formats.gift import blanked, ordered, read_category, read_marks, typed_texts
from app.bank.formats.gift_text import FULL
from app.bank.formats.keys import Unclear
from app.bank.formats.reasons import say
from app.bank.formats.xml import walk
from app.bank.kinds.blank import MARK

_CLOZE = re.compile(r"\{\d*:([A-Z_]+):((?:\\.|[^{}\\])*)\}", re.S)
_PARTS = re.compile(r"((?:\\.|[^~\\])+)", re.S)
_UNESCAPE = re.compile(r"\\(.)", re.S)
_TYPED = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}


def read_moodle(data: bytes) -> list[Draft | Refused]:
    """Return every question of a <quiz>, in a kind we have or refused; rows count questions."""
    found: list[Draft | Refused] = []
    category = ""
    row = 0
    for element in walk(data, "question"):
        if element.get("type") == "category":
            category = read_category(_raw(element.find("category")))
            continue
        row += 1
        try:
            found.append(checked(replace(_read(row, element), source=category)))
        except Unclear as fault:
            found.append(Refused(row, fault.reason))
    return found


def _read(row: int, element: Element) -> Draft:
    """Return one question with its marks."""
    kind = element.get("type", "")
    stem = "" if kind == "cloze" else _shown(element.find("questiontext"))
    explanation = _text(element.find("generalfeedback"))[0]
    draft = _by_type(Draft(row=row, kind="", stem=stem, explanation=explanation), kind, element)
    marks = [("tag", clean(_raw(tag))) for tag in element.iterfind("tags/tag")]
    marks += [("id", clean(number.text or "")) for number in element.iterfind("idnumber")]
    return read_marks(draft, marks)


def _by_type(draft: Draft, kind: str, element: Element) -> Draft:
    """Return `draft` with the key of a question of type `kind`."""
    answers = list(element.iterfind("answer"))
    if kind in ("multichoice", "truefalse"):
        return _choice(draft, kind, answers)
    if kind == "shortanswer":
        texts = [_text(one)[0] for one in answers if _share(one) >= FULL]
        return blanked(draft, [typed_texts(texts)])
    if kind == "numerical":
        return blanked(draft, [[_number(one) for one in answers if _share(one) >= FULL]])
    if kind == "cloze":
        return _cloze(draft, element)
    if kind == "ordering":
        return replace(draft, kind="order", items=tuple(_text(one)[0] for one in answers))
    if kind in ("matching", "match"):
        pairs = [
            (_text(one)[0], clean(_raw(one.find("answer"))))  # Moodle keeps these without markup
            for one in element.iterfind("subquestion")
        ]
        return ordered(draft, pairs)
    if kind == "description":
        raise Unclear(reasons.DESCRIPTION)
    if kind == "essay":
        raise Unclear(reasons.ESSAY)
    raise Unclear(say(reasons.NO_SUCH_KIND, text=kind or "这一题"))


def _choice(draft: Draft, kind: str, answers: list[Element]) -> Draft:
    """Return a choice or a judgement."""
    texts = [_shown(one) for one in answers]
    full = [n for n, one in enumerate(answers) if _share(one) >= FULL]
    right = full or [n for n, one in enumerate(answers) if _share(one) > 0]
    if not right:
        raise Unclear(reasons.NO_RIGHT_ANSWER)
    if not draft.explanation:
        notes = [_text(answers[n].find("feedback"))[0] for n in right]
        draft = replace(draft, explanation="\n".join(filter(None, notes)))
    if kind == "truefalse":
        return replace(draft, kind=kind, truth=texts[right[0]].casefold() == "true")
    return replace(
        draft,
        kind="single" if len(right) == 1 else "multiple",
        options=tuple(texts),
        answer="".join(chr(65 + n) for n in right),
    )


def _cloze(draft: Draft, element: Element) -> Draft:
    """Return a question whose text holds {1:SHORTANSWER:=…}; other parts raise Unclear."""
    blanks = []

    def take(match: re.Match[str]) -> str:
        if match[1] not in _TYPED:
            raise Unclear(reasons.CLOZE)
        blanks.append(_cloze_variants(match[2]))
        return MARK

    text = _CLOZE.sub(take, _raw(element.find("questiontext")))
    stem, picture = _plain(text, element.find("questiontext"))
    if picture:
        raise Unclear(reasons.PICTURE_IN_STEM)
    return replace(draft, kind="blank", stem=stem, blanks=tuple(blanks))


def _cloze_variants(body: str) -> tuple[str, ...]:
    """Return the fully right answers of one part of a cloze."""
    found = []
    for part in _PARTS.findall(body):
        answer = re.match(r"\s*(?:=|%(\d+)%)(.*)", part, re.S)
        if answer and (answer[1] is None or float(answer[1]) >= FULL):
            text = re.split(r"(?<!\\)#", answer[2], maxsplit=1)[0]
            found.append(clean(_UNESCAPE.sub(r"\1", text)))
    return tuple(dict.fromkeys(found))


def _number(answer: Element) -> str:
    """Return an exact number; raise Unclear when it has a tolerance."""
    tolerance = (answer.findtext("tolerance") or "0").strip()
    if not re.fullmatch(r"0*\.?0*", tolerance):
        raise Unclear(reasons.TOLERANCE)
    return _text(answer)[0]


def _share(answer: Element) -> float:
    """Return the share of credit in percent."""
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _shown(element: Element | None) -> str:
    """Return a text; raise Unclear when it shows a picture."""
    text, picture = _text(element)
    if picture:
        raise Unclear(reasons.PICTURE_IN_STEM)
    return text


def _text(element: Element | None) -> tuple[str, bool]:
    """Return the text of an element as plain text, and whether it shows a picture."""
    return _plain(_raw(element), element)


def _plain(text: str, element: Element | None) -> tuple[str, bool]:
    form = element.get("format", "html") if element is not None else "plain_text"
    return plain_of_html(text) if form == "html" else (clean(text), False)


def _raw(element: Element | None) -> str:
    """Return what stands in <text>, or in the element itself."""
    if element is None:
        return ""
    inner = element.find("text")
    return (element.text if inner is None else inner.text) or ""

"""Questions to Moodle XML; pure."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from app.bank.formats.draft import Draft
from app.bank.formats.template import LEVEL_WORDS
from app.bank.kinds.blank import MARK

_TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "order": "matching",
}


def write_moodle(drafts: Sequence[Draft]) -> str:
    """Return `drafts` as Moodle XML.

    Chapters become categories, difficulty a tag, an order a matching with 1, 2, 3 …, several
    blanks a cloze of short answers.
    """
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    source = ""
    for draft in drafts:
        if draft.source != source:
            source = draft.source
            path = f"$course$/top/{source.replace('/', '//')}"
            parts.append(_element("question", _text("category", path), type="category"))
        parts.append(_question(draft))
    return "\n".join([*parts, "</quiz>"]) + "\n"


def _question(draft: Draft) -> str:
    """Return one question."""
    kind = _TYPES.get(draft.kind) or ("cloze" if len(draft.blanks) > 1 else "shortanswer")
    stem = _cloze(draft) if kind == "cloze" else draft.stem
    level = LEVEL_WORDS.get(draft.difficulty, "")
    tags = [*draft.tags, *([f"难度：{level}"] if level else [])]
    parts = [
        _text("name", draft.id or draft.stem.split("\n")[0][:60]),
        _text("questiontext", stem, format="plain_text"),
        _text("generalfeedback", draft.explanation, format="plain_text"),
        _element("idnumber", escape(draft.id)) if draft.id else "",
        *_key(draft, kind),
        _element("tags", "".join(_text("tag", tag) for tag in tags)) if tags else "",
    ]
    return _element("question", "\n".join(filter(None, parts)), type=kind)


def _key(draft: Draft, kind: str) -> list[str]:
    """Return the elements that hold options and key."""
    if kind == "truefalse":
        shares = (100.0, 0.0) if draft.truth else (0.0, 100.0)
        return [_answer("true", shares[0]), _answer("false", shares[1])]
    if kind == "multichoice":
        return _choices(draft)
    if kind == "matching":
        items = map(_place, range(len(draft.items)), draft.items)
        return [_element("shuffleanswers", "true"), *items]
    if kind == "shortanswer":
        texts = [text.replace("*", "\\*") for text in draft.blanks[0]]
        return [_element("usecase", "0"), *(_answer(text, 100.0) for text in texts)]
    return []


def _choices(draft: Draft) -> list[str]:
    """Return the options with their shares of credit."""
    single = draft.kind == "single"
    right, wrong = 100 / len(draft.answer), 0.0 if single else -100.0
    return [
        _element("single", str(single).lower()),
        _element("shuffleanswers", "true"),
        _element("answernumbering", "ABCD"),
        *(
            _answer(text, right if chr(65 + n) in draft.answer else wrong)
            for n, text in enumerate(draft.options)
        ),
    ]


def _place(place: int, text: str) -> str:
    """Return one item of an order."""
    return _element(
        "subquestion", _element("text", str(place + 1)) + _text("answer", text), format="plain_text"
    )


def _cloze(draft: Draft) -> str:
    """Return the stem with a short answer in the place of each blank."""
    pieces = draft.stem.split(MARK, len(draft.blanks))
    text = pieces[0]
    for group, piece in zip(draft.blanks, pieces[1:], strict=True):
        answers = "~".join("=" + _protected(variant) for variant in group)
        text += "{1:SHORTANSWER:" + answers + "}" + piece
    return text


def _protected(text: str) -> str:
    """Return an answer with a backslash before what a cloze would take for its own."""
    return "".join("\\" + c if c in '\\}{#~/"=' else c for c in text)


def _answer(text: str, share: float) -> str:
    return _text(
        "answer", text, fraction=f"{share:.5f}".rstrip("0").rstrip("."), format="plain_text"
    )


def _text(tag: str, text: str, **attributes: str) -> str:
    """Return an element around <text>."""
    return _element(tag, _element("text", escape(text)), **attributes)


def _element(tag: str, inner: str, **attributes: str) -> str:
    held = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{held}>{inner}</{tag}>"

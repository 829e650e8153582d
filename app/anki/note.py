"""A question as an Anki note: permanent numbers, escaped fields, tags; pure."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from app.anki.note_type import BLANK, CHOICE, NoteType
from app.anki.number import number_of
from app.bank.catalogue import Question
from app.bank.kinds import Blank, Multiple, Order, Single, TrueFalse
from app.bank.kinds.blank import MARK
from app.bank.kinds.kind import key_of, shuffled

KIND_NAMES = {
    "single": "单选题",
    "multiple": "多选题",
    "truefalse": "判断题",
    "blank": "填空题",
    "order": "排序题",
}
RETIRED = "已停用"
EMPTY_PLACE = "（　　）"
JUDGEMENTS = ("正确", "错误")
VERDICTS = ("这句话是正确的。", "这句话是错误的。")  # “正确答案：错误” would be misread
# Braces, brackets and backslashes are Anki's own marks for clozes, sounds and formulas.
_OWN_MARKS = str.maketrans({c: f"&#{ord(c)};" for c in "{}[]\\"})
_UNUSUAL = re.compile(r"[\x00-\x1f\x7f&<>\"'{}\[\]\\]")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its single card; `id` serves both, `updated_at` in epoch seconds."""

    id: int
    guid: str
    note_type: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    position: int
    updated_at: int


def note_of(question: Question) -> Note:
    """Return the note of a question of any kind, active or retired."""
    blank = isinstance(question.content, Blank)
    return Note(
        id=number_of(question.id),
        guid=question.id,
        note_type=BLANK if blank else CHOICE,
        fields=_blank_fields(question) if blank else _choice_fields(question),
        tags=tags_of(question),
        position=question.position,
        updated_at=question.updated_at,
    )


def tags_of(question: Question) -> tuple[str, ...]:
    """Return subject, chapter id, kind and difficulty, and a mark on retired questions."""
    words = [question.subject, question.chapter_id, question.kind, question.difficulty]
    if question.status != "active":
        words.append(RETIRED)
    return tuple(map(_tag, words))


@lru_cache(maxsize=1000)
def _tag(word: str) -> str:
    """Return a word without spaces, which would make two tags of it."""
    return re.sub(r"\s+", "-", word)


def as_html(text: str) -> str:
    """Return `text` as HTML that shows it and does nothing else; line feeds become breaks."""
    if not _UNUSUAL.search(text):
        return text
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n"))
    return escape(plain).translate(_OWN_MARKS).replace("\n", "<br>")


def _choice_fields(question: Question) -> tuple[str, ...]:
    """Return the fields of a question whose answer is picked or put in order."""
    stem = question.stem.replace(MARK, EMPTY_PLACE)
    texts, key = _options(question)
    mode = {"multiple": "many", "order": "order"}.get(question.kind, "one")
    fixed = " fixed" if question.kind == "truefalse" else ""
    rows = "".join(_row(n, texts[n]) for n in _plain_order(question, len(texts)))
    return (
        *_head(question),
        as_html(stem),
        f'<ol class="options{fixed}" data-pick="{mode}">{rows}</ol>',
        _listed(_key_texts(question, texts, key), "ol" if mode == "order" else "ul"),
        " ".join(map(str, key)),
        *_tail(question),
    )


def _row(index: int, text: str) -> str:
    """Return an option; phones leave taps on what is `tappable` to the card."""
    shown = f'<span class="text">{as_html(text)}</span>'
    return f'<li class="option tappable" data-index="{index}">{shown}</li>'


def _blank_fields(question: Question) -> tuple[str, ...]:
    """Return the fields of a question with blanks: all are cloze 1, so that one card asks them."""
    assert isinstance(question.content, Blank)
    answers = question.content.answers
    first, *rest = question.stem.split(MARK)
    stem = as_html(first)
    for variants, text in zip(answers, rest, strict=True):
        # A colon inside a cloze would begin a hint.
        stem += "{{c1::" + as_html(variants[0]).replace(":", "&#58;") + "}}" + as_html(text)
    return (*_head(question), stem, _listed(list(map(_variants, answers)), "ol"), *_tail(question))


def _options(question: Question) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the texts to choose from, as in the file, and the indexes of the right ones."""
    content = question.content
    if isinstance(content, TrueFalse):
        return JUDGEMENTS, (0,) if content.answer else (1,)
    if isinstance(content, Order):
        return content.items, tuple(range(len(content.items)))
    assert isinstance(content, Single | Multiple)
    return content.options, key_of(content.answer)


def _key_texts(question: Question, texts: tuple[str, ...], key: tuple[int, ...]) -> list[str]:
    """Return the right answer in words, as HTML."""
    words = VERDICTS if question.kind == "truefalse" else texts
    return [as_html(words[n]) for n in key]


def _plain_order(question: Question, count: int) -> list[int]:
    """Return the order of the list where JavaScript is off: never that of the answer."""
    if question.kind == "truefalse":
        return [0, 1]
    order = shuffled(count, question.id)
    if question.kind == "order" and order == sorted(order):
        return order[1:] + order[:1]
    return order


def _listed(items: list[str], tag: str) -> str:
    """Return one answer as a paragraph, several as a list; the items are HTML already."""
    if len(items) == 1:
        return f'<p class="key">{items[0]}</p>'
    return f'<{tag} class="key">' + "".join(f"<li>{item}</li>" for item in items) + f"</{tag}>"


def _variants(variants: tuple[str, ...]) -> str:
    """Return what may be written into a blank."""
    first, *others = map(as_html, variants)
    return f"{first}（也可以写作：{'、'.join(others)}）" if others else first


def _head(question: Question) -> tuple[str, str]:
    """Return the first two fields, which both note types begin with."""
    return as_html(question.id), KIND_NAMES[question.kind]


def _tail(question: Question) -> tuple[str, str, str, str]:
    """Return explanation, source and the two spare fields, which both note types end with."""
    source = f"《{question.document_title}》（{question.edition_short}）{question.provision_label}"
    return as_html(question.explanation), as_html(source), "", ""

"""JSON and TOML to records: objects with a stem and an answer, however deep they stand; pure."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec

from app.bank.formats import reasons
from app.bank.formats.columns import recognise_title
from app.bank.formats.conversion import checked, from_content
from app.bank.formats.decoding import list_lines
from app.bank.formats.draft import MOST_QUESTIONS, Draft, Refused
from app.bank.formats.lettered import Option, split_cell, take_off_letters
from app.bank.formats.reasons import say
from app.bank.formats.settle import Record
from app.bank.formats.wording import read_kind, read_truth
from app.bank.kinds import Content
from app.base.errors import Invalid

DEEPEST = 20
_STEMS = (
    "题干",
    "stem",
    "题目",
    "question",
    "试题",
    "问题",
    "questiontext",
    "content",
    "内容",
    "title",
)
_TEXTS = (
    "text",
    "content",
    "value",
    "option",
    "answertext",
    "optioncontent",
    "optiontext",
    "optionvalue",
    "label",
    "body",
    "内容",
    "选项",
    "name",
    "title",
)
_MARKS = (
    "letter",
    "key",
    "label",
    "id",
    "name",
    "optionid",
    "optionkey",
    "optionletter",
    "option",
    "index",
    "prefix",
    "字母",
    "value",
    "code",
)
_FLAGS = (
    "iscorrect",
    "correct",
    "isanswer",
    "isright",
    "right",
    "istrue",
    "answer",
    "是否正确",
    "正确",
)

Found = Record | Draft | Refused


def read_json(text: str) -> list[Found]:
    """Return a record for each question in JSON or JSON lines; rows count items from 1."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise Invalid(reasons.TOO_DEEP) from None
    except ValueError as error:
        value = _read_lines(text, getattr(error, "lineno", 1))
    return _list_records(value)


def read_toml(text: str) -> list[Found]:
    """Return the questions of a TOML file: the bank's own ones as drafts, others as records."""
    list_lines(text)  # long keys cost more than they say
    try:
        value = tomllib.loads(text)
    except RecursionError:
        raise Invalid(reasons.TOO_DEEP) from None
    except ValueError as error:
        raise Invalid(say(reasons.BAD_TOML, error=str(error))) from None
    items = value.get("question")
    if not isinstance(items, list):
        return _list_records(value)
    return [_own(row, item) for row, item in enumerate(items, 1)]


def describe(found: list[Found]) -> str:
    """Return in words what was found."""
    return f"{len(found)} 个题目对象，按键名识别题干、选项和答案"


def _own(row: int, item: Any) -> Found:
    """Return a question written in the bank's own form, or whatever else can be made of it."""
    try:
        return checked(from_content(msgspec.convert(item, Content), row))
    except msgspec.ValidationError:
        record = _record(row, item, "", "") if isinstance(item, dict) else None
        return record or Refused(row, reasons.BAD_ITEM)


def _read_lines(text: str, line: int) -> list[Any]:
    """Return the objects of a file with one object a line."""
    found: list[Any] = []
    for number, part in enumerate(text.split("\n"), 1):
        if len(found) > MOST_QUESTIONS:
            raise Invalid(say(reasons.TOO_MANY, n=MOST_QUESTIONS))
        try:
            found += [json.loads(part)] if part.strip() else []
        except (ValueError, RecursionError):
            raise Invalid(say(reasons.BAD_JSON, n=line if number == 1 else number)) from None
    return found


def _list_records(value: Any) -> list[Found]:
    found: list[Found] = []
    for row, (item, kind, source) in enumerate(_walk(value, "", "", 0), 1):
        if row > MOST_QUESTIONS:
            raise Invalid(say(reasons.TOO_MANY, n=MOST_QUESTIONS))
        found.append(_record(row, item, kind, source) or Refused(row, reasons.BAD_ITEM))
    return found


def _walk(value: Any, kind: str, source: str, depth: int) -> Iterator[tuple[Any, str, str]]:
    """Yield (question or misfit, kind, source) in order; keys above give kind and chapter."""
    if depth > DEEPEST:
        raise Invalid(reasons.TOO_DEEP)
    if isinstance(value, list):
        objects = sum(isinstance(item, dict) for item in value)
        for item in value:
            if isinstance(item, dict | list):
                yield from _walk(item, kind, source, depth + 1)
            elif objects * 2 > len(value):
                yield item, kind, source
    elif isinstance(value, dict):
        roles = {recognise_title(key) for key in value}
        if "stem" in roles and ("answer" in roles or any(r.startswith("option") for r in roles)):
            yield value, kind, source
            return
        titles = [v for k, v in value.items() if k in _TITLES and isinstance(v, str)]
        named = next((title for title in titles if not any(read_kind(title))), source)
        kinds = [v for k, v in value.items() if recognise_title(k) == "kind" and isinstance(v, str)]
        kind = next((word for word in [*kinds, *titles] if any(read_kind(word))), kind)
        nested = [(k, v) for k, v in value.items() if isinstance(v, dict | list)]
        if depth and not any(_holds_objects(inner) for _key, inner in nested):
            yield value, kind, source
            return
        for key, inner in nested:
            hint = key if read_kind(key)[0] else kind
            chapter = named if hint == key or key.isascii() else key
            yield from _walk(inner, hint, chapter, depth + 1)


_TITLES = ("name", "title", "chapter", "section", "category", "章节", "名称", "标题")


def _holds_objects(value: Any) -> bool:
    """Say whether a value may hold questions."""
    return isinstance(value, dict) or any(isinstance(one, dict | list) for one in value)


def _record(row: int, item: Any, kind: str, source: str) -> Record | None:
    """Return an object as a record, None when it holds no stem."""
    if not isinstance(item, dict):
        return None
    held: dict[str, list[tuple[str, Any]]] = {}
    for key, value in item.items():
        held.setdefault(recognise_title(str(key)), []).append((str(key), value))
    if "stem" not in held:
        return None
    options, marks, right = _options(held)
    answers = _answers([value for _key, value in held.get("answer", [])], marks)
    nested = [value for _key, value in held.get("answer", []) if _is_nested(value)]
    return Record(
        row=row,
        kind=_first(held, "kind"),
        hint=kind,
        stem=_stem(held["stem"]),
        options=options,
        answers=answers or right,
        variants=tuple(tuple(map(_text, _as_list(group))) for group in nested[0]) if nested else (),
        explanation=_first(held, "explanation"),
        difficulty=_first(held, "difficulty"),
        source=_first(held, "source") or source,
        tags=[_text(tag) for _key, value in held.get("tags", []) for tag in _as_list(value)],
        id=_first(held, "id"),
    )


def _stem(found: list[tuple[str, Any]]) -> str:
    """Return the text of the key that most plainly names the stem."""
    texts = [(key, _text(value)) for key, value in found if _text(value)]
    rank = {name: n for n, name in enumerate(_STEMS)}
    return min(texts, key=lambda pair: rank.get(pair[0].casefold(), 99), default=("", ""))[1]


def _options(
    held: dict[str, list[tuple[str, Any]]],
) -> tuple[list[Option], dict[str, str], list[str]]:
    """Return the options, the letters their own marks stand for, and letters flagged as right."""
    numbered = sorted((r for r in held if r.startswith("option ")), key=lambda r: int(r[7:]))
    if numbered:
        texts = [_text(held[role][0][1]) for role in numbered]
        while texts and not texts[-1]:
            texts.pop()
        flags = [held.get(f"flag {role[7:]}", [("", None)])[0][1] for role in numbered]
        return (
            take_off_letters(texts),
            {},
            [chr(65 + n) for n, f in enumerate(flags) if _is_true(f)],
        )
    value: Any = next((v for _key, v in held.get("options", []) if v), [])
    if isinstance(value, str):
        return split_cell(value), {}, []
    if isinstance(value, dict):
        keys = [str(key).strip().upper() for key in value]
        if all(len(key) == 1 and "A" <= key <= "Z" for key in keys):
            return [(k, _text(v)) for k, v in zip(keys, value.values(), strict=True)], {}, []
        marks = {str(key): chr(65 + n) for n, key in enumerate(value)}
        return [("", _text(inner)) for inner in value.values()], marks, []
    items = _as_list(value)
    if not items or not all(isinstance(one, dict) for one in items):
        return take_off_letters([_text(one) for one in items]), {}, []
    return _from_objects(items)


def _from_objects(items: list[Any]) -> tuple[list[Option], dict[str, str], list[str]]:
    """Return options kept as objects with text, mark and flag."""
    texts: list[str] = []
    marks: dict[str, str] = {}
    right: list[str] = []
    for place, one in enumerate(items):
        plain = {str(k).casefold().replace("_", "").replace("-", ""): v for k, v in one.items()}
        text = next((k for k in _TEXTS if isinstance(plain.get(k), str) and len(plain[k]) > 1), "")
        text = text or next((k for k in _TEXTS if plain.get(k) not in (None, "")), "")
        texts.append(_text(plain.get(text)))
        for key in _MARKS:
            if key != text and key in plain and not isinstance(plain[key], bool | dict | list):
                marks.setdefault(_text(plain[key]), chr(65 + place))
        if any(_is_true(plain[key]) for key in _FLAGS if key in plain):
            right.append(chr(65 + place))
    return take_off_letters(texts), marks, right


def _answers(values: list[Any], marks: dict[str, str]) -> list[str]:
    """Return answers as texts; what names an option by its own mark becomes its letter."""
    flat = [one for value in values[:1] for one in _as_list(value) if not _is_nested(value)]
    texts = [text for one in flat if (text := _text(one))]
    return [marks.get(text, text) for text in texts]


def _is_nested(value: Any) -> bool:
    """Say whether a value is a list of lists: variants of blanks."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, list) for v in value)


def _first(held: dict[str, list[tuple[str, Any]]], role: str) -> str:
    return next((text for _key, value in held.get(role, []) if (text := _text(value))), "")


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str | int) and read_truth(str(value)) is True)


def _text(value: Any) -> str:
    """Return a plain value as text; of an object its text, of a list its parts."""
    if value is None or isinstance(value, bool):
        return "" if value is None else "true" if value else "false"
    if isinstance(value, dict):
        return next((_text(value[key]) for key in _TEXTS if key in value), "")
    if isinstance(value, list):
        return "；".join(str(part) for part in value if isinstance(part, str | int))
    return str(value)

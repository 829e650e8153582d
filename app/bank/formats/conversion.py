"""Drafts and the bank's own content, one into the other; what makes a draft unusable; pure."""

import hashlib
import re
from dataclasses import replace

import msgspec

from app.bank.folding import fold
from app.bank.formats.draft import Draft, Refused
from app.bank.formats.reasons import (
    LONG_TEXT,
    NO_ANSWER,
    NO_STEM,
    SAME_OPTIONS,
    UNKNOWN_KIND,
    say,
)
from app.bank.kinds import KINDS, Blank, Content, Multiple, Order, Single, TrueFalse
from app.base.errors import Invalid

LONGEST = {"题干": 2000, "选项": 500, "解析": 5000, "出处": 200, "标签": 50}  # characters
_OWN_ID = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9-]{0,59}")


def to_content(draft: Draft, id: str, provision: str) -> Content:
    """Return `draft` as a question of the bank under `id` and `provision`.

    A difficulty the file does not give becomes "know". Raises Invalid for an unusable id.
    """
    fields = msgspec.to_builtins(_build(draft, id, provision))
    try:
        content: Content = msgspec.convert(fields, Content)
    except msgspec.ValidationError as error:
        raise Invalid(f"不能作为题目保存（{error}）。") from None
    return content


def from_content(content: Content, row: int = 1, source: str = "") -> Draft:
    """Return a question of the bank as a draft; `source` is what to call its provision."""
    draft = Draft(
        row=row,
        kind=str(type(content).__struct_config__.tag),
        stem=content.stem,
        explanation=content.explanation,
        difficulty=content.difficulty,
        source=source or content.provision,
        tags=content.tags,
        id=content.id,
    )
    if isinstance(content, Single | Multiple):
        return replace(draft, options=content.options, answer=content.answer)
    if isinstance(content, TrueFalse):
        return replace(draft, truth=content.answer)
    if isinstance(content, Blank):
        return replace(draft, blanks=content.answers)
    return replace(draft, items=content.items)


def checked(draft: Draft) -> Draft | Refused:
    """Return `draft`, or its refusal with every reason when the bank could not use it."""
    faults = list_faults(draft)
    if faults:
        return Refused(draft.row, "".join(faults), draft.where, draft)
    return draft if _OWN_ID.fullmatch(draft.id) else replace(draft, id="")


def list_faults(draft: Draft) -> list[str]:
    """Return sentences saying what makes `draft` unusable; none for a good one."""
    if draft.kind not in KINDS:
        return [say(UNKNOWN_KIND, text=draft.kind)]
    faults = [] if draft.stem.strip() else [NO_STEM]
    faults += _long_texts(draft)
    if not _has_key(draft):
        return [*faults, NO_ANSWER]
    folded = [text.strip() for text in draft.options]
    twice = next((text for text in folded if text and folded.count(text) > 1), "")
    if twice:
        faults.append(say(SAME_OPTIONS, text=twice))
    content = _build(draft, "draft", "p1")
    return faults + [message for _rule, message in KINDS[draft.kind].list_faults(content)]


def digest(draft: Draft) -> str:
    """Return 16 hex digits that are the same for the same question however it is laid out."""
    parts = [draft.kind, draft.stem, *draft.options, draft.answer, str(draft.truth)]
    parts += ["/".join(sorted(map(fold, group))) for group in draft.blanks] + [*draft.items]
    return hashlib.sha256("\n".join(map(fold, parts)).encode()).hexdigest()[:16]


def _has_key(draft: Draft) -> bool:
    """Say whether there is anything to mark by."""
    return bool(draft.answer or draft.blanks or draft.items) or draft.truth is not None


def _long_texts(draft: Draft) -> list[str]:
    """Return complaints about texts longer than a page can bear."""
    texts = {
        "题干": (draft.stem,),
        "选项": (*draft.options, *draft.items, *(text for group in draft.blanks for text in group)),
        "解析": (draft.explanation,),
        "出处": (draft.source,),
        "标签": draft.tags,
    }
    return [
        say(LONG_TEXT, what=what, n=LONGEST[what])
        for what, held in texts.items()
        if any(len(text) > LONGEST[what] for text in held)
    ]


def _build(draft: Draft, id: str, provision: str) -> Content:
    """Return the content struct of a draft without checking its values."""
    shared = {
        "id": id,
        "provision": provision,
        "difficulty": draft.difficulty or "know",
        "stem": draft.stem,
        "explanation": draft.explanation,
        "tags": draft.tags,
    }
    if draft.kind in ("single", "multiple"):
        choice = Single if draft.kind == "single" else Multiple
        return choice(options=draft.options, answer=draft.answer, **shared)  # type: ignore[arg-type]
    if draft.kind == "truefalse":
        return TrueFalse(answer=bool(draft.truth), **shared)  # type: ignore[arg-type]
    if draft.kind == "blank":
        return Blank(answers=draft.blanks, **shared)  # type: ignore[arg-type]
    return Order(items=draft.items, **shared)  # type: ignore[arg-type]

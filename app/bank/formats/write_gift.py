"""Questions to GIFT, read by Moodle and by our own reader alike; pure."""

from collections.abc import Sequence

from app.bank.formats.blanks import protect
from app.bank.formats.draft import Draft
from app.bank.formats.gift_text import escape
from app.bank.formats.template import LEVEL_WORDS


def write_gift(drafts: Sequence[Draft]) -> str:
    """Return `drafts` as GIFT.

    Chapters become categories, ids and tags comments as Moodle writes them, an order a matching
    with 1, 2, 3 …, several blanks one short answer with "；" between them.
    """
    parts = []
    source = ""
    for draft in drafts:
        if draft.source != source:
            source = draft.source
            parts.append(f"$CATEGORY: $course$/top/{source.replace('/', '//')}")
        parts.append(_question(draft))
    return "\n\n".join(parts) + "\n"


def _question(draft: Draft) -> str:
    """Return one question with its comments."""
    level = LEVEL_WORDS.get(draft.difficulty, "")
    tags = [*draft.tags, *([f"难度：{level}"] if level else [])]
    marks = [f"[id:{draft.id}]"] if draft.id else []
    marks += [f"[tag:{_mark(tag)}]" for tag in tags]
    comment = f"// {' '.join(marks)}\n" if marks else ""
    name = f"::{draft.id}::" if draft.id else ""
    general = f"\n\t####{escape(draft.explanation)}" if draft.explanation else ""
    return f"{comment}{name}[plain]{_protected(draft.stem)} {{{_body(draft)}{general}\n}}"


def _mark(tag: str) -> str:
    """Return a tag as it stands in [tag:…]."""
    return tag.replace("\\", "\\\\").replace("]", "\\]")


def _body(draft: Draft) -> str:
    """Return the key as it stands in braces."""
    if draft.kind == "truefalse":
        return "TRUE" if draft.truth else "FALSE"
    if draft.kind in ("single", "multiple"):
        return "".join(f"\n\t{sign}{escape(text)}" for sign, text in _choices(draft))
    if draft.kind == "order":
        return "".join(f"\n\t={n} -> {escape(text)}" for n, text in enumerate(draft.items, 1))
    texts = [text.replace("*", "\\*") for text in _typed(draft.blanks)]  # not a wildcard
    weight = "%100%" if any("->" in text for text in texts) else ""  # or it were a matching
    return "".join(f"\n\t={weight}{escape(text)}" for text in texts)


def _choices(draft: Draft) -> list[tuple[str, str]]:
    """Return the sign or weight of each option, and its text."""
    right = f"~%{100 / len(draft.answer):.5f}%"
    signs = ("=", "~") if draft.kind == "single" else (right, "~%-100%")
    return [
        (signs[0] if chr(65 + n) in draft.answer else signs[1], text)
        for n, text in enumerate(draft.options)
    ]


def _typed(blanks: Sequence[Sequence[str]]) -> list[str]:
    """Return what is to be typed: each variant, or the variants of several blanks side by side."""
    if len(blanks) == 1:
        return list(blanks[0])
    most = max(map(len, blanks), default=0)
    return ["；".join(protect(g[min(n, len(g) - 1)]) for g in blanks) for n in range(most)]


def _protected(text: str) -> str:
    """Return a stem; [plain] stands before it already."""
    return escape(text).removeprefix("[plain]") if text.startswith(("[", "%")) else escape(text)

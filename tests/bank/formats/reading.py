"""Short ways to read a sample and to say what it should give."""

from app.bank.formats.draft import Draft, Parsed, Refused
from app.bank.formats.recognise import parse

Short = tuple[int, str, str, tuple[str, ...], object]


def read(text: str, name: str = "a.txt") -> Parsed:
    """Return what is made of a text."""
    return parse(name, text.encode())


def short(draft: Draft) -> Short:
    """Return row, kind, stem, options or items, and key of a draft."""
    key: object = draft.answer or draft.blanks
    if draft.truth is not None:
        key = draft.truth
    return draft.row, draft.kind, draft.stem, draft.options or draft.items, key


def shorts(found: Parsed) -> list[Short]:
    """Return every draft in short; nothing may have been refused."""
    assert found.refused == ()
    return [short(draft) for draft in found.drafts]


def reasons(found: Parsed) -> dict[int, str]:
    """Return why each refused row was refused."""
    return {one.row: one.reason for one in found.refused if isinstance(one, Refused)}

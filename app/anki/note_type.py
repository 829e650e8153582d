"""The two note types of our decks, frozen as version 1; templates and styles lie in card/.

Field lists never change: a collection that has one would get a second note type beside it. What
comes later goes into the two spare fields. Templates and styles may change, with TEMPLATES_AT.
"""

from pathlib import Path
from typing import Any

import genanki

CARD = Path(__file__).parent / "card"
HEAD, TAIL = ("编号", "题型", "题干"), ("解析", "出处", "备用一", "备用二")
CHOICE_FIELDS = (*HEAD, "选项", "答案", "答案序号", *TAIL)
BLANK_FIELDS = (*HEAD, "答案", *TAIL)
SHOWN_IN_LISTS = 2  # 题干; the first field, 编号, is what Anki holds to be unique
TEMPLATES_AT = 1_795_564_800  # epoch seconds; Anki takes newer templates over


class NoteType(genanki.Model):
    """A note type whose time of change is that of its templates, not that of the export."""

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        """Return what the collection stores; `timestamp` is ignored on purpose."""
        stored: dict[str, Any] = super().to_json(TEMPLATES_AT, deck_id)
        return stored


def _read(name: str) -> str:
    """Return a file of the card's folder."""
    return (CARD / name).read_text(encoding="utf-8")


def _note_type(number: int, name: str, fields: tuple[str, ...], prefix: str, kind: int) -> NoteType:
    """Return a note type with one card, whose sides are read from files."""
    sides = {"qfmt": _read(f"{prefix}front.html"), "afmt": _read(f"{prefix}back.html")}
    return NoteType(
        number,
        name,
        fields=[{"name": field} for field in fields],
        templates=[{"name": "卡片", **sides}],
        css=_read("card.css"),
        model_type=kind,
        sort_field_index=SHOWN_IN_LISTS,
    )


CHOICE = _note_type(1_763_856_000_001, "学记·客观题", CHOICE_FIELDS, "", NoteType.FRONT_BACK)
BLANK = _note_type(1_763_856_000_002, "学记·填空题", BLANK_FIELDS, "cloze-", NoteType.CLOZE)

"""Reads of drafts and of the bank as its keepers look through it; frozen views only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app.authoring.models import BatchRow, DraftRow
from app.bank.formats.conversion import from_content
from app.bank.formats.draft import Draft, Parsed
from app.bank.queries import Question, get_question, get_questions, list_question_ids, search
from app.base.db import db
from app.base.errors import NotFound

EVERYTHING = 100_000  # more questions than a bank holds


@dataclass(frozen=True, slots=True)
class Stored:
    """A draft with what became of it."""

    unit_id: int
    id: str
    draft: Draft
    state: str
    file: str
    updated_at: int
    question_id: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that was read and waits to be confirmed."""

    id: str
    unit_id: int
    file: str
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the bank to show; an empty text shows everything."""

    subject: str = ""
    chapter: str = ""
    kind: str = ""
    difficulty: str = ""
    text: str = ""


def get_batch(user_id: int, batch_id: str) -> Batch:
    """Return a file the person has brought and not confirmed yet; raise NotFound."""
    row = db.session.get(BatchRow, (user_id, batch_id))
    if row is None:
        raise NotFound(_("没有这次导入，或者已经过期。"))
    parsed = msgspec.json.decode(row.content, type=Parsed)
    return Batch(row.id, row.unit_id, row.file, parsed)


def get_draft(unit_id: int, draft_id: str) -> Stored:
    """Return a draft; raise NotFound."""
    row = db.session.get(DraftRow, (unit_id, draft_id))
    if row is None:
        raise NotFound(_("没有这道草稿。"))
    return _stored(row)


def list_drafts(
    units: Sequence[int], state: str, limit: int, offset: int = 0
) -> tuple[list[Stored], int]:
    """Return a page of the units' drafts in the order they came, and how many there are."""
    query = _of(units, state)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.order_by(DraftRow.created_at, DraftRow.position, DraftRow.id)
        .limit(limit)
        .offset(offset)
    )
    return [_stored(row) for row in rows], total


def list_questions(wanted: Filter, units: frozenset[int]) -> list[Question]:
    """Return the questions people of `units` are asked that fit, in bank order."""
    ids = list_question_ids(wanted.subject or None, wanted.chapter or None, units)
    if wanted.text:
        hits = set(search(wanted.text, EVERYTHING, 0, units)[0])
        ids = tuple(i for i in ids if i in hits)
    return [
        q
        for q in get_questions(ids).values()
        if wanted.kind in ("", q.kind) and wanted.difficulty in ("", q.difficulty)
    ]


def get_own_draft(question_id: str) -> Draft:
    """Return a unit's own question as a draft to be reworded; NotFound for those of the files."""
    question = get_question(question_id)
    if question.unit_id is None:
        raise NotFound(_("没有找到这道题。"))
    return replace(from_content(question.content), source="")


def _of(units: Sequence[int], state: str) -> Select[DraftRow]:
    """Select the drafts of some units in one state."""
    return select(DraftRow).where(DraftRow.unit_id.in_(list(units)), DraftRow.state == state)


def _stored(row: DraftRow) -> Stored:
    """Return the frozen view of a row."""
    draft = msgspec.json.decode(row.content, type=Draft)
    return Stored(row.unit_id, row.id, draft, row.state, row.file, row.updated_at, row.question_id)

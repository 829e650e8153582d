"""Every read of the bank. Published wordings never change, so they are decoded once and kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from flask import current_app
from sqlalchemy import func, select

from app.bank.models import (
    ChapterRow,
    DocumentRow,
    EditionRow,
    ProvisionRow,
    PublicationRow,
    QuestionRow,
    ReportRow,
    RevisionRow,
)
from app.bank.question import Chapter, Question, Subject
from app.bank.source import AnyEntry
from app.base.db import db
from app.base.errors import NotFound

__all__ = ["Chapter", "Question", "Subject"]


@dataclass(frozen=True, slots=True)
class Report:
    """A member's report; who sent it is not shown."""

    member_id: int
    id: str
    question: Question
    text: str
    created_at: int
    state: str
    reply: str


class Catalogue:
    """The published bank in memory, as of one publication."""

    def __init__(self, publication: int) -> None:
        self.publication = publication
        self.current: dict[str, Question] = {}
        self.older: dict[tuple[str, int], Question] = {}
        self.chapters: dict[str, list[tuple[str, str]]] = {}
        self.subjects: dict[str, str] = {}
        for question in _load():
            self.current[question.id] = question
        self.active = tuple(q.id for q in self.current.values() if q.status == "active")
        self.retired = tuple(q.id for q in self.current.values() if q.status != "active")
        rows = db.session.execute(
            select(DocumentRow.subject, DocumentRow.title, ChapterRow.id, ChapterRow.title)
            .join(EditionRow, EditionRow.document_id == DocumentRow.id)
            .join(ChapterRow, ChapterRow.edition_id == EditionRow.id)
            .order_by(DocumentRow.position, EditionRow.in_force, ChapterRow.position)
        )
        for subject, title, chapter, chapter_title in rows:
            self.subjects.setdefault(subject, title)
            known = self.chapters.setdefault(subject, [])
            if (chapter, chapter_title) not in known:
                known.append((chapter, chapter_title))


def get_question(question_id: str, revision: int | None = None) -> Question:
    """Return a question in its current or an earlier wording; raise NotFound."""
    catalogue = _catalogue()
    found = catalogue.current.get(question_id)
    if found is None:
        raise NotFound("没有找到这道题。")
    if revision is None or revision == found.revision:
        return found
    if (question_id, revision) not in catalogue.older:
        catalogue.older[question_id, revision] = _older(found, revision)
    return catalogue.older[question_id, revision]


def get_questions(ids: Iterable[str]) -> dict[str, Question]:
    """Return the questions that exist, by id, in the order asked for."""
    current = _catalogue().current
    return {i: current[i] for i in ids if i in current}


def list_question_ids(subject: str | None = None, chapter: str | None = None) -> tuple[str, ...]:
    """Return the active questions in bank order."""
    catalogue = _catalogue()
    if subject is None and chapter is None:
        return catalogue.active
    return tuple(
        i
        for i in catalogue.active
        if (subject is None or catalogue.current[i].subject == subject)
        and (chapter is None or catalogue.current[i].chapter_id == chapter)
    )


def list_retired_ids() -> tuple[str, ...]:
    """Return the questions no longer asked."""
    return _catalogue().retired


def list_subjects() -> list[Subject]:
    """Return the subjects that have questions."""
    found = [(s, t, len(list_question_ids(s))) for s, t in _catalogue().subjects.items()]
    return [Subject(s, t, n) for s, t, n in found if n]


def list_chapters(subject: str) -> list[Chapter]:
    """Return the chapters of a subject with their questions."""
    chapters = _catalogue().chapters.get(subject, [])
    return [Chapter(i, title, list_question_ids(subject, i)) for i, title in chapters]


def search(text: str, limit: int, offset: int) -> tuple[list[str], int]:
    """Return one page of ids whose text or provision holds every word, and how many there are."""
    words = [w for w in text.casefold().split() if w]
    catalogue = _catalogue()
    hits = [
        i for i in catalogue.active if all(w in _haystack(catalogue.current[i]) for w in words)
    ]
    return hits[offset : offset + limit], len(hits)


def list_reports(limit: int, offset: int) -> tuple[list[Report], int]:
    """Return one page of reports, open ones first and oldest first, and how many there are."""
    total = db.session.scalar(select(func.count()).select_from(ReportRow)) or 0
    rows = db.session.scalars(
        select(ReportRow)
        .order_by(ReportRow.state != "open", ReportRow.created_at, ReportRow.id)
        .limit(limit)
        .offset(offset)
    )
    return [_report(row) for row in rows], total


def list_own_reports(member_id: int) -> list[Report]:
    """Return a member's own reports with the answers, newest first."""
    rows = db.session.scalars(
        select(ReportRow)
        .where(ReportRow.member_id == member_id)
        .order_by(ReportRow.created_at.desc(), ReportRow.id)
    )
    return [_report(row) for row in rows]


def _report(row: ReportRow) -> Report:
    question = get_question(row.question_id, row.revision)
    return Report(
        row.member_id, row.id, question, row.text, row.created_at, row.state, row.reply
    )


def _haystack(question: Question) -> str:
    """Return what search looks through."""
    parts: list[Any] = [question.stem, question.explanation, question.provision_label]
    parts += [*getattr(question.content, "options", ()), *getattr(question.content, "items", ())]
    return "\n".join(parts).casefold()


def _catalogue() -> Catalogue:
    """Return the bank in memory, read again when something was published since."""
    newest = db.session.scalar(select(func.max(PublicationRow.id))) or 0
    kept: Catalogue | None = current_app.extensions.get("bank_catalogue")
    if kept is None or kept.publication != newest:
        kept = Catalogue(newest)
        current_app.extensions["bank_catalogue"] = kept
    return kept


def _load() -> Iterable[Question]:
    """Yield every question in its current wording, in bank order."""
    rows = db.session.execute(
        select(QuestionRow, RevisionRow.content, EditionRow, DocumentRow, ChapterRow, ProvisionRow)
        .join(
            RevisionRow,
            (RevisionRow.question_id == QuestionRow.id)
            & (RevisionRow.revision == QuestionRow.revision),
        )
        .join(EditionRow, EditionRow.id == QuestionRow.edition_id)
        .join(DocumentRow, DocumentRow.id == EditionRow.document_id)
        .join(
            ChapterRow,
            (ChapterRow.edition_id == EditionRow.id) & (ChapterRow.id == QuestionRow.chapter_id),
        )
        .join(
            ProvisionRow,
            (ProvisionRow.edition_id == EditionRow.id)
            & (ProvisionRow.id == QuestionRow.provision_id),
        )
        .order_by(QuestionRow.position, QuestionRow.id)
    )
    for row, content, edition, document, chapter, provision in rows:
        entry = _decode(content)
        yield Question(
            id=row.id,
            revision=row.revision,
            kind=row.kind,
            edition_id=edition.id,
            document_id=document.id,
            document_title=document.title,
            edition_short=edition.short,
            subject=document.subject,
            chapter_id=chapter.id,
            chapter_title=chapter.title,
            provision_id=provision.id,
            provision_label=provision.label,
            difficulty=row.difficulty,
            position=row.position,
            stem=entry.stem,
            content=entry,
            explanation=entry.explanation,
            status=row.status,
            updated_at=row.updated_at,
        )


def _older(current: Question, revision: int) -> Question:
    """Return an earlier wording under the current citation."""
    row = db.session.get(RevisionRow, (current.id, revision))
    if row is None:
        raise NotFound("没有找到这道题的这个版本。")
    entry = _decode(row.content)
    values = {name: getattr(current, name) for name in Question.__dataclass_fields__}
    values |= {
        "revision": revision,
        "kind": row.kind,
        "stem": entry.stem,
        "content": entry,
        "explanation": entry.explanation,
    }
    return Question(**values)


def _decode(content: str) -> AnyEntry:
    """Return the content of a revision."""
    return msgspec.json.decode(content, type=AnyEntry)

"""What is published, decoded once and kept until the next publication."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from flask_babel import gettext as _
from sqlalchemy import select

from app.bank.catalogue import Catalogue, Chapter, Place, Question, Subject
from app.bank.folding import fold
from app.bank.models import (
    ChapterRow,
    DocumentRow,
    EditionRow,
    ProvisionRow,
    PublicationRow,
    QuestionRow,
    RecheckRow,
    RevisionRow,
)
from app.bank.numerals import with_chinese_articles
from app.bank.source import decode
from app.base.db import db
from app.base.errors import NotFound
from app.base.sql import Statement, kept_here

PUBLIC: frozenset[int] = frozenset()
SEEN = "bank_seen"  # the transaction that has looked which publication stands,
STANDING = "bank_standing"  # and what it found
TOKEN = "(SELECT token FROM bank_publication WHERE id = 1)"  # of what stands, for `find_loaded`
_TOKEN = Statement(f"SELECT {TOKEN}")
_EMPTY = Catalogue("", {}, {})
_kept: list[Catalogue] = [_EMPTY]  # one publication at a time; replaced whole, so threads may share


def get_question(question_id: str, revision: int | None = None) -> Question:
    """Return a question of any status and unit, as `revision` said it (the newest when None)."""
    catalogue = _catalogue()
    current = catalogue.questions.get(question_id)
    if current is None:
        raise NotFound(_("没有找到这道题。"))
    if revision is None or revision == current.revision:
        return current
    key = (question_id, revision)
    if key not in catalogue.older:
        row = db.session.get(RevisionRow, key)
        if row is None:
            raise NotFound(_("没有找到这道题的这个版本。"))
        catalogue.older[key] = catalogue.as_revised(current, revision, decode(row.content))
    return catalogue.older[key]


def get_made_at(question_id: str, revision: int) -> int:
    """Return when a question came to say what `revision` says, in epoch seconds."""
    row = db.session.get(RevisionRow, (question_id, revision))
    if row is None:
        raise NotFound(_("没有找到这道题的这个版本。"))
    return row.created_at


def get_questions(question_ids: Iterable[str]) -> dict[str, Question]:
    """Return the questions that exist among `question_ids`, in that order."""
    questions = _catalogue().questions
    return {i: questions[i] for i in question_ids if i in questions}


def get_newest() -> Mapping[str, Question]:
    """Return every question of any status and unit, as it stands, by id in bank order."""
    return _catalogue().questions


def is_shown(question: Question, units: frozenset[int]) -> bool:
    """Say whether a question is everybody's or one of these units' own."""
    return question.unit_id is None or question.unit_id in units


def has_own_questions() -> bool:
    """Say whether any unit has questions of its own, which not everybody may see."""
    return bool(_catalogue().owners)


def list_question_ids(
    subject: str | None = None, chapter: str | None = None, units: frozenset[int] = PUBLIC
) -> tuple[str, ...]:
    """Return the active questions in bank order, of a subject and chapter when given.

    Here and below `units` are those whose own questions are to be seen beside everybody's.
    """
    return _catalogue(units).list_ids(subject, chapter)


def find_loaded(token: str | None) -> Catalogue | None:
    """Return the publication of that token if this process has read it; the database is not asked.

    For statements that read the standing token themselves, beside what their page shows.
    """
    kept = _kept[0]
    return kept if kept.token == token else None


def list_places() -> dict[str, tuple[str, str]]:
    """Return question id → (subject, chapter) of every question that anybody is asked."""
    asked = (q for q in _catalogue().questions.values() if q.status == "active")
    return {question.id: (question.subject, question.chapter_id) for question in asked}


def list_retired_ids() -> tuple[str, ...]:
    """Return the questions that are not asked: retired, or to be checked again."""
    return _catalogue().retired


def list_hidden_ids(units: frozenset[int] = PUBLIC) -> frozenset[str]:
    """Return the questions that nobody in `units` is asked: retired, or another unit's own."""
    return _catalogue(units).hidden


def list_ever_asked(units: frozenset[int] = PUBLIC) -> list[str]:
    """Return every question that people of `units` have ever been asked, retired ones too."""
    questions = _catalogue().questions.values()
    return [q.id for q in questions if is_shown(q, units)]


def list_subjects(units: frozenset[int] = PUBLIC) -> list[Subject]:
    """Return the subjects that have questions, in bank order."""
    return list(_catalogue(units).subjects)


def list_chapters(subject: str, units: frozenset[int] = PUBLIC) -> list[Chapter]:
    """Return the chapters of a subject that have questions, in bank order."""
    return list(_catalogue(units).chapters.get(subject, ()))


def search(
    text: str,
    limit: int,
    offset: int,
    units: frozenset[int] = PUBLIC,
    without: frozenset[str] = frozenset(),
) -> tuple[list[str], int]:
    """Return a page of the active questions that hold every word of `text`, and how many do.

    Questions in `without` are neither found nor counted.
    """
    words = [fold(word) for word in with_chinese_articles(text).split()]
    words = [word for word in words if word]
    catalogue = _catalogue(units)
    texts, ids = catalogue.texts, [i for i in catalogue.ids if i not in without]
    found = [i for i in ids if all(w in texts[i] for w in words)] if words else []
    return found[offset : offset + limit], len(found)


def find_digest() -> str | None:
    """Return what the standing publication is known by, None when nothing is published."""
    found: str | None = db.session.scalar(select(PublicationRow.digest))
    return found


def list_revisions(question_id: str) -> list[Question]:
    """Return everything a question has ever said, the newest first."""
    query = select(RevisionRow.revision).where(RevisionRow.question_id == question_id)
    revisions = db.session.scalars(query.order_by(RevisionRow.revision.desc()))
    return [get_question(question_id, revision) for revision in revisions]


def list_rechecks() -> list[tuple[Question, str]]:
    """Return (question, edition that amended its source) of what is to be checked again."""
    query = select(RecheckRow).where(RecheckRow.state == "open").order_by(RecheckRow.question_id)
    return [(get_question(row.question_id), row.edition_id) for row in db.session.scalars(query)]


def _catalogue(units: frozenset[int] = PUBLIC) -> Catalogue:
    """Return what is published; one read by primary key a transaction when nothing changed."""
    kept = kept_here()
    if kept is None:
        return _narrowed(_in_transaction(), units)
    if SEEN not in kept:
        kept[SEEN] = _standing(_TOKEN.value())
    return _narrowed(kept[SEEN], units)


def _in_transaction() -> Catalogue:
    """Return what is published as the session's transaction sees it."""
    session = db.session()
    transaction = session.get_transaction()
    if transaction is not None and session.info.get(SEEN) is transaction:
        return session.info[STANDING]  # type: ignore[no-any-return]
    token = _TOKEN.value()
    session.info[SEEN] = session.get_transaction()
    found = session.info[STANDING] = _standing(token)
    return found


def _narrowed(catalogue: Catalogue, units: frozenset[int]) -> Catalogue:
    """Return the publication as people of some units see it."""
    return catalogue.seen_from(units) if units else catalogue


def _standing(token: str | None) -> Catalogue:
    """Return the publication of that token, read once and kept."""
    if token is None:
        return _EMPTY
    kept = _kept[0]
    if kept.token != token:
        kept = _kept[0] = _load(token)
    return kept


def _load(token: str) -> Catalogue:
    """Read and decode everything published."""
    places = _places()
    newest = select(QuestionRow, RevisionRow.content).join(
        RevisionRow,
        (RevisionRow.question_id == QuestionRow.id)
        & (RevisionRow.revision == QuestionRow.revision),
    )
    questions = {}
    for row, content in db.session.execute(newest.order_by(QuestionRow.position, QuestionRow.id)):
        published = decode(content)
        item = published.item
        questions[row.id] = Question(
            id=row.id,
            revision=row.revision,
            kind=row.kind,
            difficulty=item.difficulty,
            position=row.position,
            stem=item.stem,
            content=item,
            explanation=item.explanation,
            status=row.status,
            updated_at=row.updated_at,
            unit_id=row.unit_id,
            **asdict(places[published.edition, item.provision]),
        )
    return Catalogue(token, questions, places)


def _places() -> dict[tuple[str, str], Place]:
    """Return every provision ever published, by edition and id."""
    query = (
        select(ProvisionRow, ChapterRow, EditionRow, DocumentRow)
        .join(
            ChapterRow,
            (ChapterRow.edition_id == ProvisionRow.edition_id)
            & (ChapterRow.id == ProvisionRow.chapter_id),
        )
        .join(EditionRow, EditionRow.id == ProvisionRow.edition_id)
        .join(DocumentRow, DocumentRow.id == EditionRow.document_id)
    )
    return {
        (edition.id, provision.id): Place(
            edition_id=edition.id,
            document_id=document.id,
            document_title=document.title,
            document_short=document.short,
            edition_short=edition.short,
            subject=document.subject,
            chapter_id=chapter.id,
            chapter_title=chapter.title,
            provision_id=provision.id,
            provision_label=provision.label,
        )
        for provision, chapter, edition, document in db.session.execute(query)
    }

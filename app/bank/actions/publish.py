"""Publishing: what the files say becomes what is asked; revisions are only ever added."""

import hashlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.bank.actions.standing import write_publication
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
from app.bank.source import Bank, Entry, encode, kind_of, read_bank
from app.bank.validity import list_errors, provisions_of
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import db, transaction
from app.base.errors import Invalid

CODE = Path(__file__).resolve().parents[1]  # the room that reads the files


@dataclass(frozen=True, slots=True)
class PublishResult:
    """How many questions a publication added, revised, left as they were, retired."""

    added: int
    revised: int
    unchanged: int
    retired: int


def publish_bank(folder: Path, now: datetime) -> PublishResult:
    """Bring what is published to what the files in `folder` say; refused while they have errors.

    Doing it again changes nothing. A changed question gets a further revision, one that is gone
    from the files is retired, and one that comes back counts as added.
    """
    seal = seal_of(folder)
    standing = db.session.get(PublicationRow, 1)
    if standing is not None and standing.seal == seal:
        return PublishResult(0, 0, _count_asked(db.session()), 0)
    bank = read_bank(folder)
    errors = list_errors(bank)
    if errors:
        first = errors[0]
        raise Invalid(
            _(
                "题库有 %(n)s 处错误，没有发布。第一处：%(file)s %(item)s：%(message)s",
                n=len(errors),
                file=first.file,
                item=first.item,
                message=first.message,
            )
        )
    ordered, digest = _in_order(bank), digest_of(bank)
    with transaction() as session:
        standing = session.get(PublicationRow, 1)
        if standing is not None and standing.digest == digest:
            standing.seal = seal
            return PublishResult(0, 0, len(ordered), 0)
        _write_sources(session, bank)
        result = _write_questions(session, ordered, bank, epoch(now))
        write_publication(session, epoch(now), digest, seal)
        record(session, now, None, "bank.publish_bank", "bank", details=asdict(result))
    return result


def digest_of(bank: Bank) -> str:
    """Return what the publication of these files is known by; equal files give the same."""
    return hashlib.sha256(msgspec.json.encode((bank.sources, _plain(_in_order(bank))))).hexdigest()


def seal_of(folder: Path) -> str:
    """Return what the bytes of these files, and of the code that reads them, are known by.

    To read six hundred questions and check each takes a second, and every start of a site asks.
    """
    total = hashlib.sha256()
    for path in (*sorted(folder.rglob("*.toml")), *sorted(CODE.rglob("*.py"))):
        with suppress(OSError):  # what cannot be opened is told when the files are read
            total.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _count_asked(session: Session) -> int:
    """Return how many questions of the files are published."""
    rows = select(func.count()).select_from(QuestionRow)
    asked = rows.where(QuestionRow.unit_id.is_(None), QuestionRow.status != "retired")
    return session.scalars(asked).one()


def _in_order(bank: Bank) -> list[Entry]:
    """Return the questions in bank order: document, edition, chapter, then as written."""
    chapters = [(e.id, c.id) for d in bank.sources.document for e in d.edition for c in e.chapter]
    places = {key: n for n, key in enumerate(chapters)}
    held = {e.id: provisions_of(e) for d in bank.sources.document for e in d.edition}
    return sorted(
        bank.entries,
        key=lambda e: places[e.edition, held[e.edition][e.item.provision].id],
    )


def _plain(entries: list[Entry]) -> list[tuple[str, str]]:
    """Return what of the questions decides whether anything has changed."""
    return [(entry.item.id, encode(entry.edition, entry.item)[1]) for entry in entries]


def _write_sources(session: Session, bank: Bank) -> None:
    """Insert or update documents, editions, chapters and provisions; nothing is removed."""
    for n, document in enumerate(bank.sources.document):
        parts = {"title": document.title, "short": document.short, "subject": document.subject}
        session.merge(DocumentRow(id=document.id, position=n, **parts))
        session.flush()
        for m, edition in enumerate(document.edition):
            session.merge(
                EditionRow(
                    id=edition.id,
                    document_id=document.id,
                    label=edition.label,
                    short=edition.short,
                    adopted=edition.adopted,
                    in_force=edition.in_force,
                    position=m,
                )
            )
            session.flush()
            for k, chapter in enumerate(edition.chapter):
                own = {"edition_id": edition.id, "position": k}
                session.merge(ChapterRow(id=chapter.id, title=chapter.title, **own))
                session.flush()
                for j, (name, label) in enumerate(chapter.list_provisions()):
                    own = {"edition_id": edition.id, "chapter_id": chapter.id, "position": j}
                    session.merge(ProvisionRow(id=name, label=label, **own))
    session.flush()


def _write_questions(session: Session, ordered: list[Entry], bank: Bank, at: int) -> PublishResult:
    """Insert, revise and retire questions; count what was done."""
    public = select(QuestionRow).where(QuestionRow.unit_id.is_(None))
    rows = {row.id: row for row in session.scalars(public)}
    newest = {
        (r.question_id, r.revision): r.digest
        for r in session.execute(
            select(RevisionRow.question_id, RevisionRow.revision, RevisionRow.digest)
        )
    }
    held = {e.id: provisions_of(e) for d in bank.sources.document for e in d.edition}
    added = revised = unchanged = 0
    for position, entry in enumerate(ordered):
        row = rows.pop(entry.item.id, None)
        content, digest = encode(entry.edition, entry.item)
        was_asked = row is not None and row.status != "retired"
        if row is None:
            row = QuestionRow(id=entry.item.id, revision=0)
            session.add(row)
        changed = newest.get((row.id, row.revision)) != digest
        row.kind, row.edition_id = kind_of(entry.item), entry.edition
        row.chapter_id = held[entry.edition][entry.item.provision].id
        row.provision_id, row.difficulty = entry.item.provision, entry.item.difficulty
        row.position = position
        if changed or not was_asked:
            row.updated_at = at
        if changed or row.status != "recheck":
            _settle_recheck(session, row, at)
        if changed:
            row.revision += 1
            revision = {"question_id": row.id, "revision": row.revision, "created_at": at}
            session.flush()
            session.add(RevisionRow(content=content, digest=digest, **revision))
        added += not was_asked
        revised += changed and was_asked
        unchanged += was_asked and not changed
    return PublishResult(added, revised, unchanged, _retire(list(rows.values()), at))


def _settle_recheck(session: Session, row: QuestionRow, at: int) -> None:
    """Ask a question (again); a new wording is what an amendment was waiting for."""
    if row.status == "recheck":
        session.execute(
            update(RecheckRow)
            .where(RecheckRow.question_id == row.id, RecheckRow.state == "open")
            .values(state="revised", decided_at=at)
        )
    row.status = "active"


def _retire(rows: list[QuestionRow], at: int) -> int:
    """Stop asking what is gone from the files, and return how many were asked until now."""
    active = [row for row in rows if row.status != "retired"]
    for row in active:
        row.status, row.updated_at = "retired", at
    return len(active)

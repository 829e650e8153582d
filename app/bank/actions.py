"""Publishing the bank, and what members report about questions."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

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
from app.bank.queries import get_question
from app.bank.source import Bank, Entry, encode, kind_of, read_bank
from app.bank.validity import list_errors, provisions_of
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale, TooMany
from app.base.ids import new_id

LONGEST = 500  # characters of a report or a reply
MOST_OPEN = 50  # open reports of one member


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
            return PublishResult(0, 0, len(ordered), 0)
        _write_sources(session, bank)
        result = _write_questions(session, ordered, bank, epoch(now))
        _write_publication(session, standing, digest, epoch(now))
        record(session, now, None, "bank.publish_bank", "bank", details=asdict(result))
    return result


def digest_of(bank: Bank) -> str:
    """Return what the publication of these files is known by; equal files give the same."""
    return hashlib.sha256(msgspec.json.encode((bank.sources, _plain(_in_order(bank))))).hexdigest()


def report_question(member_id: int, question_id: str, text: str, now: datetime) -> None:
    """Keep a member's report on a question; the same words sent twice are kept once."""
    text = _checked(text, _("请写明这道题有什么问题。"))
    revision = get_question(question_id).revision
    with transaction() as session:
        mine = select(ReportRow).where(ReportRow.member_id == member_id, ReportRow.state == "open")
        same = mine.where(ReportRow.question_id == question_id, ReportRow.text == text)
        if session.scalar(same.limit(1)) is not None:
            return
        if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST_OPEN:
            raise TooMany(_("您已有 %(n)s 条反馈还没有答复，请等答复后再提。", n=MOST_OPEN))
        session.add(
            ReportRow(
                member_id=member_id,
                id=new_id(),
                question_id=question_id,
                revision=revision,
                text=text,
                created_at=epoch(now),
                state="open",
            )
        )


def reply_report(member_id: int, report_id: str, text: str, replied_by: int, now: datetime) -> None:
    """Answer a report; refused as stale when somebody else has answered otherwise before."""
    text = _checked(text, _("请写下答复。"))
    with transaction() as session:
        row = session.get(ReportRow, (member_id, report_id))
        if row is None:
            raise NotFound(_("没有找到这条反馈。"))
        if row.state == "answered":
            if (row.reply, row.replied_by) == (text, replied_by):
                return
            raise Stale(_("这条反馈已经答复过了，没有再改动。"))
        row.state, row.reply = "answered", text
        row.replied_at, row.replied_by = epoch(now), replied_by
        subject = f"question:{row.question_id}"
        record(session, now, replied_by, "bank.reply_report", subject, member_id)


def _checked(text: str, when_empty: str) -> str:
    """Return the text trimmed, or refuse an empty or too long one."""
    text = text.strip()
    if not text:
        raise Invalid(when_empty, text=when_empty)
    if len(text) > LONGEST:
        message = _("最多 %(n)s 个字，请写短一些。", n=LONGEST)
        raise Invalid(message, text=message)
    return text


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
    rows = {row.id: row for row in session.scalars(select(QuestionRow))}
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
        was_active = row is not None and row.status == "active"
        if row is None:
            row = QuestionRow(id=entry.item.id, revision=0)
            session.add(row)
        changed = newest.get((row.id, row.revision)) != digest
        row.kind, row.edition_id = kind_of(entry.item), entry.edition
        row.chapter_id = held[entry.edition][entry.item.provision].id
        row.provision_id, row.difficulty = entry.item.provision, entry.item.difficulty
        row.position, row.status = position, "active"
        if changed or not was_active:
            row.updated_at = at
        if changed:
            row.revision += 1
            revision = {"question_id": row.id, "revision": row.revision, "created_at": at}
            session.flush()
            session.add(RevisionRow(content=content, digest=digest, **revision))
        added += not was_active
        revised += changed and was_active
        unchanged += was_active and not changed
    return PublishResult(added, revised, unchanged, _retire(list(rows.values()), at))


def _retire(rows: list[QuestionRow], at: int) -> int:
    """Stop asking what is gone from the files, and return how many were asked until now."""
    active = [row for row in rows if row.status == "active"]
    for row in active:
        row.status, row.updated_at = "retired", at
    return len(active)


def _write_publication(
    session: Session, standing: PublicationRow | None, digest: str, at: int
) -> None:
    """Count the publication on, which makes every process read the bank anew."""
    row = standing or PublicationRow(id=1, number=0)
    row.number, row.token, row.digest, row.published_at = row.number + 1, new_id(), digest, at
    session.add(row)

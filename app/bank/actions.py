"""Writes of the bank: publishing the files, and reports about questions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bank.check import check
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
from app.bank.source import Bank, Item, decode, kind_of
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, TooMany
from app.base.ids import new_id

REPORT_LENGTH = 500
OPEN_REPORTS = 50  # a member with so many unanswered reports waits for answers first


@dataclass(frozen=True, slots=True)
class PublishResult:
    """How many questions a publication touched."""

    added: int
    revised: int
    unchanged: int
    retired: int


def read_bank(folder: Path) -> Bank:
    """Return the bank in `folder`: sources.toml there, questions one folder below."""
    paths = [folder / "sources.toml", *sorted(folder.glob("*/*.toml"))]
    if not paths[0].exists():
        raise Invalid(_("在 %(folder)s 里没有找到 sources.toml。", folder=folder))
    return decode({str(path.relative_to(folder)): path.read_bytes() for path in paths})


def publish_bank(folder: Path, now: datetime) -> PublishResult:
    """Publish the files: new questions and new wordings are added, missing ones retired.

    A second run changes nothing. Raises Invalid when the check finds errors.
    """
    bank = read_bank(folder)
    errors = [f for f in check(bank) if f.level == "error"]
    if errors:
        first = errors[0]
        raise Invalid(
            _("题库有 %(n)s 处错误，没有发布。第一处：%(where)s %(what)s",
              n=len(errors), where=f"{first.file} {first.item}", what=first.message)
        )
    with transaction() as session:
        _merge_sources(session, bank)
        return _merge_questions(session, bank, epoch(now))


def send_report(member_id: int, question_id: str, text: str, now: datetime) -> None:
    """Put “this question is wrong” into the queue that trainers see."""
    text = text.strip()
    if not text or len(text) > REPORT_LENGTH:
        raise Invalid(_("请写下哪里有问题，最多 %(n)s 个字。", n=REPORT_LENGTH))
    question = get_question(question_id)
    mine = select(func.count()).where(ReportRow.member_id == member_id, ReportRow.state == "open")
    with transaction() as session:
        if (session.scalar(mine) or 0) >= OPEN_REPORTS:
            raise TooMany(_("你还有很多反馈没有得到答复，请等一等再提。"))
        session.add(
            ReportRow(
                member_id=member_id,
                id=new_id(),
                question_id=question.id,
                revision=question.revision,
                text=text,
                created_at=epoch(now),
                state="open",
            )
        )


def answer_report(member_id: int, report_id: str, reply: str, by: int, now: datetime) -> None:
    """Answer a report; the reporter sees the reply."""
    reply = reply.strip()
    if not reply or len(reply) > REPORT_LENGTH:
        raise Invalid(_("请写下答复，最多 %(n)s 个字。", n=REPORT_LENGTH))
    with transaction() as session:
        row = session.get(ReportRow, (member_id, report_id))
        if row is None:
            raise NotFound(_("没有找到这条反馈。"))
        row.state, row.reply, row.replied_at, row.replied_by = "answered", reply, epoch(now), by


def _merge_sources(session: Session, bank: Bank) -> None:
    """Write documents, editions, chapters and provisions as the files have them."""
    for place, document in enumerate(bank.documents):
        session.merge(
            DocumentRow(
                id=document.id,
                title=document.title,
                short=document.short,
                subject=document.subject,
                position=place,
            )
        )
        session.flush()
        for edition in document.edition:
            session.merge(
                EditionRow(
                    id=edition.id,
                    document_id=document.id,
                    label=edition.label,
                    short=edition.short,
                    adopted=edition.adopted.isoformat(),
                    in_force=edition.in_force.isoformat(),
                )
            )
            session.flush()
            order = 0
            for number, chapter in enumerate(edition.chapter):
                session.merge(
                    ChapterRow(
                        edition_id=edition.id, id=chapter.id, title=chapter.title, position=number
                    )
                )
                for provision, label in chapter.provisions():
                    order += 1
                    session.merge(
                        ProvisionRow(
                            edition_id=edition.id,
                            id=provision,
                            chapter_id=chapter.id,
                            label=label,
                            position=order,
                        )
                    )
    session.flush()


def _merge_questions(session: Session, bank: Bank, at: int) -> PublishResult:
    """Add, revise and retire questions; count what happened."""
    places = _places(bank)
    rows = {row.id: row for row in session.scalars(select(QuestionRow))}
    digests: dict[str, str] = {
        question_id: digest
        for question_id, digest in session.execute(
            select(RevisionRow.question_id, RevisionRow.digest).join(
                QuestionRow,
                (QuestionRow.id == RevisionRow.question_id)
                & (QuestionRow.revision == RevisionRow.revision),
            )
        )
    }
    added = revised = unchanged = 0
    for item in bank.items:
        row, content = rows.get(item.entry.id), msgspec.json.encode(item.entry)
        digest = hashlib.sha256(content + item.edition.encode()).hexdigest()
        if row is not None and digests[row.id] == digest and row.status == "active":
            unchanged += 1
            row.position = places[item.entry.id][1]
            continue
        added, revised = (added + 1, revised) if row is None else (added, revised + 1)
        revision = row.revision + 1 if row is not None else 1
        session.merge(QuestionRow(**_columns(item, places), revision=revision, updated_at=at))
        session.flush()
        session.add(
            RevisionRow(
                question_id=item.entry.id,
                revision=revision,
                kind=kind_of(item.entry),
                content=content.decode(),
                digest=digest,
                created_at=at,
            )
        )
    present = {item.entry.id for item in bank.items}
    gone = [row for row in rows.values() if row.id not in present and row.status == "active"]
    for row in gone:
        row.status, row.updated_at = "retired", at
    if added or revised or gone:
        session.add(PublicationRow(at=at, added=added, revised=revised, retired=len(gone)))
    return PublishResult(added, revised, unchanged, len(gone))


def _places(bank: Bank) -> dict[str, tuple[str, int]]:
    """Return question id → (chapter, position): by document, chapter, provision, then file."""
    order: dict[tuple[str, str], tuple[str, int]] = {}
    for document in bank.documents:
        for edition in document.edition:
            for chapter in edition.chapter:
                for provision, _label in chapter.provisions():
                    order[edition.id, provision] = (chapter.id, len(order))
    ranked = sorted(bank.items, key=lambda i: order[i.edition, i.entry.provision][1])
    return {
        item.entry.id: (order[item.edition, item.entry.provision][0], place)
        for place, item in enumerate(ranked)
    }


def _columns(item: Item, places: dict[str, tuple[str, int]]) -> dict[str, Any]:
    """Return the columns of a question's row."""
    chapter, position = places[item.entry.id]
    return {
        "id": item.entry.id,
        "kind": kind_of(item.entry),
        "edition_id": item.edition,
        "chapter_id": chapter,
        "provision_id": item.entry.provision,
        "difficulty": item.entry.difficulty,
        "position": position,
        "status": "active",
    }

"""Questions of a unit's own: asked of its members and of the units below, kept with the others."""

from datetime import datetime

import msgspec
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bank.actions.standing import write_publication
from app.bank.kinds import KINDS, Content
from app.bank.models import (
    ChapterRow,
    DocumentRow,
    EditionRow,
    ProvisionRow,
    QuestionRow,
    RevisionRow,
)
from app.bank.source import encode, kind_of
from app.base.audit import record
from app.base.clock import SHANGHAI, epoch
from app.base.errors import Invalid, NotFound

OWN_CHAPTER, OWN_PROVISION = "own", "own"
FIRST_POSITION = 1_000_000  # after everything the files hold


def add_own_question(
    session: Session, unit_id: int, unit_name: str, content: Content, by: int, now: datetime
) -> str:
    """Add a question of a unit inside an open transaction and return its id.

    The content's own provision is replaced by the unit's; raises Invalid for unusable content.
    """
    edition_id = _place(session, unit_id, unit_name, now)
    item = _usable(content)
    row = QuestionRow(
        id=item.id,
        kind=kind_of(item),
        edition_id=edition_id,
        chapter_id=OWN_CHAPTER,
        provision_id=OWN_PROVISION,
        difficulty=item.difficulty,
        position=FIRST_POSITION + _count(session, unit_id),
        status="active",
        revision=1,
        updated_at=epoch(now),
        unit_id=unit_id,
    )
    session.add(row)
    session.flush()
    _write_revision(session, row, item, epoch(now))
    write_publication(session, epoch(now))
    record(session, now, by, "bank.add_own_question", f"question:{item.id}")
    return item.id


def revise_own_question(session: Session, content: Content, by: int, now: datetime) -> int:
    """Give a unit's question a new wording inside an open transaction; return its revision."""
    row = _own(session, content.id)
    item = _usable(content)
    if encode(row.edition_id, item)[1] == _digest(session, row):
        return row.revision
    row.kind, row.difficulty = kind_of(item), item.difficulty
    row.revision, row.status, row.updated_at = row.revision + 1, "active", epoch(now)
    session.flush()
    _write_revision(session, row, item, epoch(now))
    write_publication(session, epoch(now))
    record(session, now, by, "bank.revise_own_question", f"question:{row.id}")
    return row.revision


def retire_own_question(session: Session, question_id: str, by: int, now: datetime) -> None:
    """Stop asking a unit's question inside an open transaction; a second time is harmless."""
    row = _own(session, question_id)
    if row.status != "retired":
        row.status, row.updated_at = "retired", epoch(now)
        write_publication(session, epoch(now))
        record(session, now, by, "bank.retire_own_question", f"question:{row.id}")


def _usable(content: Content) -> Content:
    """Return content at the unit's provision, or refuse it with every fault."""
    faults = [message for _rule, message in KINDS[kind_of(content)].list_faults(content)]
    if not content.stem.strip():
        faults.append(_("缺少题干，请补写。"))
    if faults:
        raise Invalid("".join(faults))
    placed: Content = msgspec.structs.replace(content, provision=OWN_PROVISION)
    return placed


def _place(session: Session, unit_id: int, unit_name: str, now: datetime) -> str:
    """Return the edition that holds the unit's questions, made on first use."""
    name = f"unit-{unit_id}"
    title = f"{unit_name}自编题"
    short = title if len(title) <= 60 else title[:59] + "…"
    document = DocumentRow(
        id=name, title=title[:200], short=short, subject=name, position=FIRST_POSITION
    )
    session.merge(document)
    session.flush()
    if session.get(EditionRow, name) is None:
        day = now.astimezone(SHANGHAI).date()
        edition = EditionRow(id=name, document_id=name, label=title[:200], short="", position=0)
        edition.adopted = edition.in_force = day
        session.add(edition)
        session.flush()
        session.add(ChapterRow(edition_id=name, id=OWN_CHAPTER, title=title[:200], position=0))
        session.flush()
        own = {"edition_id": name, "chapter_id": OWN_CHAPTER, "position": 0}
        session.add(ProvisionRow(id=OWN_PROVISION, label="", **own))
        session.flush()
    return name


def _count(session: Session, unit_id: int) -> int:
    """Return how many questions the unit has ever had."""
    mine = select(func.count()).where(QuestionRow.unit_id == unit_id)
    return session.scalar(mine) or 0


def _write_revision(session: Session, row: QuestionRow, item: Content, at: int) -> None:
    """Append what the question says now."""
    content, digest = encode(row.edition_id, item)
    revision = {"question_id": row.id, "revision": row.revision, "created_at": at}
    session.add(RevisionRow(content=content, digest=digest, **revision))
    session.flush()


def _digest(session: Session, row: QuestionRow) -> str:
    """Return the digest of the standing revision."""
    return session.get_one(RevisionRow, (row.id, row.revision)).digest


def _own(session: Session, question_id: str) -> QuestionRow:
    """Return a question of some unit; NotFound for those of the files."""
    row = session.get(QuestionRow, question_id)
    if row is None or row.unit_id is None:
        raise NotFound(_("没有找到这道题。"))
    return row

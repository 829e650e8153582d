"""Amendments: questions that cite what has changed wait until somebody has looked at them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank.actions.standing import write_publication
from app.bank.models import QuestionRow, RecheckRow
from app.bank.source import Edition, read_bank
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale


@dataclass(frozen=True, slots=True)
class AmendResult:
    """What an amendment did: questions to look at again, those citing what stayed, provisions."""

    edition: str
    amends: str
    recheck: int
    untouched: int
    provisions: tuple[str, ...]


def amend_edition(
    folder: Path, edition_id: str, amended_by: int | None, now: datetime
) -> AmendResult:
    """Mark every question that cites a provision changed by edition `edition_id`.

    A marked question is no longer asked until it is confirmed, or comes with a new wording. Doing
    it again marks nothing twice. Raises NotFound for an unknown edition, Invalid for one that does
    not say what it amends.
    """
    edition = _amending(folder, edition_id)
    with transaction() as session:
        cited = select(QuestionRow).where(QuestionRow.edition_id == edition.amends)
        rows = session.scalars(cited.where(QuestionRow.status != "retired")).all()
        marked = [
            r for r in rows if r.provision_id in edition.changed and _mark(session, r, edition)
        ]
        result = AmendResult(
            edition.id, edition.amends, len(marked), len(rows) - len(marked), edition.changed
        )
        if marked:
            for row in marked:
                row.status, row.updated_at = "recheck", epoch(now)
            write_publication(session, epoch(now))
            details = asdict(result)
            record(session, now, amended_by, "bank.amend_edition", edition.id, details=details)
    return result


def confirm_recheck(question_id: str, edition_id: str, decided_by: int, now: datetime) -> None:
    """Say that a question still holds under the edition, so that it is asked again."""
    with transaction() as session:
        row = session.get(RecheckRow, (question_id, edition_id))
        if row is None:
            raise NotFound(_("没有这项复核。"))
        if row.state != "open":
            if row.decided_by == decided_by:
                return
            raise Stale(_("这道题已经复核过了，没有再改动。"))
        row.state, row.decided_by, row.decided_at = "confirmed", decided_by, epoch(now)
        question = session.get_one(QuestionRow, question_id)
        question.status, question.updated_at = "active", epoch(now)
        write_publication(session, epoch(now))
        subject, details = f"question:{question_id}", {"edition": edition_id}
        record(session, now, decided_by, "bank.confirm_recheck", subject, details=details)


def _amending(folder: Path, edition_id: str) -> Edition:
    """Return the edition as the files describe it."""
    sources = read_bank(folder).sources
    found = [e for d in sources.document for e in d.edition if e.id == edition_id]
    if not found:
        raise NotFound(_("sources.toml 里没有版本 %(name)s。", name=edition_id))
    if not found[0].amends or not found[0].changed:
        message = _(
            "版本 %(name)s 没有写明修改了哪一版（amends）的哪些条款（changed）。", name=edition_id
        )
        raise Invalid(message)
    return found[0]


def _mark(session: Session, row: QuestionRow, edition: Edition) -> bool:
    """Open a re-check unless there was one for this edition; say whether it was opened."""
    if session.get(RecheckRow, (row.id, edition.id)) is not None:
        return False
    session.add(RecheckRow(question_id=row.id, edition_id=edition.id, state="open"))
    return True

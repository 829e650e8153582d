"""Every write of drafts: a file kept for preview, taken in, edited, approved or rejected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.authoring.models import BatchRow, DraftRow
from app.bank.actions import add_own_question, retire_own_question, revise_own_question
from app.bank.formats.conversion import digest, from_content, list_faults, to_content
from app.bank.formats.draft import Draft, Parsed
from app.bank.queries import get_questions, list_question_ids
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import new_id

KEPT = timedelta(days=1)  # how long a file waits for confirmation
MOST_DRAFTS = 50_000  # of one unit


@dataclass(frozen=True, slots=True)
class Imported:
    """How many drafts were taken in, and how many were there already."""

    imported: int
    duplicates: int


def keep_batch(user_id: int, unit_id: int, file: str, parsed: Parsed, now: datetime) -> str:
    """Keep what was read of a file until it is confirmed, for a day; return its id."""
    batch_id = new_id()
    with transaction() as session:
        session.execute(delete(BatchRow).where(BatchRow.created_at < epoch(now - KEPT)))
        session.add(
            BatchRow(
                user_id=user_id,
                id=batch_id,
                unit_id=unit_id,
                file=file[-200:],
                content=msgspec.json.encode(parsed).decode(),
                created_at=epoch(now),
            )
        )
    return batch_id


def confirm_batch(user_id: int, batch_id: str, now: datetime) -> Imported:
    """Take a kept file in, all of it or nothing; doing it again takes nothing twice."""
    with transaction() as session:
        row = session.get(BatchRow, (user_id, batch_id))
        if row is None:
            raise NotFound(_("没有这次导入，或者已经过期。"))
        parsed = msgspec.json.decode(row.content, type=Parsed)
        return _take_in(session, row.unit_id, row.file, parsed.drafts, user_id, now)


def import_drafts(
    unit_id: int, file: str, drafts: Sequence[Draft], by: int | None, now: datetime
) -> Imported:
    """Take drafts in without preview, all of them or nothing."""
    with transaction() as session:
        return _take_in(session, unit_id, file, drafts, by, now)


def save_draft(unit_id: int, draft_id: str | None, draft: Draft, by: int, now: datetime) -> str:
    """Keep a draft written or edited on the page and return its id; Invalid with every fault."""
    faults = list_faults(draft)
    if faults:
        raise Invalid("".join(faults))
    with transaction() as session:
        same = _find(session, unit_id, digest(draft))
        if same is not None and same.id != draft_id:
            raise Invalid(_("本单位已经有同样的题目，没有重复保存。"))
        row = session.get(DraftRow, (unit_id, draft_id)) if draft_id else None
        if draft_id and row is None:
            raise NotFound(_("没有这道草稿。"))
        if row is not None and row.state != "draft":
            raise Stale(_("这道草稿已经处理过了，没有再改动。"))
        if row is None:
            row = _new_row(unit_id, draft, "", 0, by, now)
            session.add(row)
        row.digest, row.kind, row.content = digest(draft), draft.kind, _json(draft)
        row.updated_at = epoch(now)
        return row.id


def approve_drafts(
    unit_id: int, unit_name: str, draft_ids: Sequence[str], by: int, now: datetime
) -> int:
    """Let drafts be asked as the unit's own questions, all or none; return how many became ones."""
    with transaction() as session:
        approved = 0
        for draft_id in draft_ids:
            row = session.get(DraftRow, (unit_id, draft_id))
            if row is None:
                raise NotFound(_("没有这道草稿。"))
            if row.state == "approved":
                continue
            draft = msgspec.json.decode(row.content, type=Draft)
            content = to_content(draft, f"u{unit_id}-{row.digest}", "own")
            row.question_id = add_own_question(session, unit_id, unit_name, content, by, now)
            row.state, row.decided_by, row.updated_at = "approved", by, epoch(now)
            approved += 1
    return approved


def reject_drafts(unit_id: int, draft_ids: Sequence[str], by: int, now: datetime) -> int:
    """Put drafts aside for good; return how many were waiting."""
    with transaction() as session:
        rejected = 0
        for draft_id in draft_ids:
            row = session.get(DraftRow, (unit_id, draft_id))
            if row is not None and row.state == "draft":
                row.state, row.decided_by, row.updated_at = "rejected", by, epoch(now)
                rejected += 1
        if rejected:
            details = {"drafts": rejected}
            record(session, now, by, "authoring.reject_drafts", f"unit:{unit_id}", None, details)
    return rejected


def reword_question(question_id: str, draft: Draft, by: int, now: datetime) -> int:
    """Give a unit's own question a new wording; return its revision. Invalid with every fault."""
    faults = list_faults(draft)
    if faults:
        raise Invalid("".join(faults))
    with transaction() as session:
        return revise_own_question(session, to_content(draft, question_id, "own"), by, now)


def stop_question(question_id: str, by: int, now: datetime) -> None:
    """Stop asking a unit's own question."""
    with transaction() as session:
        retire_own_question(session, question_id, by, now)


def _take_in(
    session: Session,
    unit_id: int,
    file: str,
    drafts: Sequence[Draft],
    by: int | None,
    now: datetime,
) -> Imported:
    """Add the drafts that neither the unit nor the bank has."""
    held = select(DraftRow.digest).where(DraftRow.unit_id == unit_id)
    known = set(session.scalars(held)) | _published()
    fresh: dict[str, DraftRow] = {}
    for position, draft in enumerate(drafts):
        name = digest(draft)
        if name not in known and name not in fresh:
            fresh[name] = _new_row(unit_id, draft, file, position, by, now)
    held_now = session.scalar(select(func.count()).where(DraftRow.unit_id == unit_id)) or 0
    if held_now + len(fresh) > MOST_DRAFTS:
        raise Invalid(_("一个单位最多保存 %(n)s 道草稿，请先处理一些。", n=MOST_DRAFTS))
    session.add_all(fresh.values())
    if fresh:
        details = {"file": file[-200:], "drafts": len(fresh)}
        record(session, now, by, "authoring.import_drafts", f"unit:{unit_id}", None, details)
    return Imported(len(fresh), len(drafts) - len(fresh))


def _published() -> set[str]:
    """Return the digests of what everybody is asked already."""
    questions = get_questions(list_question_ids()).values()
    return {digest(from_content(q.content)) for q in questions}


def _find(session: Session, unit_id: int, name: str) -> DraftRow | None:
    """Return the unit's draft with this digest."""
    query = select(DraftRow).where(DraftRow.unit_id == unit_id, DraftRow.digest == name)
    return session.scalars(query).first()


def _new_row(
    unit_id: int, draft: Draft, file: str, position: int, by: int | None, now: datetime
) -> DraftRow:
    """Return the row of a new draft."""
    return DraftRow(
        unit_id=unit_id,
        id=new_id(),
        digest=digest(draft),
        kind=draft.kind,
        content=_json(draft),
        state="draft",
        file=file[-200:],
        position=position,
        created_at=epoch(now),
        updated_at=epoch(now),
        created_by=by,
    )


def _json(draft: Draft) -> str:
    """Return a draft as it is kept; the id a file gave it is not ours to take over."""
    return msgspec.json.encode(replace(draft, id="")).decode()

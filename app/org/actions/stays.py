"""Where people belonged: written when they move."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.base.clock import epoch
from app.org.models import StayRow


def note_stays(
    database: Session, member_ids: Sequence[int], unit_id: int | None, now: datetime
) -> None:
    """Note, inside a transaction and before the move, that people belong elsewhere from now on.

    The first move also writes where they were until then. A stay that lasts less than a second
    leaves no trace here (the record of acts has it).
    """
    at, known = epoch(now), StayRow.member_id.in_(member_ids)
    database.execute(delete(StayRow).where(known, StayRow.since == at))
    moved = set(database.scalars(select(StayRow.member_id).where(known)))
    rows: list[dict[str, int | None]] = [
        {"member_id": one.user_id, "since": one.created_at, "unit_id": one.unit_id}
        for one in accounts.list_starts(member_ids)
        if one.user_id not in moved and one.created_at < at
    ]
    rows += [{"member_id": one, "since": at, "unit_id": unit_id} for one in member_ids]
    if rows:
        database.execute(insert(StayRow), rows)

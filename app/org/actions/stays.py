"""Where people belonged: written when they move."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.base.clock import epoch
from app.org.models import StayRow


def note_stay(database: Session, member_id: int, unit_id: int | None, now: datetime) -> None:
    """Note, inside a transaction and before the move, that a person belongs elsewhere from now.

    The first move also writes where they were until then. A stay that lasts less than a second
    leaves no trace here (the record of acts has it).
    """
    known = select(StayRow.since).where(StayRow.member_id == member_id)
    if database.scalar(known.limit(1)) is None:
        start = accounts.get_start(member_id)
        if start.created_at < epoch(now):
            database.add(
                StayRow(member_id=member_id, since=start.created_at, unit_id=start.unit_id)
            )
    database.merge(StayRow(member_id=member_id, since=epoch(now), unit_id=unit_id))

"""That somebody looked at a member's record is itself on record, once a study day."""

from datetime import datetime

from sqlalchemy import select

from app.base.audit import AuditRow, record
from app.base.clock import day_start, study_day
from app.base.db import db, transaction

LOOKED = "assess.look_at_record"


def note_look(viewer_id: int, member_id: int, now: datetime) -> None:
    """Record that `viewer_id` opened a member's record, unless they did today already."""
    since = int(day_start(study_day(now)).timestamp() * 1000)
    seen = select(AuditRow.number).where(
        AuditRow.member_id == member_id,
        AuditRow.at_ms >= since,
        AuditRow.actor_id == viewer_id,
        AuditRow.action == LOOKED,
    )
    if viewer_id == member_id or db.session.scalar(seen.limit(1)) is not None:
        return
    with transaction() as session:
        subject = f"user:{member_id}"
        record(session, now, viewer_id, "assess.look_at_record", subject, member_id)

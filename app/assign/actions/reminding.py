"""The reminders of a day: one digest a person, one message a group; asked for again, none more."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.assign.actions.delivering import INTERRUPTED, TOO_LATE
from app.assign.actions.mailing import mail_host
from app.assign.actions.robots import add_delivery
from app.assign.coming import lines_of_people, lines_of_unit
from app.assign.digest import Line, encode, group_text, is_polite, keep_until
from app.assign.models.reminders import DeliveryRow, DigestRow
from app.assign.queries.coming import Coming, list_coming, list_people_ids
from app.assign.queries.reminders import list_wishing_mail
from app.assign.queries.robots import list_homes
from app.base import jobs
from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.base.jobs import Task
from app.org import queries as org

AT_ONCE = 500  # digests of one transaction, so that answers need not wait long
MAIL = "assign.mail"
LOST = 3600  # seconds after which a message that is still being sent counts as interrupted


def remind(task: Task, now: datetime) -> str:
    """Make everybody's digest of today, have letters and messages sent, forget what is old.

    At night nobody is written to; what is due then waits on the page.
    """
    day = study_day(now)
    _forget(now)
    coming = list_coming(now)
    people = _digest_people(task, coming, day, now)
    if not is_polite(now):
        return f"提醒了 {people} 人（夜里不发邮件和群消息）。"
    groups = _digest_groups(coming, day, now)
    return f"提醒了 {people} 人，{groups} 个群。"


def mark_read(member_id: int, now: datetime) -> None:
    """Take a person's reminders as seen."""
    with transaction() as session:
        unread = DigestRow.member_id == member_id, DigestRow.read_at.is_(None)
        session.execute(update(DigestRow).where(*unread).values(read_at=epoch(now)))


def _digest_people(task: Task, coming: Coming, day: date, now: datetime) -> int:
    """Write the digests in portions; return how many people have one."""
    lines = lines_of_people(coming.asked, coming.cards, day)
    letters = list_wishing_mail() if mail_host() is not None and is_polite(now) else frozenset()
    members = sorted(lines)
    for done, part in enumerate(_portions(members)):
        with transaction() as session:
            for member_id in part:
                _insert(session, member_id, day, lines[member_id], member_id in letters, now)
        task.progress(min(len(members), (done + 1) * AT_ONCE), len(members))
    if letters:
        jobs.add_job(MAIL, now, {"day": day.isoformat()}, key=f"{MAIL}:{task.id}")
    return len(members)


def _insert(
    session: Session, member_id: int, day: date, lines: Sequence[Line], mail: bool, now: datetime
) -> None:
    """Write a digest unless the person has one of that day."""
    dialect = session.connection().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {"member_id": member_id, "day": day, "lines": encode(lines), "made_at": epoch(now)}
    values["mail_state"] = "waiting" if mail else ""
    session.execute(insert(DigestRow).values(**values).on_conflict_do_nothing())


def _digest_groups(coming: Coming, day: date, now: datetime) -> int:
    """Have every robot told of its unit, where there is something; return how many that are."""
    told = 0
    for robot_id, unit_id in list_homes():
        lines = lines_of_unit(coming.asked, list_people_ids(unit_id), unit_id, day)
        if not lines:
            continue
        unit = org.get_unit(unit_id)
        text = group_text(unit.name, lines, day, current_app.config.get("ORIGIN") or "")
        with transaction() as session:
            add_delivery(session, robot_id, day.isoformat(), text, now)
        told += 1
    return told


def _forget(now: datetime) -> None:
    """Delete what is old, and settle messages that nobody is at any more."""
    old = keep_until(study_day(now))
    before = epoch(now - timedelta(days=60))
    lost = DeliveryRow.state == "sending", DeliveryRow.began_at < epoch(now) - LOST
    stale = DeliveryRow.state == "waiting", DeliveryRow.made_at < epoch(now) - 24 * 3600
    past = DigestRow.day < study_day(now)
    with transaction() as session:
        for state, ended in (("waiting", "refused"), ("sending", "unknown")):
            letters = update(DigestRow).where(past, DigestRow.mail_state == state)
            session.execute(letters.values(mail_state=ended))
        session.execute(delete(DigestRow).where(DigestRow.day < old))
        session.execute(delete(DeliveryRow).where(DeliveryRow.made_at < before))
        unknown = {"state": "unknown", "words": INTERRUPTED, "ended_at": epoch(now)}
        session.execute(update(DeliveryRow).where(*lost).values(**unknown))
        refused = {"state": "refused", "words": TOO_LATE, "ended_at": epoch(now)}
        session.execute(update(DeliveryRow).where(*stale).values(**refused))


def _portions(members: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(members), AT_ONCE):
        yield members[start : start + AT_ONCE]

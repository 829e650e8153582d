"""Writes about posts: given from a day on, ended on a day, and kept as history."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.base.audit import record
from app.base.db import transaction
from app.base.errors import Invalid, NotFound
from app.org import queries
from app.org.actions.people import check_place
from app.org.models import PostRow
from app.org.party import POSTS, check_days

MOST = 100  # posts of one person, past ones included


def give_post(
    member_id: int,
    unit_id: int,
    post: str,
    since: date,
    until: date | None,
    by: Viewer,
    now: datetime,
) -> None:
    """Record that a person holds a post in a unit; raise Invalid when they do so already."""
    if post not in POSTS:
        raise Invalid(_("没有这种职务。"), post=_("没有这种职务。"))
    check_days(since, until)
    if since == until:
        raise Invalid(_("离任日期要晚于任职日期。"), until=_("离任日期要晚于任职日期。"))
    with transaction() as database:
        queries.get_person(queries.scope_to_change(by), member_id)
        check_place(database, by, unit_id)
        add_post(database, member_id, unit_id, post, since, until)
        told = {"post": post, "unit": unit_id, "since": str(since)}
        _tell(database, now, by, "org.give_post", member_id, told)


def add_post(
    database: Session, member_id: int, unit_id: int, post: str, since: date, until: date | None
) -> None:
    """Add the row inside a transaction that is already open; raise Invalid for an overlap."""
    held = database.scalars(select(PostRow).where(PostRow.member_id == member_id)).all()
    for row in held:
        same = (row.unit_id, row.post) == (unit_id, post)
        ends_before = row.until is not None and row.until <= since
        starts_after = until is not None and until <= row.since
        if same and not ends_before and not starts_after:
            message = _("这段时间已经登记了这个职务。")
            raise Invalid(message, post=message)
    if len(held) >= MOST:
        raise Invalid(_("登记的职务太多了。"), post=_("登记的职务太多了。"))
    database.add(PostRow(member_id=member_id, unit_id=unit_id, post=post, since=since, until=until))
    database.flush()


def end_post(
    member_id: int, unit_id: int, post: str, since: date, until: date, by: Viewer, now: datetime
) -> None:
    """Record from which day on a post is held no more.

    The very day it began means that it was recorded by mistake: the row goes, the act is told.
    """
    check_days(since, until)
    with transaction() as database:
        queries.get_person(queries.scope_to_change(by), member_id)
        row = database.get(PostRow, (member_id, unit_id, post, since))
        if row is None or not queries.reaches(queries.scope_to_change(by), unit_id):
            raise NotFound(_("没有这个职务。"))
        if row.until == until:
            return
        _refuse_overlap(database, row, until)
        told: dict[str, Any] = {"post": post, "unit": unit_id, "since": str(since)}
        if since == until:
            database.delete(row)
            _tell(database, now, by, "org.withdraw_post", member_id, told)
        else:
            row.until = until
            _tell(database, now, by, "org.end_post", member_id, {**told, "until": str(until)})


def _refuse_overlap(database: Session, row: PostRow, until: date) -> None:
    """Raise Invalid when a later end would run into the next time of the same post."""
    later = select(PostRow.since).where(
        PostRow.member_id == row.member_id,
        PostRow.unit_id == row.unit_id,
        PostRow.post == row.post,
        PostRow.since > row.since,
        PostRow.since < until,
    )
    if database.scalar(later.limit(1)) is not None:
        message = _("这段时间已经登记了这个职务。")
        raise Invalid(message, until=message)


def _tell(
    database: Session, now: datetime, by: Viewer, action: str, member_id: int, told: dict[str, Any]
) -> None:
    record(database, now, by.id, action, f"user:{member_id}", member_id, told)

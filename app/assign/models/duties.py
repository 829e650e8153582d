"""Tables of duties: an item of a plan is a duty that stands in a plan.

Whom a duty lies on is kept in terms, those of persons apart, so that what a person was answerable
for belongs to them. Terms of one duty follow each other without a gap; who holds a post is the
business of the org room and is looked up by date.
"""

from datetime import date
from typing import Annotated

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db

Actor = Annotated[
    int | None, mapped_column(ForeignKey("accounts_user.id", ondelete="SET NULL"), nullable=True)
]


class DutyRow(db.Model):
    """Something a unit has to see to; `source_id` is the link above that it was passed down from.

    `version` grows when the words or dates change; `source_seen` is the version of the link above
    that was copied or looked at. `lineage_id` is the topmost link: a unit has at most one of each
    lineage, however often and from wherever it is passed down.
    """

    __tablename__ = "assign_duty"
    __table_args__ = (
        UniqueConstraint("lineage_id", "unit_id", name="uq_assign_duty_lineage_id_unit_id"),
        Index("ix_assign_duty_unit_id_state", "unit_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("assign_plan.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("assign_duty.id"), index=True)
    lineage_id: Mapped[int | None] = mapped_column(ForeignKey("assign_duty.id"))
    source_seen: Mapped[int]
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10))
    settled_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[int] = mapped_column(BigInteger)


class PersonTermRow(db.Model):
    """From `since` a duty lies on a person; `until` is the first day it does no more."""

    __tablename__ = "assign_person_term"

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("assign_duty.id"), primary_key=True, index=True)
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    until: Mapped[date | None] = mapped_column(Date)


class PostTermRow(db.Model):
    """From `since` a duty lies on whoever holds a post; `until` is the first day it does not."""

    __tablename__ = "assign_post_term"

    duty_id: Mapped[int] = mapped_column(ForeignKey("assign_duty.id"), primary_key=True)
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    post: Mapped[str] = mapped_column(String(20))
    until: Mapped[date | None] = mapped_column(Date)


class DutyNoteRow(db.Model):
    """One step in the life of a duty, with the words or evidence given for it; never changed.

    `kind` is one of made, changed, handed, done, reopened, withdrawn, kept.
    """

    __tablename__ = "assign_duty_note"

    duty_id: Mapped[int] = mapped_column(ForeignKey("assign_duty.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    day: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    gathering_id: Mapped[str | None] = mapped_column(ForeignKey("assign_gathering.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assign_assignment.id"))
    given_by: Mapped[Actor]
    given_at: Mapped[int] = mapped_column(BigInteger)

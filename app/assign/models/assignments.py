"""Tables of assignments: what is asked, who is named in them, what goals take of whom."""

from datetime import date
from typing import Annotated

from sqlalchemy import BigInteger, Boolean, Date, Float, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db

Moment = Annotated[int, mapped_column(BigInteger)]
MemberId = Annotated[
    int, mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True)
]
AssignmentId = Annotated[
    int, mapped_column(ForeignKey("assign_assignment.id"), primary_key=True, index=True)
]
Actor = Annotated[
    int | None, mapped_column(ForeignKey("accounts_user.id", ondelete="SET NULL"), nullable=True)
]


class AssignmentRow(db.Model):
    """A paper or a study goal asked of an audience; `unit_id` is the unit that asks, None: all.

    `audience` is JSON without the persons, who stand in `assign_named`; `goal` is JSON, None for a
    paper. `form_id` is the form it came from: sent twice it is one.
    """

    __tablename__ = "assign_assignment"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(String(22), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_paper.id"), index=True)
    goal: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    audience: Mapped[str] = mapped_column(Text)
    opens_at: Mapped[int | None] = mapped_column(BigInteger)
    closes_at: Mapped[int] = mapped_column(BigInteger, index=True)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    pass_percent: Mapped[int] = mapped_column(SmallInteger)
    remind_days: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[Actor]
    created_at: Mapped[Moment]
    withdrawn_at: Mapped[int | None] = mapped_column(BigInteger)


class NamedRow(db.Model):
    """A person named in an assignment."""

    __tablename__ = "assign_named"

    member_id: Mapped[MemberId]
    assignment_id: Mapped[AssignmentId]


class LoadRow(db.Model):
    """What a goal took of a member when it was last worked out, on study day `day`."""

    __tablename__ = "assign_load"

    member_id: Mapped[MemberId]
    assignment_id: Mapped[AssignmentId]
    day: Mapped[date] = mapped_column(Date)
    recall: Mapped[float] = mapped_column(Float(53))
    expected: Mapped[float] = mapped_column(Float(53))
    new: Mapped[int]
    due: Mapped[int]
    answers: Mapped[int]
    unseen: Mapped[int]
    total: Mapped[int]
    reachable: Mapped[bool] = mapped_column(Boolean)

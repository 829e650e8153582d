"""Tables of quiz; all but the papers themselves begin their key with the member.

The key of a slot ends in (member, paper, number, slot): an attempt cannot hold a slot twice, and
two attempts cannot have the same number, whoever races whom.
"""

from typing import Annotated

from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db

Moment = Annotated[int, mapped_column(BigInteger)]
MemberId = Annotated[int, mapped_column(ForeignKey("accounts_user.id"), primary_key=True)]
PaperId = Annotated[int, mapped_column(ForeignKey("quiz_paper.id"), primary_key=True)]
Actor = Annotated[
    int | None, mapped_column(ForeignKey("accounts_user.id", ondelete="SET NULL"), nullable=True)
]
OF_SLOT = ("member_id", "paper_id", "number", "slot")


class PaperRow(db.Model):
    """A paper; `plan`, `items`, `corrections` and `moves` are JSON of the structs in paper.py.

    `items` is empty before publication: then it is what was fixed or what may be drawn.
    """

    __tablename__ = "quiz_paper"
    __table_args__ = ({"sqlite_autoincrement": True},)  # the id of a discarded draft stays its own

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    mode: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    plan: Mapped[str] = mapped_column(Text)
    items: Mapped[str] = mapped_column(Text, default="[]")
    corrections: Mapped[str] = mapped_column(Text, default="{}")
    moves: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    seed: Mapped[str] = mapped_column(String(22))
    per_person: Mapped[bool] = mapped_column(Boolean)
    partial: Mapped[bool] = mapped_column(Boolean)
    duration_s: Mapped[int | None]
    opens_at: Mapped[int | None] = mapped_column(BigInteger)
    closes_at: Mapped[int | None] = mapped_column(BigInteger)
    attempts_allowed: Mapped[int]
    pass_percent: Mapped[int] = mapped_column(SmallInteger)
    key_shown: Mapped[str] = mapped_column(String(10))
    reserved: Mapped[bool] = mapped_column(Boolean)
    created_by: Mapped[Actor]
    created_at: Mapped[Moment]
    published_at: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[int | None] = mapped_column(BigInteger)


class AttemptRow(db.Model):
    """One go at a paper; `state` open, submitted or expired (marked as it stood at the deadline).

    `number` counts from 1; of a weekly paper it is the week, as 202648.
    """

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        Index("ix_quiz_attempt_paper_id_state", "paper_id", "state"),
        {"sqlite_with_rowid": False},
    )

    member_id: Mapped[MemberId]
    paper_id: Mapped[PaperId]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seed: Mapped[str] = mapped_column(String(22))
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[Moment]
    deadline: Mapped[int | None] = mapped_column(BigInteger)
    submitted_at: Mapped[int | None] = mapped_column(BigInteger)
    score: Mapped[float | None] = mapped_column(Float(53))
    full: Mapped[float] = mapped_column(Float(53))


class SlotRow(db.Model):
    """One question of an attempt, with the answer saved last and, once marked, what it earned.

    `seed` orders the options and never leaves the server before the key does: with it, the order
    of the file could be worked out. `marked_revision` is the one whose key marked the response.
    """

    __tablename__ = "quiz_slot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["member_id", "paper_id", "number"],
            ["quiz_attempt.member_id", "quiz_attempt.paper_id", "quiz_attempt.number"],
            name="fk_quiz_slot_attempt",
        ),
        Index("ix_quiz_slot_paper_id_question_id", "paper_id", "question_id"),
        {"sqlite_with_rowid": False},
    )

    member_id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"))
    revision: Mapped[int]
    points: Mapped[int]
    seed: Mapped[str] = mapped_column(String(22))
    version: Mapped[int] = mapped_column(default=0)
    response: Mapped[str | None] = mapped_column(Text)
    answer_id: Mapped[str | None] = mapped_column(String(22))
    answered_at: Mapped[int | None] = mapped_column(BigInteger)
    right: Mapped[bool | None]
    mark: Mapped[float | None] = mapped_column(Float(53))
    marked_revision: Mapped[int | None]


class AllowanceRow(db.Model):
    """Extra time of one person for one paper, in seconds, whether they have begun or not."""

    __tablename__ = "quiz_allowance"

    member_id: Mapped[MemberId]
    paper_id: Mapped[PaperId]
    extra_s: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[Actor]
    given_at: Mapped[Moment]


class RemarkRow(db.Model):
    """A mark that was given anew: what it was and what it became; never changed."""

    __tablename__ = "quiz_remark"
    __table_args__ = (
        ForeignKeyConstraint(
            list(OF_SLOT), [f"quiz_slot.{name}" for name in OF_SLOT], name="fk_quiz_remark_slot"
        ),
        {"sqlite_with_rowid": False},
    )

    member_id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    old_mark: Mapped[float] = mapped_column(Float(53))
    new_mark: Mapped[float] = mapped_column(Float(53))
    revision: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[Actor]
    given_at: Mapped[Moment]

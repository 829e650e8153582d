"""Tables of study; every key begins with the member, so that a large site can be distributed."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db


class CardRow(db.Model):
    """What replaying the reviews of (member, question) gives, and the member's marks on it."""

    __tablename__ = "study_card"
    __table_args__ = (
        Index("ix_study_card_due", "member_id", "due_at"),
        {"sqlite_with_rowid": False},
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[int] = mapped_column(SmallInteger, default=0)
    step: Mapped[int | None] = mapped_column(SmallInteger)
    stability: Mapped[float | None] = mapped_column(Float(53))
    difficulty: Mapped[float | None] = mapped_column(Float(53))
    last_day: Mapped[date | None] = mapped_column(Date)
    wait: Mapped[int | None]
    due_at: Mapped[int | None] = mapped_column(BigInteger)
    reps: Mapped[int] = mapped_column(default=0)
    lapses: Mapped[int] = mapped_column(default=0)
    first_day: Mapped[date | None] = mapped_column(Date)
    last_at_ms: Mapped[int | None] = mapped_column(BigInteger)
    wrong_left: Mapped[int] = mapped_column(SmallInteger, default=0)
    wrong_day: Mapped[date | None] = mapped_column(Date)
    starred: Mapped[bool] = mapped_column(Boolean, default=False)
    suspended: Mapped[bool] = mapped_column(Boolean, default=False)
    buried_until: Mapped[date | None] = mapped_column(Date)


class ReviewRow(db.Model):
    """One answer, never changed; `before` is the card's state when it was given (0 new).

    Only `before` is worked out again when an answer from a phone arrives that was given earlier.
    Answers that a phone kept have the phone (`device`), when they came (`arrived_ms`), what the
    phone's clock said (`claimed_ms`) and whether that could be believed (`disputed`).
    """

    __tablename__ = "study_review"
    __table_args__ = (
        Index("ix_study_review_card", "member_id", "question_id"),
        Index("ix_study_review_day", "member_id", "day"),
        {"sqlite_with_rowid": False},
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    answer_id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"))
    revision: Mapped[int]
    at_ms: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date] = mapped_column(Date)
    rating: Mapped[int] = mapped_column(SmallInteger)
    right: Mapped[bool]
    before: Mapped[int] = mapped_column(SmallInteger)
    response: Mapped[str] = mapped_column(Text)
    elapsed_ms: Mapped[int]
    way: Mapped[str]
    device: Mapped[str | None]
    arrived_ms: Mapped[int | None] = mapped_column(BigInteger)
    claimed_ms: Mapped[int | None] = mapped_column(BigInteger)
    disputed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class VoidRow(db.Model):
    """An answer taken back: undone, or replaced by the same answer with another rating."""

    __tablename__ = "study_void"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    answer_id: Mapped[str] = mapped_column(primary_key=True)
    replaced_by: Mapped[str | None]
    at_ms: Mapped[int] = mapped_column(BigInteger)


class NoteRow(db.Model):
    """A member's note to self on a question."""

    __tablename__ = "study_note"

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class SettingRow(db.Model):
    """How a member wants to study: new questions and answers a day, one subject or all."""

    __tablename__ = "study_setting"

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    new_per_day: Mapped[int] = mapped_column(default=10)
    answers_per_day: Mapped[int] = mapped_column(default=100)
    subject: Mapped[str | None]


class ErasedRow(db.Model):
    """What erased members answered to a question that five or more people had answered."""

    __tablename__ = "study_erased"

    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"), primary_key=True)
    people: Mapped[int]
    answers: Mapped[int]
    right: Mapped[int]

"""Tables of assessment: what members question, and what is worked out at night.

Those that grow with members begin their key with the member, so that what is said of a person
belongs to them; JSON columns hold the structs of the pure files.
"""

from typing import Annotated

from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db

Moment = Annotated[int, mapped_column(BigInteger)]
MemberId = Annotated[int, mapped_column(ForeignKey("accounts_user.id"), primary_key=True)]
QuestionId = Annotated[str, mapped_column(ForeignKey("bank_question.id"), primary_key=True)]
Actor = Annotated[
    int | None, mapped_column(ForeignKey("accounts_user.id", ondelete="SET NULL"), nullable=True)
]


class AppealRow(db.Model):
    """A member's doubt about a figure: what it was about and said, and what was answered.

    `state` is open or answered; `about` names the figure, `shown` is what it said then.
    """

    __tablename__ = "assess_appeal"
    __table_args__ = (Index("ix_assess_appeal_state_created_at", "state", "created_at"),)

    member_id: Mapped[MemberId]
    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    about: Mapped[str] = mapped_column(String(160))
    shown: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(10))
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[int | None] = mapped_column(BigInteger)
    replied_by: Mapped[Actor]


class ItemRow(db.Model):
    """How a question does over the whole bank, as counted at night; JSON of ItemFigures."""

    __tablename__ = "assess_item"

    question_id: Mapped[QuestionId]
    revision: Mapped[int]
    answers: Mapped[int]
    flagged: Mapped[bool] = mapped_column(Boolean, index=True)
    figures: Mapped[str] = mapped_column(Text)
    counted_at: Mapped[Moment]


class UnitQuestionRow(db.Model):
    """How people of a unit recalled a question after a day or more, counted at night.

    `right` of `asked` answers by `people` members; the units below have rows of their own.
    """

    __tablename__ = "assess_unit_question"
    __table_args__ = ({"sqlite_with_rowid": False},)

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[QuestionId]
    asked: Mapped[int]
    right: Mapped[int]
    people: Mapped[int]


class FitRow(db.Model):
    """The last fit of the forecast, and how forecasts before it fared; one of real, one of
    simulated answers. `coefficients` and `judged` are JSON."""

    __tablename__ = "assess_fit"

    simulated: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    fitted_at: Mapped[Moment]
    samples: Mapped[int]
    coefficients: Mapped[str] = mapped_column(Text)
    member_variance: Mapped[float] = mapped_column(Float(53))
    item_variance: Mapped[float] = mapped_column(Float(53))
    judged: Mapped[str] = mapped_column(Text)


class MemberOffsetRow(db.Model):
    """How far a member is from what is expected of everybody, in log-odds."""

    __tablename__ = "assess_member_offset"

    member_id: Mapped[MemberId]
    simulated: Mapped[bool] = mapped_column(Boolean)
    value: Mapped[float] = mapped_column(Float(53))
    variance: Mapped[float] = mapped_column(Float(53))


class ItemOffsetRow(db.Model):
    """How far a question is from what is expected of all, in log-odds."""

    __tablename__ = "assess_item_offset"

    question_id: Mapped[QuestionId]
    simulated: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    value: Mapped[float] = mapped_column(Float(53))
    variance: Mapped[float] = mapped_column(Float(53))

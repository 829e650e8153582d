"""Tables of assessment: what members question, what is worked out at night, what was published.

Those that grow with members begin their key with the member, so that what is said of a person
belongs to them; JSON columns hold the structs of the pure files.
"""

from datetime import date
from typing import Annotated

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
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
    """How people of a unit and below recalled a question after a day or more, counted at night.

    `right` of `asked` answers by `people` members; the tree is the one of that night.
    """

    __tablename__ = "assess_unit_question"
    __table_args__ = ({"sqlite_with_rowid": False},)

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[QuestionId]
    asked: Mapped[int]
    right: Mapped[int]
    people: Mapped[int]


class WeakRow(db.Model):
    """A member who surely recalls little, as counted at night: `recalled` of `delayed` answers."""

    __tablename__ = "assess_weak"

    member_id: Mapped[MemberId]
    delayed: Mapped[int]
    recalled: Mapped[int]


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


class SchemeRow(db.Model):
    """An assessment scheme of a unit for a period; `plan` is the JSON of scheme.Plan.

    Once published neither it nor its scores change: `frozen_ms` is the moment whose knowledge
    counts, `inputs` what was taken from elsewhere, `code` the version of the formulas. A
    correction is a further scheme that `replaces_id` an older one.
    """

    __tablename__ = "assess_scheme"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    plan: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("assess_scheme.id"))
    reason: Mapped[str] = mapped_column(Text)
    inputs: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(80))
    frozen_ms: Mapped[int | None] = mapped_column(BigInteger)
    created_by: Mapped[Actor]
    created_at: Mapped[Moment]
    published_by: Mapped[Actor]
    published_at: Mapped[int | None] = mapped_column(BigInteger)


class ScoreRow(db.Model):
    """A member's published score (0…100), None for who is left out; what was asked of them then
    and the parts of the score are JSON of scheme.Asked and scheme.Part."""

    __tablename__ = "assess_score"
    __table_args__ = (Index("ix_assess_score_scheme_id", "scheme_id"),)

    member_id: Mapped[MemberId]
    scheme_id: Mapped[int] = mapped_column(ForeignKey("assess_scheme.id"), primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    score: Mapped[float | None] = mapped_column(Float(53))
    asked: Mapped[str] = mapped_column(Text)
    parts: Mapped[str] = mapped_column(Text)


class CertificateRow(db.Model):
    """A member met the stated bar of a published scheme; `code` opens the page that says so."""

    __tablename__ = "assess_certificate"

    member_id: Mapped[MemberId]
    scheme_id: Mapped[int] = mapped_column(ForeignKey("assess_scheme.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(22), unique=True)
    issued_at: Mapped[Moment]


class UnitCertificateRow(db.Model):
    """A unit met the stated bar: `met` of `counted` people did, of whom `share` percent must."""

    __tablename__ = "assess_unit_certificate"

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("assess_scheme.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(22), unique=True)
    met: Mapped[int]
    counted: Mapped[int]
    share: Mapped[int] = mapped_column(SmallInteger)
    issued_at: Mapped[Moment]

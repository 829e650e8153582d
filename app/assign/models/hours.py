"""Tables of collective study: gatherings, who was there, and how many hours are asked."""

from datetime import date

from sqlalchemy import BigInteger, Boolean, Date, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.assign.models.duties import Actor
from app.base.db import db


class GatheringRow(db.Model):
    """One occasion of collective study of a unit; `version` is the one that counts.

    The id is made by the form, so that sending it twice records it once.
    """

    __tablename__ = "assign_gathering"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), index=True)
    version: Mapped[int]


class GatheringVersionRow(db.Model):
    """What was recorded of a gathering; a correction is a further version with its reason."""

    __tablename__ = "assign_gathering_version"
    __table_args__ = (Index("ix_assign_gathering_version_day", "day"),)

    gathering_id: Mapped[str] = mapped_column(
        String(22), ForeignKey("assign_gathering.id"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(100))
    hours: Mapped[float] = mapped_column(Float(53))
    evidence: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    cancelled: Mapped[bool] = mapped_column(Boolean)
    given_by: Mapped[Actor]
    given_at: Mapped[int] = mapped_column(BigInteger)


class AttendanceRow(db.Model):
    """A person was at a gathering, as a version of its record says."""

    __tablename__ = "assign_attendance"
    __table_args__ = (
        Index("ix_assign_attendance_gathering_id_version", "gathering_id", "version"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    gathering_id: Mapped[str] = mapped_column(
        String(22), ForeignKey("assign_gathering.id"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date)
    hours: Mapped[float] = mapped_column(Float(53))


class TargetRow(db.Model):
    """Hours a year that a unit asks of those with a status or post, with where that comes from."""

    __tablename__ = "assign_target"

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), primary_key=True)
    applies_to: Mapped[str] = mapped_column(String(20), primary_key=True)
    hours: Mapped[float] = mapped_column(Float(53))
    source: Mapped[str] = mapped_column(Text)
    given_by: Mapped[Actor]
    given_at: Mapped[int] = mapped_column(BigInteger)

"""Tables of reminders: digests of people, what they wish, their calendars; robots of groups."""

from datetime import date

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db


class DigestRow(db.Model):
    """What a person was reminded of on a day; `mail_state` is "" when no letter was wanted."""

    __tablename__ = "assign_digest"
    __table_args__ = (Index("ix_assign_digest_day_mail_state", "day", "mail_state"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    lines: Mapped[str] = mapped_column(Text)
    made_at: Mapped[int] = mapped_column(BigInteger)
    read_at: Mapped[int | None] = mapped_column(BigInteger)
    mail_state: Mapped[str] = mapped_column(String(10), default="")
    mail_at: Mapped[int | None] = mapped_column(BigInteger)


class WishRow(db.Model):
    """How a person wants to be reminded; `email` counts once it is confirmed by a letter."""

    __tablename__ = "assign_wish"

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    cards: Mapped[bool] = mapped_column(Boolean, default=False)
    mail: Mapped[bool] = mapped_column(Boolean, default=False)
    email: Mapped[str | None] = mapped_column(String(254))
    confirmed_at: Mapped[int | None] = mapped_column(BigInteger)
    token_hash: Mapped[str | None] = mapped_column(String(64))
    asked_at: Mapped[int | None] = mapped_column(BigInteger)


class FeedRow(db.Model):
    """The secret address of a person's calendar, as SHA-256."""

    __tablename__ = "assign_feed"

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[int] = mapped_column(BigInteger)


class RobotRow(db.Model):
    """A robot of a group that hears about a unit; its key and secret are sealed.

    The same robot is registered once, so that no group gets two digests.
    """

    __tablename__ = "assign_robot"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(40))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    key_sealed: Mapped[str] = mapped_column(Text)
    secret_sealed: Mapped[str] = mapped_column(Text)
    made_at: Mapped[int] = mapped_column(BigInteger)


class DeliveryRow(db.Model):
    """A message to a group: `key` is the day of a digest, or names a trial.

    `state` is waiting, sending, sent, refused or unknown; from sending there is no way back to
    waiting but a clear word of the other side that it has not taken the message.
    """

    __tablename__ = "assign_delivery"
    __table_args__ = (Index("ix_assign_delivery_robot_id_began_at", "robot_id", "began_at"),)

    robot_id: Mapped[int] = mapped_column(ForeignKey("assign_robot.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[int] = mapped_column(BigInteger)
    began_at: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(String(200), default="")

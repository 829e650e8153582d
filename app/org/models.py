"""The tree of units, and what is kept about the people in it.

A person's present unit is kept with the person (accounts_user.unit_id); `org_membership` keeps
where they were before. Tables that grow with members begin their key with the member.
"""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db


class Unit(db.Model):
    """A unit; `path` lists the ids from the root to itself, as "/1/4/".

    Units are never deleted: a closed one keeps its name for the history of people. That is also
    why `merged_into_id` (where its people went) needs no foreign key, which SQLite could only add
    by building the table anew.
    """

    __tablename__ = "org_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(255), unique=True)
    closed_at: Mapped[int | None] = mapped_column(BigInteger)
    merged_into_id: Mapped[int | None]


class ProfileRow(db.Model):
    """A person's status in the Party and their standing; without a row: not recorded, active."""

    __tablename__ = "org_profile"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    status: Mapped[str] = mapped_column(String(20))
    standing: Mapped[str] = mapped_column(String(10), index=True)


class StayRow(db.Model):
    """From when on a person belonged to a unit (or none); it lasts until their next row.

    People who never moved have no row: they were in their unit since they were added.
    """

    __tablename__ = "org_membership"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)


class PostRow(db.Model):
    """A post held in a unit from day `since`; `until` is the first day it is held no more."""

    __tablename__ = "org_post"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), primary_key=True, index=True)
    post: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    until: Mapped[date | None] = mapped_column(Date)

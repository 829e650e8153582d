"""Tables of questions that are not asked yet: files as they were read, and drafts of units."""

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db


class BatchRow(db.Model):
    """A file as it was read, between preview and confirmation; `content` is the JSON of Parsed."""

    __tablename__ = "authoring_batch"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    file: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)


class DraftRow(db.Model):
    """A question a unit is working on; `state` is draft, approved or rejected.

    `content` is the JSON of formats.Draft, `digest` says which question it is however laid out,
    `question_id` is what it became.
    """

    __tablename__ = "authoring_draft"
    __table_args__ = (
        UniqueConstraint("unit_id", "digest", name="uq_authoring_draft_unit_id"),
        Index("ix_authoring_draft_unit_id_state", "unit_id", "state"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    digest: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    file: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    created_at: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[int | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    question_id: Mapped[str | None] = mapped_column(ForeignKey("bank_question.id"))

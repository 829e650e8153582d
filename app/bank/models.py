"""Tables of the bank: what was published. Questions and revisions are never deleted."""

from datetime import date
from typing import Annotated

from sqlalchemy import BigInteger, Date, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db

Key = Annotated[str, mapped_column(String(60), primary_key=True)]
Name = Annotated[str, mapped_column(String(60))]
Moment = Annotated[int, mapped_column(BigInteger)]


class DocumentRow(db.Model):
    """A source document, whatever its edition."""

    __tablename__ = "bank_document"

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(200))
    short: Mapped[Name]
    subject: Mapped[Name]
    position: Mapped[int]


class EditionRow(db.Model):
    """A dated text of a document."""

    __tablename__ = "bank_edition"

    id: Mapped[Key]
    document_id: Mapped[str] = mapped_column(ForeignKey("bank_document.id"), index=True)
    label: Mapped[str] = mapped_column(String(200))
    short: Mapped[Name]
    adopted: Mapped[date] = mapped_column(Date)
    in_force: Mapped[date] = mapped_column(Date)
    position: Mapped[int]


class ChapterRow(db.Model):
    """A chapter of an edition."""

    __tablename__ = "bank_chapter"

    edition_id: Mapped[str] = mapped_column(ForeignKey("bank_edition.id"), primary_key=True)
    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class ProvisionRow(db.Model):
    """An article or paragraph of an edition."""

    __tablename__ = "bank_provision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "chapter_id"], ["bank_chapter.edition_id", "bank_chapter.id"]
        ),
    )

    edition_id: Mapped[Key]
    id: Mapped[Key]
    chapter_id: Mapped[Name]
    label: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]


class QuestionRow(db.Model):
    """A question as it stands; `status` is active, recheck (its source was amended) or retired.

    `revision` is the newest; `unit_id` is whose own it is, None when it comes from the files.
    """

    __tablename__ = "bank_question"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "provision_id"], ["bank_provision.edition_id", "bank_provision.id"]
        ),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    edition_id: Mapped[Name]
    chapter_id: Mapped[Name]
    provision_id: Mapped[Name]
    difficulty: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int]
    updated_at: Mapped[Moment]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)


class RevisionRow(db.Model):
    """What a question said, never changed; `content` is the JSON of source.Published."""

    __tablename__ = "bank_revision"

    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Moment]


class RecheckRow(db.Model):
    """A question that cites what an edition has changed; `state` open, confirmed or revised."""

    __tablename__ = "bank_recheck"

    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"), primary_key=True)
    edition_id: Mapped[Key]
    state: Mapped[str] = mapped_column(String(10), index=True)
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )


class PublicationRow(db.Model):
    """The one row that says which publication stands; `token` is new each time anything changed.

    `digest` is that of what the files say, `seal` that of their bytes and of the code that read
    them: as long as it holds, the files need not be read again.
    """

    __tablename__ = "bank_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    token: Mapped[str] = mapped_column(String(22))
    digest: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64), default="", server_default="")
    published_at: Mapped[Moment]


class ReportRow(db.Model):
    """A member's word that something is wrong with a question; `state` open or answered."""

    __tablename__ = "bank_report"
    __table_args__ = (Index("ix_bank_report_state_created_at", "state", "created_at"),)

    member_id: Mapped[int] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"))
    revision: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(10))
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[int | None] = mapped_column(BigInteger)
    replied_by: Mapped[int | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )

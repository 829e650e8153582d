"""Tables of the bank: the sources, questions with all their revisions, reports."""

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db


class DocumentRow(db.Model):
    """A document people study."""

    __tablename__ = "bank_document"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    short: Mapped[str]
    subject: Mapped[str]
    position: Mapped[int]


class EditionRow(db.Model):
    """An edition of a document."""

    __tablename__ = "bank_edition"

    id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("bank_document.id"))
    label: Mapped[str]
    short: Mapped[str]
    adopted: Mapped[str]
    in_force: Mapped[str]


class ChapterRow(db.Model):
    """A chapter of an edition."""

    __tablename__ = "bank_chapter"

    edition_id: Mapped[str] = mapped_column(ForeignKey("bank_edition.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    position: Mapped[int]


class ProvisionRow(db.Model):
    """An article or paragraph of an edition."""

    __tablename__ = "bank_provision"

    edition_id: Mapped[str] = mapped_column(ForeignKey("bank_edition.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    chapter_id: Mapped[str]
    label: Mapped[str]
    position: Mapped[int]


class QuestionRow(db.Model):
    """A question's current place and state; its text is in its revisions."""

    __tablename__ = "bank_question"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    edition_id: Mapped[str] = mapped_column(ForeignKey("bank_edition.id"))
    chapter_id: Mapped[str]
    provision_id: Mapped[str]
    difficulty: Mapped[str]
    position: Mapped[int]
    status: Mapped[str]
    revision: Mapped[int]
    updated_at: Mapped[int] = mapped_column(BigInteger)


class RevisionRow(db.Model):
    """One wording of a question; never changed once written."""

    __tablename__ = "bank_revision"

    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str]
    created_at: Mapped[int] = mapped_column(BigInteger)


class PublicationRow(db.Model):
    """A publication that changed something; the newest id tells caches to reload."""

    __tablename__ = "bank_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[int]
    revised: Mapped[int]
    retired: Mapped[int]


class ReportRow(db.Model):
    """A member's “this question is wrong”, and the answer to it."""

    __tablename__ = "bank_report"
    __table_args__ = (Index("ix_bank_report_state", "state", "created_at"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"))
    revision: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[int | None] = mapped_column(BigInteger)
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))

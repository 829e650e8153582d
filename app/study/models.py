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
    String,
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

    Only `before` and `tally` (what it adds to the summaries, see app.study.tally) are worked out
    again when an earlier answer arrives or one is taken back. `unit_id` is the unit the member
    belonged to when the answer was given, 0 when to none; it stays when they move.
    Answers that a phone kept have the phone (`device`), when they came (`arrived_ms`), what the
    phone's clock said (`claimed_ms`) and whether that could be believed (`disputed`).
    """

    __tablename__ = "study_review"
    __table_args__ = (
        Index("ix_study_review_card", "member_id", "question_id"),
        Index("ix_study_review_day", "member_id", "day", "at_ms", "tally", "elapsed_ms"),
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
    unit_id: Mapped[int] = mapped_column(default=0, server_default="0")
    tally: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class VoidRow(db.Model):
    """An answer taken back: undone, or replaced by the same answer with another rating."""

    __tablename__ = "study_void"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    answer_id: Mapped[str] = mapped_column(primary_key=True)
    replaced_by: Mapped[str | None]
    at_ms: Mapped[int] = mapped_column(BigInteger)


class Summed:
    """The columns of a summary; what they mean stands at app.study.tally.Counts."""

    met: Mapped[int] = mapped_column(default=0)
    reviews: Mapped[int] = mapped_column(default=0)
    delayed: Mapped[int] = mapped_column(default=0)
    recalled: Mapped[int] = mapped_column(default=0)
    self_rated: Mapped[int] = mapped_column(default=0)
    self_delayed: Mapped[int] = mapped_column(default=0)
    self_recalled: Mapped[int] = mapped_column(default=0)


class MemberChapterRow(Summed, db.Model):
    """What a member's answers to a chapter sum up to, as counting them again would give."""

    __tablename__ = "study_member_chapter"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    chapter: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_day: Mapped[date | None] = mapped_column(Date)


class UnitChapterRow(Summed, db.Model):
    """What answers given by people of a unit (0: of none) in a month sum up to, by chapter.

    `month` is its first day. The units below have rows of their own, and merged ones keep theirs.
    """

    __tablename__ = "study_unit_chapter"
    __table_args__ = ({"sqlite_with_rowid": False},)

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    chapter: Mapped[str] = mapped_column(String(60), primary_key=True)


class UnitRecallRow(db.Model):
    """What the people of a unit were expected to recall of a chapter on `day`, worked out nightly.

    `recall` is the sum of the probabilities over `cards`; the last night of each month stays.
    """

    __tablename__ = "study_unit_recall"
    __table_args__ = ({"sqlite_with_rowid": False},)

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    chapter: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    people: Mapped[int]
    cards: Mapped[int]
    recall: Mapped[float] = mapped_column(Float(53))


class FitRow(db.Model):
    """FSRS-6 fitted to the people of a unit and below (0: everybody), as of a night.

    Learned from `learned` answers before the study day `since`, judged on the `judged` ones after
    it; `better` says that it is used for what units are expected to recall. `parameters` is JSON.
    """

    __tablename__ = "study_fit"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fitted_at: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[date] = mapped_column(Date)
    people: Mapped[int]
    learned: Mapped[int]
    judged: Mapped[int]
    log_loss: Mapped[float] = mapped_column(Float(53))
    default_log_loss: Mapped[float] = mapped_column(Float(53))
    better: Mapped[bool] = mapped_column(Boolean)
    parameters: Mapped[str] = mapped_column(Text)


class FedRow(db.Model):
    """An attempt at a paper whose answers the memory has; `remarks` of its marks given anew."""

    __tablename__ = "study_fed"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("quiz_paper.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    remarks: Mapped[int]


class WaitingRow(db.Model):
    """An answer that a phone kept to a question which a paper has reserved meanwhile.

    It is stored as it came, unmarked, so that nothing tells of the key, and counts once the paper
    is over. `item` is JSON of the delivered item, `at_ms` and `disputed` what its time was settled
    to.
    """

    __tablename__ = "study_waiting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), primary_key=True)
    answer_id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("bank_question.id"))
    item: Mapped[str] = mapped_column(Text)
    device: Mapped[str]
    at_ms: Mapped[int] = mapped_column(BigInteger)
    arrived_ms: Mapped[int] = mapped_column(BigInteger)
    disputed: Mapped[bool] = mapped_column(Boolean)


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

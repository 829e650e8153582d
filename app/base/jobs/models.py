"""Tables: jobs with their lease and progress, and the workers' signs of life."""

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db

NOBODY = 0  # the member of a job that is the site's own


class JobRow(db.Model):
    """One piece of work; `member_id` is whose it is, NOBODY for the site's own.

    `key` says which work it is: a second row with the same key cannot be. `holder` is the secret
    of the worker that has the lease. Times are epoch seconds.
    """

    __tablename__ = "base_job"
    __table_args__ = (
        Index("ix_base_job_state_run_at", "state", "run_at"),
        Index("ix_base_job_kind_made_at", "kind", "made_at"),
    )

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    arguments: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[int] = mapped_column(BigInteger)
    run_at: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    lease_until: Mapped[int] = mapped_column(BigInteger, default=0)
    holder: Mapped[str] = mapped_column(String(22), default="")
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    words: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(300), default="")


class WorkerRow(db.Model):
    """A process that works: when it began and when it last gave a sign of life."""

    __tablename__ = "base_worker"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    started_at: Mapped[int] = mapped_column(BigInteger)
    beat_at: Mapped[int] = mapped_column(BigInteger)

"""What is known of jobs and workers, as frozen views."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound
from app.base.jobs.kinds import Kind, kinds
from app.base.jobs.lease import LEASE, STATES
from app.base.jobs.models import NOBODY, JobRow, WorkerRow
from app.base.jobs.schedule import next_run


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work and how far it is; times are epoch seconds, `words` Chinese."""

    id: str
    member_id: int
    kind: str
    state: str
    tries: int
    made_at: int
    run_at: int
    started_at: int | None
    ended_at: int | None
    done: int
    total: int
    words: str
    address: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed")

    @property
    def title(self) -> Any:
        """What people call this kind of work."""
        kind = kinds().get(self.kind)
        return kind.title if kind else self.kind


@dataclass(frozen=True, slots=True)
class Worker:
    """The worker that gave the latest sign of life, and how many seconds ago that was."""

    started_at: int
    age: int

    @property
    def is_alive(self) -> bool:
        """Whether it was heard of lately enough to be working."""
        return self.age <= LEASE


def get_job(member_id: int, job_id: str) -> Job:
    """Return a member's own job; raise NotFound for any other."""
    row = db.session.get(JobRow, (member_id, job_id))
    if row is None:
        raise NotFound("没有找到这件事。")
    return _job(row)


def list_own_jobs(member_id: int, limit: int = 20) -> list[Job]:
    """Return a member's own jobs, the newest first."""
    query = select(JobRow).where(JobRow.member_id == member_id)
    query = query.order_by(JobRow.made_at.desc(), JobRow.id).limit(limit)
    return [_job(row) for row in db.session.scalars(query)]


def list_jobs(limit: int = 50) -> list[Job]:
    """Return the site's own jobs, the newest first."""
    return list_own_jobs(NOBODY, limit)


def count_jobs() -> dict[str, int]:
    """Return how many jobs are in each state, whosoever they are."""
    query = select(JobRow.state, func.count().label("n")).group_by(JobRow.state)
    found = {row.state: row.n for row in db.session.execute(query)}
    return {state: found.get(state, 0) for state in STATES}


def find_failed() -> list[Job]:
    """Return each kind's newest ended job when that one failed."""
    found = []
    for name in kinds():
        query = select(JobRow).where(JobRow.kind == name, JobRow.state.in_(("done", "failed")))
        row = db.session.scalars(query.order_by(JobRow.ended_at.desc()).limit(1)).first()
        if row is not None and row.state == "failed":
            found.append(_job(row))
    return found


def find_worker(now: datetime) -> Worker | None:
    """Return the worker heard of last, None when there never was one."""
    row = db.session.scalars(select(WorkerRow).order_by(WorkerRow.beat_at.desc()).limit(1)).first()
    return Worker(row.started_at, max(0, epoch(now) - row.beat_at)) if row else None


def next_runs(now: datetime) -> list[tuple[Kind, int]]:
    """Return every kind with a schedule and the epoch second of its next run, the next first."""
    times = [(k, epoch(next_run(k.schedule, now))) for k in kinds().values() if k.schedule]
    return sorted(times, key=lambda one: one[1])


def _job(row: JobRow) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__slots__})

"""Every change of a job; each is a short transaction that holds when others are faster."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.base.clock import SHANGHAI, epoch
from app.base.db import db, transaction
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import new_id
from app.base.jobs.kinds import Task, kinds
from app.base.jobs.lease import LEASE, after_failure
from app.base.jobs.models import NOBODY, JobRow, WorkerRow
from app.base.jobs.schedule import last_run

KEPT = 30 * 24 * 3600  # seconds an ended job stays to be looked at
MOST_OWN = 5  # jobs a member may have waiting or running
MOST_WORDS = 300  # characters
GONE = "后台程序在办这件事的时候停了 {} 次，没有再试。"
FAILED = "没有办成，原因在日志里（{}）。"


def add_job(
    kind: str,
    now: datetime,
    arguments: dict[str, Any] | None = None,
    key: str | None = None,
    member_id: int = NOBODY,
) -> str:
    """Add a job and return its id; with a `key` that is known the one that is there.

    Raises NotFound for an unknown kind, Invalid when the member has too much going on.
    """
    with transaction() as session:
        return add_in(session, kind, now, arguments, key, member_id)


def add_in(
    session: Session,
    kind: str,
    now: datetime,
    arguments: dict[str, Any] | None = None,
    key: str | None = None,
    member_id: int = NOBODY,
) -> str:
    """Add a job inside somebody's transaction: the work is there if and only if the act is."""
    if kind not in kinds():
        raise NotFound(f"没有叫“{kind}”的后台任务。")
    if member_id != NOBODY and key is None:
        _refuse_flood(session, member_id)
    made = new_id()
    key = key or f"{kind}#{made}"
    _insert(session, kind, key, msgspec.json.encode(arguments or {}).decode(), member_id, made, now)
    found: str = session.execute(select(JobRow.id).where(JobRow.key == key)).scalar_one()
    return found


def _insert(
    session: Session, kind: str, key: str, told: str, member_id: int, made: str, now: datetime
) -> None:
    values = {"member_id": member_id, "id": made, "kind": kind, "key": key, "arguments": told}
    values |= {"state": "waiting", "made_at": epoch(now), "run_at": epoch(now)}
    dialect = session.connection().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    session.execute(insert(JobRow).values(**values).on_conflict_do_nothing(index_elements=["key"]))


def _refuse_flood(session: Session, member_id: int) -> None:
    """Refuse what a member asks for while earlier wishes are still open."""
    mine = JobRow.member_id == member_id, JobRow.state.in_(("waiting", "running"))
    if len(session.execute(select(JobRow.id).where(*mine)).all()) >= MOST_OWN:
        raise Invalid("你已经有几件事在办，请等办完再试。")


def add_due(now: datetime) -> None:
    """Add what the schedules ask for by now; of several missed times only the latest is made up."""
    for kind in kinds().values():
        if kind.schedule is not None:
            moment = last_run(kind.schedule, now).astimezone(SHANGHAI)
            key = f"{kind.name}@{moment:%Y-%m-%dT%H:%M}"
            if not _is_known(key):
                add_job(kind.name, now, key=key)


def _is_known(key: str) -> bool:
    return db.session.scalar(select(JobRow.id).where(JobRow.key == key)) is not None


def claim(now: datetime, only: str | None = None) -> tuple[Task, str] | None:
    """Take the job that has waited longest, with its kind; None when there is nothing to do.

    `only` is the id of the one job to take.
    """
    moment = epoch(now)
    query = _free(moment) if only is None else _free(moment).where(JobRow.id == only)
    if db.session.scalars(query.limit(1)).first() is None:
        return None  # looked at without taking the turn of those who write
    with transaction() as session:
        locked = query.limit(1).with_for_update(skip_locked=True)
        row = session.scalars(locked.execution_options(populate_existing=True)).first()
        if row is None:
            return None
        row.state, row.tries, row.holder = "running", row.tries + 1, new_id()
        row.lease_until, row.started_at, row.ended_at = moment + LEASE, moment, None
        row.done, row.total, row.words, row.address = 0, 0, "", ""
        arguments = msgspec.json.decode(row.arguments)
        return Task(row.id, row.member_id, arguments, row.holder, row.tries), row.kind


def _free(moment: int) -> Select[JobRow]:
    """Select the jobs nobody is at, the one that has waited longest first."""
    free = (JobRow.state == "waiting") & (JobRow.run_at <= moment)
    left = (JobRow.state == "running") & (JobRow.lease_until <= moment)
    query = select(JobRow).where(free | left, JobRow.kind.in_(list(kinds())))
    return query.order_by(JobRow.run_at, JobRow.id)


def give_up_deadly(now: datetime) -> int:
    """End jobs whose worker died at the last try they had; return how many."""
    ended = 0
    for job in db.session.scalars(_free(epoch(now)).where(JobRow.state == "running")).all():
        if job.tries >= kinds()[job.kind].limit:
            task = Task(job.id, job.member_id, {}, job.holder)
            refuse(task, now, GONE.format(job.tries))
            ended += 1
    return ended


def renew(task: Task, now: datetime) -> bool:
    """Prolong the lease and write the progress down; say whether the job is still ours."""
    with transaction() as session:
        values = {"lease_until": epoch(now) + LEASE, "done": task.done, "total": task.total}
        return _change(session, task, values | {"words": task.words[:MOST_WORDS]})


def finish_in(session: Session, task: Task, now: datetime, words: str) -> None:
    """Mark the job as done in the very transaction of its effect: both are kept, or neither.

    Raises Stale when the lease went to another worker meanwhile; the effect is then undone.
    """
    values = {"state": "done", "ended_at": epoch(now), "words": words[:MOST_WORDS]}
    values |= {"done": task.done, "total": task.total, "address": task.address}
    if not _change(session, task, values):
        raise Stale("这件事已经由别的进程接着办。")


def finish(task: Task, now: datetime, words: str) -> bool:
    """Mark a job as done unless its function did; say whether it is this try that ended it."""
    with transaction() as session:
        mine = JobRow.id == task.id, JobRow.holder == task.holder
        if session.execute(select(JobRow.state).where(*mine)).scalar() == "running":
            finish_in(session, task, now, words)
        return session.execute(select(JobRow.state).where(*mine)).scalar() == "done"


def refuse(task: Task, now: datetime, words: str) -> None:
    """End a job that was refused: trying again would be refused again."""
    with transaction() as session:
        values = {"state": "failed", "ended_at": epoch(now), "words": words[:MOST_WORDS]}
        _change(session, task, values)


def fail(task: Task, kind: str, now: datetime, error: str) -> None:
    """Let a job that failed wait for its next try, or end it after the last."""
    state, run_at = after_failure(task.tries, kinds()[kind].limit, epoch(now))
    values: dict[str, Any] = {"state": state, "run_at": run_at, "words": FAILED.format(error)}
    with transaction() as session:
        _change(session, task, values | {"ended_at": epoch(now), "lease_until": 0})


def put_off(task: Task, now: datetime, seconds: int) -> None:
    """Let a job whose time has not come wait; the try does not count."""
    values = {"state": "waiting", "run_at": epoch(now) + seconds, "tries": task.tries - 1}
    with transaction() as session:
        _change(session, task, values | {"lease_until": 0})


def retry_job(job_id: str, now: datetime) -> None:
    """Let a failed job of the site begin anew; raise Stale when it is in another state."""
    with transaction() as session:
        values = {"state": "waiting", "run_at": epoch(now), "tries": 0, "ended_at": None}
        which = JobRow.id == job_id, JobRow.member_id == NOBODY, JobRow.state == "failed"
        changed = session.execute(update(JobRow).where(*which).values(**values))
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise Stale("这件事现在不能重试：可能已经在办，或已经办成。")


def forget_old(now: datetime) -> int:
    """Delete jobs that ended a month ago and workers silent for a day; return how many jobs."""
    with transaction() as session:
        old = JobRow.state.in_(("done", "failed")) & (JobRow.ended_at < epoch(now) - KEPT)
        gone: int = session.execute(delete(JobRow).where(old)).rowcount  # type: ignore[attr-defined]
        session.execute(delete(WorkerRow).where(WorkerRow.beat_at < epoch(now) - 24 * 3600))
        return gone


def beat(worker_id: str, now: datetime) -> None:
    """Give the sign of life of a worker."""
    with transaction() as session:
        row = session.get(WorkerRow, worker_id)
        if row is None:
            session.add(WorkerRow(id=worker_id, started_at=epoch(now), beat_at=epoch(now)))
        else:
            row.beat_at = epoch(now)


def leave(worker_id: str) -> None:
    """Take a worker that stops in good order off the list."""
    with transaction() as session:
        session.execute(delete(WorkerRow).where(WorkerRow.id == worker_id))


def _change(session: Session, task: Task, values: dict[str, Any]) -> bool:
    """Change a running job if this try still holds it; say whether it does."""
    which = JobRow.id == task.id, JobRow.holder == task.holder, JobRow.state == "running"
    changed: int = session.execute(update(JobRow).where(*which).values(**values)).rowcount  # type: ignore[attr-defined]
    return changed == 1

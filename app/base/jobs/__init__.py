"""Long and regular work outside requests: rows with a lease in the site's own database."""

from app.base.jobs.kinds import Kind, Later, Task, kinds, register_job
from app.base.jobs.lease import STATES, State
from app.base.jobs.models import NOBODY
from app.base.jobs.queries import (
    Job,
    Worker,
    count_jobs,
    find_failed,
    find_worker,
    get_job,
    list_jobs,
    list_own_jobs,
    next_runs,
)
from app.base.jobs.queue import add_in, add_job, finish_in, forget_old, retry_job
from app.base.jobs.schedule import Daily, Hourly, Schedule, last_run, next_run
from app.base.jobs.worker import run_next, work

__all__ = [
    "NOBODY",
    "STATES",
    "Daily",
    "Hourly",
    "Job",
    "Kind",
    "Later",
    "Schedule",
    "State",
    "Task",
    "Worker",
    "add_in",
    "add_job",
    "count_jobs",
    "find_failed",
    "find_worker",
    "finish_in",
    "forget_old",
    "get_job",
    "kinds",
    "last_run",
    "list_jobs",
    "list_own_jobs",
    "next_run",
    "next_runs",
    "register_job",
    "retry_job",
    "run_next",
    "work",
]

"""What administrators ask of the worker."""

from datetime import datetime

from app.base import audit, jobs
from app.base.db import transaction


def ask_for_job(kind: str, failed: str, by: int, now: datetime) -> None:
    """Have a regular job done now or, when the id of a failed one is given, that one once more.

    Raises NotFound for an unknown kind, Stale when the failed job is in another state by now.
    """
    if failed:
        jobs.retry_job(failed, now)
    with transaction() as session:
        made = failed or jobs.add_in(session, kind, now)
        audit.record(session, now, by, "ops.ask_for_job", f"job:{made}", details={"kind": kind})

"""What goals take of members, worked out once a study day and kept."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import delete, insert

from app.assign import queries
from app.assign.load import Load
from app.assign.models import LoadRow
from app.base.clock import study_day
from app.base.db import transaction

AT_A_TIME = 50  # members written in one transaction, so that answers get their turn


def refresh_loads(member_id: int, now: datetime) -> int:
    """Work out a member's open goals that were not yet looked at today; return how many were."""
    today = study_day(now)
    kept = queries.list_own_loads(member_id)
    stale = [
        one
        for one in queries.list_own_goals(member_id, now)
        if one.id not in kept or kept[one.id][0] < today
    ]
    return _keep(stale, [member_id], now) if stale else 0


def refresh_goal(assignment_id: int, member_ids: Iterable[int], now: datetime) -> int:
    """Work a goal out for those of these members for whom that was never done; return how many."""
    goal = queries.find_goal(assignment_id)
    known = queries.list_loads(assignment_id)
    return _keep([goal], [i for i in member_ids if i not in known], now) if goal else 0


def refresh_everybody(
    now: datetime, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> int:
    """Work out every open goal for everybody it is asked of; return how many loads were written.

    Safe to stop and to repeat: what was written stays, what was worked out today is left alone.
    `progress` is told how many people of a goal are done, and of how many.
    """
    written = 0
    for one in queries.list_open_goals(now):
        meant = queries.resolve_for(one, study_day(now), None, None)
        fresh = queries.list_refreshed(one.id, study_day(now))
        ids = [person.id for person in meant.obliged if person.id not in fresh]
        for first in range(0, len(ids), AT_A_TIME):
            written += _keep([one], ids[first : first + AT_A_TIME], now)
            progress(min(first + AT_A_TIME, len(ids)), len(ids))
    return written


def _keep(goals: list[queries.Assignment], member_ids: list[int], now: datetime) -> int:
    """Work goals out for members, reading before the lock, and keep what came of it."""
    found: list[tuple[int, int, Load]] = []
    for one in goals:
        assert one.terms.goal is not None
        for member_id in member_ids:
            load = queries.work_out_load(member_id, one.terms.goal, one.terms.closes_at, now)
            if load is not None:
                found.append((member_id, one.id, load))
    if not found:
        return 0
    with transaction() as session:
        for one in goals:
            session.execute(
                delete(LoadRow).where(
                    LoadRow.assignment_id == one.id, LoadRow.member_id.in_(member_ids)
                )
            )
        session.execute(
            insert(LoadRow),
            [
                {
                    "member_id": member_id,
                    "assignment_id": assignment_id,
                    "day": study_day(now),
                    "recall": load.now,
                    "expected": load.then,
                    "new": load.new,
                    "due": load.due,
                    "answers": load.answers,
                    "unseen": load.unseen,
                    "total": load.total,
                    "reachable": load.reachable,
                }
                for member_id, assignment_id, load in found
            ],
        )
    return len(found)

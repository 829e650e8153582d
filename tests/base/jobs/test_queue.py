"""Jobs are begun at least once, their effect shows once, and nobody takes another's."""

from datetime import datetime

import pytest
from flask import Flask

from app.base import audit, jobs
from app.base.clock import SHANGHAI
from app.base.db import db, transaction
from app.base.errors import Invalid, NotFound, Stale
from app.base.jobs import queue
from app.base.jobs.kinds import Task
from app.base.jobs.lease import LEASE
from app.base.jobs.queue import GONE, KEPT, MOST_OWN
from tests.base.jobs.conftest import Labour
from tests.conftest import Clock


def job(made: str, member: int = jobs.NOBODY) -> jobs.Job:
    """Return how a job stands."""
    db.session.rollback()
    return jobs.get_job(member, made)


def claim(clock: Clock) -> Task:
    """Take the next job; there must be one."""
    claimed = queue.claim(clock())
    assert claimed is not None
    return claimed[0]


def test_a_key_makes_one_job(labour: Labour, clock: Clock) -> None:
    first = jobs.add_job("test.work", clock(), {"a": 1}, key="once")
    assert jobs.add_job("test.work", clock(), {"a": 2}, key="once") == first
    assert len(jobs.list_jobs()) == 1
    assert claim(clock).arguments == {"a": 1}
    assert jobs.add_job("test.work", clock()) != jobs.add_job("test.work", clock())


def test_an_unknown_kind_is_refused(labour: Labour, clock: Clock) -> None:
    with pytest.raises(NotFound):
        jobs.add_job("test.nothing", clock())


def test_two_kinds_of_one_name_are_refused(app: Flask, labour: Labour) -> None:
    with pytest.raises(ValueError, match=r"test\.work"):
        jobs.register_job(app, jobs.Kind("test.work", "", labour))


def test_work_added_in_an_act_goes_with_it(labour: Labour, clock: Clock) -> None:
    def act() -> None:
        with transaction() as session:
            jobs.add_in(session, "test.work", clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert jobs.list_jobs() == []


def test_a_lease_is_one_workers_until_it_runs_out(labour: Labour, clock: Clock) -> None:
    jobs.add_job("test.work", clock())
    first = claim(clock)
    assert queue.claim(clock()) is None
    clock.move(seconds=LEASE - 1)
    assert queue.claim(clock()) is None
    assert queue.renew(first, clock())
    clock.move(seconds=LEASE - 1)
    assert queue.claim(clock()) is None
    clock.move(seconds=1)
    second = claim(clock)
    assert (second.id, second.tries) == (first.id, 2)
    assert not queue.renew(first, clock())


def test_the_effect_of_a_late_worker_is_undone(labour: Labour, clock: Clock) -> None:
    jobs.add_job("test.work", clock())
    late = claim(clock)
    clock.move(seconds=LEASE)
    prompt = claim(clock)

    def effect(task: Task) -> None:
        with transaction() as session:
            audit.record(session, clock(), None, "test.effect", f"job:{task.id}")
            jobs.finish_in(session, task, clock(), "好了")

    effect(prompt)
    with pytest.raises(Stale):
        effect(late)
    assert len(audit.list_entries()) == 1
    assert job(prompt.id).state == "done"
    queue.fail(late, "test.work", clock(), "Late")
    queue.refuse(late, clock(), "late")
    assert not queue.finish(late, clock(), "late")
    assert (job(prompt.id).state, job(prompt.id).words) == ("done", "好了")


def test_a_failure_waits_and_the_last_ends_it(labour: Labour, clock: Clock) -> None:
    made = jobs.add_job("test.work", clock())
    for wait in (30, 120):
        queue.fail(claim(clock), "test.work", clock(), "ValueError")
        clock.move(seconds=wait - 1)
        assert queue.claim(clock()) is None
        clock.move(seconds=1)
    queue.fail(claim(clock), "test.work", clock(), "ValueError")
    assert (job(made).state, job(made).tries) == ("failed", 3)
    assert "ValueError" in job(made).words
    assert [one.id for one in jobs.find_failed()] == [made]


def test_work_that_kills_its_workers_is_given_up(labour: Labour, clock: Clock) -> None:
    made = jobs.add_job("test.work", clock())
    for _try in range(3):
        assert queue.give_up_deadly(clock()) == 0
        claim(clock)
        clock.move(seconds=LEASE)
    assert queue.give_up_deadly(clock()) == 1
    assert (job(made).state, job(made).words) == ("failed", GONE.format(3))


def test_a_failed_job_can_begin_anew(labour: Labour, clock: Clock) -> None:
    made = jobs.add_job("test.work", clock())
    with pytest.raises(Stale):
        jobs.retry_job(made, clock())
    queue.refuse(claim(clock), clock(), "不行")
    jobs.retry_job(made, clock())
    assert claim(clock).tries == 1


def test_schedules_add_each_moment_once_and_make_up_the_latest(
    labour: Labour, clock: Clock
) -> None:
    for _look in range(3):
        queue.add_due(clock())
    assert len(jobs.list_jobs()) == 1
    clock.move(days=9)
    queue.add_due(clock())
    clock.move(minutes=1)
    queue.add_due(clock())
    assert len(jobs.list_jobs()) == 2
    [(kind, second)] = jobs.next_runs(clock())
    assert kind.name == "test.nightly"
    assert datetime.fromtimestamp(second, SHANGHAI).strftime("%H:%M") == "04:10"


def test_a_member_has_a_few_things_going_on_and_sees_only_ones_own(
    labour: Labour, clock: Clock
) -> None:
    mine = [jobs.add_job("test.work", clock(), member_id=7) for _one in range(MOST_OWN)]
    with pytest.raises(Invalid):
        jobs.add_job("test.work", clock(), member_id=7)
    jobs.add_job("test.work", clock(), member_id=8)
    assert {one.id for one in jobs.list_own_jobs(7)} == set(mine)
    with pytest.raises(NotFound):
        jobs.get_job(8, mine[0])
    assert jobs.list_jobs() == []


def test_old_jobs_are_forgotten(labour: Labour, clock: Clock) -> None:
    made = jobs.add_job("test.work", clock())
    assert queue.finish(claim(clock), clock(), "好了")
    waiting = jobs.add_job("test.work", clock())
    clock.move(seconds=KEPT)
    assert jobs.forget_old(clock()) == 0
    assert job(made).state == "done"
    clock.move(seconds=1)
    assert jobs.forget_old(clock()) == 1
    assert [one.id for one in jobs.list_jobs()] == [waiting]


def test_counts_and_signs_of_life(labour: Labour, clock: Clock) -> None:
    assert jobs.find_worker(clock()) is None
    jobs.add_job("test.work", clock())
    jobs.add_job("test.work", clock())
    claim(clock)
    assert jobs.count_jobs() == {"waiting": 1, "running": 1, "done": 0, "failed": 0}
    queue.beat("a", clock())
    clock.move(seconds=LEASE)
    queue.beat("b", clock())
    clock.move(seconds=LEASE)
    worker = jobs.find_worker(clock())
    assert (worker.age, worker.is_alive) == (LEASE, True)
    queue.leave("b")
    worker = jobs.find_worker(clock())
    assert (worker.age, worker.is_alive) == (2 * LEASE, False)

"""A kind of work that does what a test tells it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from flask import Flask

from app.base.jobs import Daily, Kind, Task, register_job
from app.base.jobs.kinds import KEY


@dataclass
class Labour:
    """What happens in the work, and which tasks came."""

    act: Callable[[Task, datetime], str] = field(default=lambda _task, _now: "好了")
    seen: list[Task] = field(default_factory=list)

    def __call__(self, task: Task, now: datetime) -> str:
        self.seen.append(task)
        return self.act(task, now)


@pytest.fixture
def labour(app: Flask) -> Labour:
    """The only kinds of work of this site: one to be asked for, one every night."""
    made = Labour()
    app.extensions[KEY] = {}
    register_job(app, Kind("test.work", "干活", made, limit=3))
    register_job(app, Kind("test.nightly", "夜里干活", made, Daily(4, 10)))
    return made

"""The kinds of work there are: rooms give each a name, a function and perhaps a schedule.

`app.factory` registers them, so that pages know their titles and the worker their functions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from app.base.jobs.schedule import Schedule

KEY = "xueji.jobs"


@dataclass(slots=True)
class Task:
    """One job as its function sees it; `id` is the same at every try.

    `holder` is the token of this try: `finish_in` takes nothing from an older one.
    """

    id: str
    member_id: int
    arguments: Mapping[str, Any]
    holder: str
    tries: int = 1
    done: int = 0
    total: int = 0
    words: str = ""
    address: str = field(default="")

    def progress(self, done: int, total: int, words: str = "") -> None:
        """Say how far the work is; it is written down by the worker's other thread.

        So this may be called inside a transaction too.
        """
        self.done, self.total, self.words = done, total, words


class Later(Exception):
    """It is not time yet: do it again in `seconds`; that is no failure and costs no try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


Function = Callable[[Task, datetime], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work.

    `function` returns a sentence about what came of it; a refusal (XuejiError) ends the job with
    its sentence, `Later` puts it off, any other error lets it be tried again, `limit` times in
    all. A try may take `longest` seconds.
    """

    name: str
    title: Any  # words for people, lazily translated
    function: Function
    schedule: Schedule | None = None
    limit: int = 3
    longest: int = 3600


def register_job(app: Flask, kind: Kind) -> None:
    """Make a kind of work known to pages and workers; raise ValueError for a name that is taken."""
    known: dict[str, Kind] = app.extensions.setdefault(KEY, {})
    if kind.name in known:
        raise ValueError(f"two kinds of work are called {kind.name}")
    known[kind.name] = kind


def kinds() -> dict[str, Kind]:
    """Return every kind of work by its name."""
    known: dict[str, Kind] = current_app.extensions.get(KEY, {})
    return known

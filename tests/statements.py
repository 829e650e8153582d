"""Every statement that is asked of the database, however it is asked, told to a test."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from app.base.db import db
from app.base.sql import Statement

_telling: Callable[[str], None] = len


def _tell(*words: Any) -> None:
    """Tell whoever listens now; an engine outlives a test."""
    _telling(words[2])


def watch_statements(monkeypatch: pytest.MonkeyPatch, tell: Callable[[str], None]) -> None:
    """Call `tell` with the text of each statement from now on, until the test is over."""
    for name in ("_run_in", "_run_on"):
        monkeypatch.setattr(Statement, name, _told(getattr(Statement, name), tell))
    monkeypatch.setattr(sys.modules[__name__], "_telling", tell)
    if not event.contains(db.engine, "before_cursor_execute", _tell):
        event.listen(db.engine, "before_cursor_execute", _tell)


def _told(run: Callable[..., Any], tell: Callable[[str], None]) -> Callable[..., Any]:
    """Return `run` of a statement that tells its text first."""

    def told(self: Statement, *arguments: Any) -> Any:
        tell(self.sql)
        return run(self, *arguments)

    return told

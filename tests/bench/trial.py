"""Tests collected once in one process, and run again and again in processes forked from it."""

import contextlib
import io
import itertools
import json
import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.bench.altering import ENTERED

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600  # seconds for the tests of one mutant; longer is a mutant that hangs
DIED = "died"


class Trial:
    """Tests collected once, run again and again in processes forked from this one."""

    def __init__(self, session: pytest.Session) -> None:
        self.items = {item.nodeid: item for item in session.items}
        self.failed = False
        session.config.pluginmanager.register(self)
        # What is made once a session is made here, so that no process has to make it again.
        for item in session.items:
            if "app" in getattr(item, "fixturenames", ()):
                self._run_one(item, SimpleNamespace(listchain=lambda: [session]))
                break

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember whether anything about a test failed."""
        self.failed = self.failed or report.failed

    def _run_one(self, item: pytest.Item, following: Any) -> bool:
        """Run a test; what it shares with the following one stays. Return whether it passed."""
        self.failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return not self.failed

    def first_failure(self, names: Sequence[str]) -> str | None:
        """Run tests until one fails; return its name, or None when all pass."""
        items = [self.items[name] for name in names]
        for item, following in itertools.zip_longest(items, items[1:]):
            if not self._run_one(item, following):
                return str(item.nodeid)
        return None

    def look(self, module: ModuleType, names: Sequence[str]) -> list[tuple[float, str, list[str]]]:
        """Run tests on a module that notes; return each one's seconds, name, functions entered."""
        found = []
        items = [self.items[name] for name in names]
        for item, following in itertools.zip_longest(items, items[1:]):
            entered: set[str] = set()
            setattr(module, ENTERED, entered)
            began = time.monotonic()
            if not self._run_one(item, following):
                raise SystemExit(f"{item.nodeid} fails without a mutant")
            found.append((round(time.monotonic() - began, 3), item.nodeid, sorted(entered)))
        return found


def in_child(act: Callable[[], object]) -> Any:
    """Do something in a process of its own; return what it returned.

    Returns DIED when it ended otherwise or took too long, as a mutant may.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(ours)
        nothing = os.open(os.devnull, os.O_WRONLY)
        for handle in (1, 2):
            os.dup2(nothing, handle)
        with contextlib.suppress(BaseException), os.fdopen(theirs, "w") as told:
            json.dump({"found": act()}, told)
        os._exit(0)
    os.close(theirs)
    told, end = b"", time.monotonic() + PATIENCE
    while select.select([ours], [], [], max(0.0, end - time.monotonic()))[0]:
        piece = os.read(ours, 1 << 16)
        if not piece:
            break
        told += piece
    os.close(ours)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    try:
        return json.loads(told)["found"]
    except ValueError:
        return DIED


class Loop:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, act: Callable[[Trial], object]) -> None:
        self.act, self.found = act, None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do with the collected tests what is to be done."""
        self.found = self.act(Trial(session))  # type: ignore[assignment]
        return True


def with_tests(tests: Iterable[str], act: Callable[[Trial], object]) -> Any:
    """Collect tests in this process and return what `act` makes of them."""
    loop = Loop(act)
    options = ["-q", "-s", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist"]
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main([*options, *(str(ROOT / test) for test in tests)], plugins=[loop])
    if code != pytest.ExitCode.OK:
        raise SystemExit(f"the tests could not be run ({code})")
    return loop.found

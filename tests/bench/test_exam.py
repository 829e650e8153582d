"""Short versions of the storm and of the kills; nothing is asserted about time."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


def run(module: str) -> Any:
    """Run a measurement briefly and return what it found."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("XUEJI_")}
    done = subprocess.run(
        [sys.executable, "-m", module, "--quick", "--json"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_when_everybody_hands_in_nothing_is_lost_or_double() -> None:
    found = run("tests.bench.storm")
    assert found["submit"]["requests"] == 24
    assert (found["failures"], found["lost"], found["double"], found["wrong_marks"]) == (0,) * 4


def test_a_kill_loses_no_acknowledged_answer_and_no_second() -> None:
    found = run("tests.bench.kill")
    assert found["kills"] == 1
    assert found["acknowledged"] > 20
    assert found["connections_lost"] > 0
    assert (found["refused"], found["lost"], found["double"], found["wrong_marks"]) == (0,) * 4
    assert found["deadlines_moved"] == 0
    assert found["clock_off_s"] <= 2

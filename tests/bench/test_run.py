"""The benchmark runs and every measured request succeeds; nothing is asserted about time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]


def test_quick_run_measures_everything() -> None:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("XUEJI_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.run", "--quick", "--json"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    for name in ("hello", "home", "question", "answer", "raw", "plain"):
        assert found[name]["per_second"] > 0
        assert set(found[name]["statuses"]) == {"200"}, name


def test_quick_run_at_growing_sizes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.run", "sizes", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    for kind in ("answer", "next", "home", "delivery", "report"):
        assert min(found[kind]["median"]) > 0, kind


def test_a_quick_evening() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.run", "evening", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["statuses"] == {"200": 4 * (1 + 2 * 12)}  # by then every kind was asked
    assert set(found["ms"]) == {"/", "/study", "/study/answer"}

"""The benchmark runs and every measured request succeeds; nothing is asserted about time."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]


def quick(*words: str) -> Any:
    """Run the benchmark briefly, without the settings of the surrounding run; what it found."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("XUEJI_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.run", *words, "--quick"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_quick_run_measures_everything() -> None:
    found = quick("--json")
    for name in ("hello", "home", "question", "answer", "raw", "plain"):
        assert found[name]["per_second"] > 0
        assert set(found[name]["statuses"]) == {"200"}, name


def test_quick_run_at_growing_sizes() -> None:
    found = quick("sizes")
    for kind in ("answer", "next", "home", "first_home", "delivery", "report"):
        assert min(found[kind]["median"]) > 0, kind


def test_quick_looks_at_what_grows_beside_cards() -> None:
    found = quick("growth", "--kinds", "deck,sign_in")
    assert min(found["deck"]["cpu_ms"]) > 0
    assert min(found["sign_in"]["cpu_ms"]) > 0


def test_a_quick_look_at_the_memory_of_a_worker() -> None:
    found = quick("memory")
    assert found["questions"] == 1200
    assert found["answers"][-1] > 0
    assert min(found["megabytes"]) > 50


def test_a_quick_evening() -> None:
    found = quick("evening")
    assert found["statuses"] == {"200": 4 * (1 + 2 * 12)}  # by then every kind was asked
    assert set(found["ms"]) == {"/", "/study", "/study/answer"}


def test_a_quick_look_at_the_parts_of_a_request() -> None:
    found = quick("parts")
    for kind in ("home", "question", "answer"):
        parts = found[kind]
        assert min(parts["frame"], parts["find"], parts["show"], parts["sqlite"]) > 0, kind
        assert parts["sqlite"] < parts["all"]
    assert found["answer"]["take"] > 0
    assert found["hello"]["frame"] == found["hello"]["all"]


def test_a_quick_look_at_two_trees() -> None:
    found = quick("trees", str(ROOT))
    for kind in ("home", "question", "answer"):
        assert [set(one["statuses"]) for one in found[kind]] == [{"200"}] * 2
        assert found[kind][0]["of_this"] == {"rate": 1, "cpu": 1}


def test_quick_answers_with_either_sync() -> None:
    found = quick("answers")
    for sync in ("FULL", "NORMAL"):
        for name in (f"answer {sync}", f"delivery {sync}", f"one answer {sync}"):
            assert set(found[name]["statuses"]) == {"200"}, name
    assert set(found["steady FULL"]["statuses"]) == {"200"}

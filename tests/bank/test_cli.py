"""The terminal says the same, as one JSON object when asked."""

import json
import shutil
from pathlib import Path

from flask import Flask

from tests.conftest import FIXTURE_BANK


def test_check_counts(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["bank", "check", "--json"])
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["questions"], found["errors"], found["warnings"]) == (12, 0, 0)
    assert found["documents"]["dangzhang"]["provisions"]["a5"] == 2


def test_check_fails_with_one_line_a_fault(app: Flask, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FIXTURE_BANK, tmp_path / "bank"))
    (folder / "dangzhang/gp.toml").write_text("x")
    result = app.test_cli_runner().invoke(args=["bank", "check", "--folder", str(folder)])
    assert result.exit_code == 1
    assert result.stdout.startswith("错误 dangzhang/gp.toml：TOML 格式有误")
    result = app.test_cli_runner().invoke(args=["bank", "publish", "--folder", str(folder)])
    assert result.exit_code == 1
    assert "没有发布" in result.stderr


def test_publish_counts(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = json.loads(runner.invoke(args=["bank", "publish", "--json"]).stdout)
    again = json.loads(runner.invoke(args=["bank", "publish", "--json"]).stdout)
    assert first == {"added": 12, "revised": 0, "unchanged": 0, "retired": 0}
    assert again == {"added": 0, "revised": 0, "unchanged": 12, "retired": 0}

"""What is due, from the terminal."""

import json

from flask import Flask

from tests.conftest import Cast


def test_study_due(bank: Flask, cast: Cast) -> None:
    cast.make_member("甲")
    runner = bank.test_cli_runner()
    done = runner.invoke(args=["study", "due", "--member", "甲", "--json"])
    assert json.loads(done.stdout) == {"study_day": "2026-11-23", "due": 0, "new": 10}
    refused = runner.invoke(args=["study", "due", "--member", "查无此人", "--json"])
    assert refused.exit_code == 1
    assert "没有找到" in refused.output


def test_study_fold(bank: Flask, cast: Cast) -> None:
    done = bank.test_cli_runner().invoke(args=["study", "fold", "--json"])
    assert json.loads(done.stdout) == {"rows": 0}

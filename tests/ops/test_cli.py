"""Set-up at every start, and the demonstration branch, from the terminal."""

import json

import pytest
from flask import Flask

from app.accounts.queries import is_setup_open
from app.base.db import db
from app.base.schema import stamp_schema
from tests.conftest import Cast


@pytest.fixture
def empty(app: Flask) -> Flask:
    """The application on a database without tables."""
    db.drop_all()
    return app


def test_the_first_start_makes_everything_and_the_second_changes_nothing(empty: Flask) -> None:
    runner = empty.test_cli_runner()
    first = runner.invoke(args=["setup"])
    assert first.exit_code == 0, first.output
    assert "新增 12，修订 0，未变 0" in first.output
    token = first.output.split("/setup/")[1].strip()
    assert is_setup_open(token)
    second = runner.invoke(args=["setup"])
    assert "新增 0，修订 0，未变 12" in second.output
    assert not is_setup_open(token)


def test_no_link_is_printed_once_there_is_an_administrator(bank: Flask, cast: Cast) -> None:
    stamp_schema()
    cast.make_member("总管", role="admin")
    done = bank.test_cli_runner().invoke(args=["setup"])
    assert done.exit_code == 0, done.output
    assert "/setup/" not in done.output


def test_demo_load(bank: Flask) -> None:
    runner = bank.test_cli_runner()
    words = ["demo", "load", "--members", "2", "--days", "10", "--seed", "3", "--json"]
    found = json.loads(runner.invoke(args=words).stdout)
    assert set(found) == {"members", "reviews"}
    assert found["members"] == 2
    refused = runner.invoke(args=words)
    assert refused.exit_code == 1
    assert "已经存在" in refused.output

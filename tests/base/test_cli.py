"""Commands print one JSON object or a table, and refuse with a sentence and exit code 1."""

import json

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from app.base.cli import json_option, report, sentences
from app.base.errors import Invalid

pytestmark = pytest.mark.pure


@click.command()
@click.option("--fail", is_flag=True)
@json_option
@sentences
def sample(fail: bool, as_json: bool) -> None:
    """Report something, or refuse."""
    if fail:
        raise Invalid("不行，请改。")
    report({"数": 3, "parts": {"a": 1}}, as_json)


def test_json_is_one_object() -> None:
    done = CliRunner().invoke(sample, ["--json"])
    assert json.loads(done.stdout) == {"数": 3, "parts": {"a": 1}}


def test_people_get_a_table() -> None:
    done = CliRunner().invoke(sample)
    assert "数" in done.stdout
    assert "{" in done.stdout


def test_a_refusal_is_a_sentence_on_standard_error() -> None:
    done = CliRunner().invoke(sample, ["--fail", "--json"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "不行，请改。" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_used_is_a_sentence_too() -> None:
    @click.command()
    @sentences
    def stuck() -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    done = CliRunner().invoke(stuck)
    assert done.exit_code == 1
    assert "ops doctor" in done.stderr
    assert "Traceback" not in done.stderr

"""What commands share: `--json`, one report on standard output, refusals as sentences."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

import click
import msgspec
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import OperationalError

from app.base.errors import XuejiError

P = ParamSpec("P")
R = TypeVar("R")

STUCK = "数据库现在不能读写（可能是磁盘满了、文件夹只读，或数据库没有启动）。请运行 ops doctor。"
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def report(data: Mapping[str, Any], as_json: bool) -> None:
    """Print `data` on standard output: one JSON object, or a table for people."""
    if as_json:
        click.echo(msgspec.json.encode(data).decode())
        return
    table = Table(show_header=False, box=None)
    for key, value in data.items():
        shown = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        table.add_row(key, shown)
    Console().print(table)


def sentences(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a refusal, or a database that cannot be used, into a sentence and exit code 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except XuejiError as error:
            raise click.ClickException(error.message) from error
        except OperationalError as error:
            raise click.ClickException(STUCK) from error

    return run

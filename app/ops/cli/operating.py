"""Keeping the site alive from the terminal: copies of the database."""

from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.base import clock
from app.base.cli import json_option, report, sentences
from app.ops.actions import KEEP, make_backup, restore_backup

group = AppGroup("ops", help="Operating the site: copies, checks.")
file_type = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("backup")
@click.option("--keep", default=KEEP, show_default=True, type=click.IntRange(1, 1000))
@json_option
@sentences
def backup(keep: int, as_json: bool) -> None:
    """Copy the database while the site runs, and prove the copy by restoring it."""
    report(asdict(make_backup(clock.now(), keep)), as_json)


@group.command("restore")
@click.argument("file", type=file_type)
@click.option("--into", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--key-file", type=file_type, help="The secret-key of the site the copy is from.")
@click.option("--without-key", is_flag=True, help="The key is lost: everybody signs in anew.")
@json_option
@sentences
def restore(
    file: Path, into: Path, key_file: Path | None, without_key: bool, as_json: bool
) -> None:
    """Put a copy into a fresh folder; refused when anything in it was damaged or changed."""
    own: str = current_app.config["SECRET_KEY"]
    secret = None if without_key else key_file.read_text() if key_file else own
    report(asdict(restore_backup(file, into, secret)), as_json)

"""Keeping the site alive from the terminal: copies of the database, and what is wrong."""

from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.base import audit, clock
from app.base.cli import json_option, report, sentences
from app.base.errors import Invalid
from app.ops.actions import KEEP, make_backup, mend_study, restore_backup
from app.ops.nginx import configuration
from app.ops.queries import list_findings

group = AppGroup("ops", help="Operating the site: copies, checks.")
MARKS = {"ok": "✓ 正常", "warn": "! 注意", "fault": "✗ 故障"}
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


@group.command("doctor")
@click.option(
    "--recount",
    is_flag=False,
    flag_value=50,
    default=0,
    type=click.IntRange(0, 1_000_000),
    help="Replay the answers of so many members (50 when no number is given).",
)
@click.option("--mend", is_flag=True, help="Make cards and summaries that are wrong again.")
@json_option
def doctor(recount: int, mend: bool, as_json: bool) -> None:
    """Say in words what is wrong and what to do; exit code 1 when something is broken."""
    if mend:
        mend_study()
    findings = list_findings(clock.now(), recount)
    faults = [f.name for f in findings if f.state == "fault"]
    if as_json:
        report({"sound": not faults, "findings": [asdict(f) for f in findings]}, True)
    else:
        for found in findings:
            click.echo(f"{MARKS[found.state]} {found.words}")
    if faults:
        raise SystemExit(1)


@group.command("audit")
@json_option
def audit_chain(as_json: bool) -> None:
    """Check the record of acts against its chain and the head outside the database."""
    last, broken, missing = audit.find_last(), audit.find_break(), audit.find_missing()
    sound = broken is None and missing is None
    number = last.number if last else 0
    report({"sound": sound, "acts": number, "broken": broken, "missing": missing}, as_json)
    if not sound:
        raise SystemExit(1)


@group.command("nginx")
@click.option("--node", "nodes", required=True, multiple=True, help="host:port, once for each.")
@click.option("--name", required=True, help="The site's own name, e.g. xueji.example.")
@click.option("--certificate", type=click.Path(), help="Without one: the loopback only.")
@click.option("--key", type=click.Path())
@click.option("--port", default=443, show_default=True, type=click.IntRange(1, 65535))
@sentences
def nginx(
    nodes: tuple[str, ...], name: str, certificate: str | None, key: str | None, port: int
) -> None:
    """Print what nginx in front of several web nodes is to be told."""
    if bool(certificate) != bool(key):
        raise Invalid("--certificate 和 --key 要一起给出。")
    try:
        click.echo(configuration(nodes, name, certificate, key, port), nl=False)
    except ValueError as error:
        raise Invalid(f"{error} 不是能写进 nginx 配置的地址或路径。") from error

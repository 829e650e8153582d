"""Commands of the bank: check the files, publish them."""

from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.bank.actions import amend_edition, publish_bank
from app.bank.check import Summary, check_bank
from app.bank.source import read_bank
from app.base import clock
from app.base.cli import json_option, report, sentences

group = AppGroup("bank", help="The question bank.")
folder_option = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where sources.toml lies; the site's own bank when left out.",
)


@group.command("check")
@folder_option
@json_option
def check(folder: Path | None, as_json: bool) -> None:
    """Look for errors and weak questions; exit code 1 when there are errors."""
    summary = check_bank(read_bank(folder or current_app.config["QUESTION_BANK"]))
    if not as_json:
        _print_findings(summary)
    counts = {
        "questions": summary.questions,
        "errors": len(summary.errors),
        "warnings": len(summary.warnings),
        "kinds": summary.kinds,
    }
    details = {
        "documents": summary.documents,
        "balance": asdict(summary.balance),
        "findings": [asdict(finding) for finding in summary.findings],
    }
    report(counts | details if as_json else counts, as_json)
    if summary.errors:
        raise SystemExit(1)


@group.command("publish")
@folder_option
@json_option
@sentences
def publish(folder: Path | None, as_json: bool) -> None:
    """Publish the files; doing it again changes nothing."""
    result = publish_bank(folder or current_app.config["QUESTION_BANK"], clock.now())
    report(asdict(result), as_json)


@group.command("amend")
@click.argument("edition")
@folder_option
@json_option
@sentences
def amend(edition: str, folder: Path | None, as_json: bool) -> None:
    """Mark every question that cites a provision which EDITION has changed."""
    where = folder or current_app.config["QUESTION_BANK"]
    report(asdict(amend_edition(where, edition, None, clock.now())), as_json)


def _print_findings(summary: Summary) -> None:
    """Print one line a finding, errors first."""
    for label, findings in (("错误", summary.errors), ("提醒", summary.warnings)):
        for found in findings:
            place = f"{found.file} {found.item}".strip()
            click.echo(f"{label} {place}：{found.message} [{found.rule}]")

"""The bank from the command line."""

from collections import Counter
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.bank.actions import publish_bank, read_bank
from app.bank.check import Finding, check, provisions
from app.bank.source import Bank, kind_of
from app.base import clock
from app.base.cli import json_option, report, sentences

group = AppGroup("bank", help="Questions and where they come from.")
folder_option = click.option("--folder", type=click.Path(path_type=Path), help="Another bank.")


@group.command("check")
@folder_option
@json_option
@sentences
def check_command(folder: Path | None, as_json: bool) -> None:
    """Check every file; exit with 1 when something must be mended before publishing."""
    bank = read_bank(folder or current_app.config["QUESTION_BANK"])
    findings = check(bank)
    for finding in findings:
        click.echo(f"{finding.file} {finding.item} [{finding.rule}] {finding.message}", err=True)
    errors = sum(f.level == "error" for f in findings)
    report(summary(bank, findings), as_json)
    if errors:
        raise SystemExit(1)


@group.command("publish")
@folder_option
@json_option
@sentences
def publish_command(folder: Path | None, as_json: bool) -> None:
    """Publish the files; a second run changes nothing."""
    done = publish_bank(folder or current_app.config["QUESTION_BANK"], clock.now())
    keys = ("added", "revised", "unchanged", "retired")
    report({key: getattr(done, key) for key in keys}, as_json)


def summary(bank: Bank, findings: list[Finding]) -> dict[str, Any]:
    """Return counts by kind, and by document, edition and provision."""
    cited = Counter((i.edition, i.entry.provision) for i in bank.items)
    labels = provisions(bank)
    documents: dict[str, Any] = {}
    for document in bank.documents:
        for edition in document.edition:
            counts = {p: cited[edition.id, p] for p in labels[edition.id]}
            documents[document.id] = {
                "edition": edition.id,
                "questions": sum(counts.values()),
                "provisions": counts,
            }
    return {
        "questions": len(bank.items),
        "errors": sum(f.level == "error" for f in findings),
        "warnings": sum(f.level == "warning" for f in findings),
        "kinds": dict(Counter(kind_of(i.entry) for i in bank.items)),
        "documents": documents,
    }

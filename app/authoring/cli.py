"""Questions in and out from the terminal; they join the commands of the bank."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click
from flask_babel import gettext as _

from app.authoring import actions, exports
from app.authoring.queries import Filter, list_questions
from app.bank.formats.draft import Parsed
from app.bank.formats.sandbox import parse_safely
from app.base import clock
from app.base.cli import json_option, report, sentences
from app.base.errors import Invalid, NotFound
from app.org.queries import find_unit

SHOWN = 20  # refused rows printed for people; JSON has them all


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", metavar="CODE", help="The unit whose drafts they become.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken in.")
@json_option
@sentences
def import_file(file: Path, unit: str | None, dry_run: bool, as_json: bool) -> None:
    """Take the questions of FILE in as drafts of a unit, all that are usable or nothing."""
    parsed = parse_safely(file.name, file.read_bytes())
    taken = actions.Imported(0, 0)
    if not dry_run:
        taken = actions.import_drafts(_unit_id(unit), file.name, parsed.drafts, None, clock.now())
    result = {
        "recognised": parsed.recognised,
        "questions": len(parsed.drafts) + len(parsed.refused),
        **asdict(taken),
        "refused": _refused(parsed),
        "kinds": dict(Counter(draft.kind for draft in parsed.drafts)),
    }
    if not as_json:
        result["refused"] = _refused(parsed)[:SHOWN]
    report(result, as_json)


@click.command("export")
@click.option("--subject", metavar="CODE", required=True, help="The subject, e.g. dangzhang.")
@click.option("--format", "layout", type=click.Choice(list(exports.LAYOUTS)), default="xlsx")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The file.")
@json_option
@sentences
def export_file(subject: str, layout: str, output: Path, as_json: bool) -> None:
    """Write the questions of a subject into a file that other programs read."""
    questions = list_questions(Filter(subject=subject), frozenset())
    if not questions:
        raise NotFound(_("没有“%(name)s”这个科目。", name=subject))
    content = exports.write(layout, questions)
    output.write_bytes(content)
    report({"questions": len(questions), "bytes": len(content)}, as_json)


def _unit_id(code: str | None) -> int:
    """Return the unit that is to have the drafts."""
    if code is None:
        raise Invalid(_("请用 --unit 写明归入哪个单位，或用 --dry-run 只看识别结果。"))
    unit = find_unit(code)
    if unit is None:
        raise NotFound(_("没有代码为 %(code)s 的单位。", code=code))
    return unit.id


def _refused(parsed: Parsed) -> list[dict[str, object]]:
    """Return the refused rows; the sheet is named where there are several."""
    return [
        {"row": one.row, "reason": one.reason} | ({"where": one.where} if one.where else {})
        for one in parsed.refused
    ]

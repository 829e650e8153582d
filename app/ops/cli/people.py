"""A member's data from the terminal: everything about them, and erasing them."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from app.base import clock
from app.base.cli import json_option, report, sentences
from app.base.config import write_secret
from app.base.errors import Invalid, NotFound
from app.ops.actions import erase_member
from app.ops.queries import get_everything
from app.org.cli import accounts_group
from app.org.queries import Person, list_people


@accounts_group.command("export")
@click.argument("name")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@json_option
@sentences
def export(name: str, output: Path, as_json: bool) -> None:
    """Write everything about a person (name, phone or #id) to a new JSON file of the owner's."""
    found = get_everything(_find(name).id, clock.now())
    if output.exists():
        raise Invalid(f"{output} 已经存在，没有覆盖。")
    write_secret(output, json.dumps(found, ensure_ascii=False, indent=1, default=str))
    rows = sum(len(rows) for rows in found["tables"].values())
    report({"file": str(output), "tables": len(found["tables"]), "rows": rows}, as_json)


@accounts_group.command("erase")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@sentences
def erase(name: str, yes: bool, as_json: bool) -> None:
    """Delete everything about a person (name, phone or #id); it cannot be taken back."""
    person = _find(name)
    if not yes:
        click.confirm(f"要抹除 {person.name}（#{person.id}）的全部资料吗？不能撤销", abort=True)
    erased = erase_member(person.id, None, clock.now())
    if erased.copies:
        words = "另有 {} 份较早的备份里还有此人，会随新备份逐步删除。"
        click.echo(words.format(erased.copies), err=True)
    report(asdict(erased), as_json)


def _find(text: str) -> Person:
    """Return the one person that a name, a phone or "#id" means, disabled or invited ones too."""
    people = list_people(None, "" if text.startswith("#") else text)
    found = [p for p in people if text in (p.name, p.phone, f"#{p.id}")]
    if not found:
        raise NotFound(f"没有找到“{text}”。")
    if len(found) > 1:
        numbers = "、".join(f"#{p.id}" for p in found)
        raise Invalid(f"有 {len(found)} 个人叫“{text}”：{numbers}。请用编号或手机号。")
    return found[0]

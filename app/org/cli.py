"""Units and people from the terminal."""

import sys

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.accounts import actions as accounts
from app.accounts.names import ROLES
from app.base.cli import json_option, report, sentences
from app.base.clock import now
from app.base.errors import Invalid, NotFound
from app.org import actions, queries

group = AppGroup("org", help="Units of the Party's tree.")
accounts_group = AppGroup("accounts", help="People who sign in.")
accounts_group.__doc__ = """People from the terminal.

The group lies here because it names units, and the room of accounts, being below, may not.
"""


@group.command("add-unit")
@click.argument("code")
@click.argument("name")
@click.option("--parent", metavar="CODE", help="The unit it belongs to.")
@click.option("--kind", type=click.Choice(actions.KINDS), default="党支部", show_default=True)
@json_option
@sentences
def add_unit(code: str, name: str, parent: str | None, kind: str, as_json: bool) -> None:
    """Add a unit to the tree."""
    unit_id = actions.add_unit(code, name, kind, _unit_id(parent), now=now())
    report({"id": unit_id}, as_json)


@group.command("rename-unit")
@click.argument("code")
@click.argument("name")
@click.option("--kind", type=click.Choice(actions.KINDS), help="Its new kind; else it keeps it.")
@json_option
@sentences
def rename_unit(code: str, name: str, kind: str | None, as_json: bool) -> None:
    """Give a unit another name or kind."""
    unit = _get_unit(code)
    actions.rename_unit(unit.id, name, kind or unit.kind, now(), None)
    report({"id": unit.id}, as_json)


@group.command("move-unit")
@click.argument("code")
@click.option("--parent", metavar="CODE", help="The unit to move below; none: to the top.")
@json_option
@sentences
def move_unit(code: str, parent: str | None, as_json: bool) -> None:
    """Put a unit, with all below it, below another."""
    unit = _get_unit(code)
    actions.move_unit(unit.id, _unit_id(parent), now(), None)
    report({"id": unit.id}, as_json)


@group.command("merge-unit")
@click.argument("code")
@click.argument("into")
@json_option
@sentences
def merge_unit(code: str, into: str, as_json: bool) -> None:
    """Move people, posts and children of a unit into another, and close it."""
    unit, target = _get_unit(code), _get_unit(into)
    actions.merge_units(unit.id, target.id, now(), None)
    report({"id": target.id}, as_json)


@group.command("close-unit")
@click.argument("code")
@json_option
@sentences
def close_unit(code: str, as_json: bool) -> None:
    """Close an empty unit."""
    unit = _get_unit(code)
    actions.close_unit(unit.id, now(), None)
    report({"id": unit.id}, as_json)


@accounts_group.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--unit", metavar="CODE", help="The unit the person belongs to.")
@click.option("--phone", help="Needed for namesakes.")
@json_option
@sentences
def add(name: str, role: str, unit: str | None, phone: str | None, as_json: bool) -> None:
    """Add a person; the password is read from standard input."""
    password = _read_password()
    user_id = accounts.add_user(name, role, now(), password, phone, _open_unit_id(unit))
    report({"id": user_id}, as_json)


def _read_password() -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _open_unit_id(code: str | None) -> int | None:
    if code is not None and _get_unit(code).closed:
        raise Invalid(_("这个单位已经关闭。"))
    return _unit_id(code)


def _unit_id(code: str | None) -> int | None:
    return None if code is None else _get_unit(code).id


def _get_unit(code: str) -> queries.Unit:
    unit = queries.find_unit(code)
    if unit is None:
        raise NotFound(_("没有代码为 %(code)s 的单位。", code=code))
    return unit

"""Units and people from the terminal."""

import sys

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.accounts import actions as accounts
from app.accounts.names import ROLES
from app.base.cli import json_option, report, sentences
from app.base.clock import now
from app.base.errors import NotFound
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
    report({"id": actions.add_unit(code, name, kind, _unit_id(parent))}, as_json)


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
    user_id = accounts.add_user(name, role, now(), password, phone, _unit_id(unit))
    report({"id": user_id}, as_json)


def _read_password() -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _unit_id(code: str | None) -> int | None:
    if code is None:
        return None
    unit = queries.find_unit(code)
    if unit is None:
        raise NotFound(_("没有代码为 %(code)s 的单位。", code=code))
    return unit.id

"""Study from the command line."""

import click
from flask.cli import AppGroup

from app.accounts.queries import find_by_login
from app.base import clock
from app.base.cli import json_option, report, sentences
from app.base.errors import NotFound
from app.study.actions import catch_up_all, fit_units, fold_recall
from app.study.queries import get_today

group = AppGroup("study", help="What members are to study.")


@group.command("due")
@click.option("--member", required=True, help="Name or phone of the member.")
@json_option
@sentences
def due(member: str, as_json: bool) -> None:
    """Print how many questions are due today and how many new ones are allowed."""
    person = find_by_login(member)
    if person is None:
        raise NotFound(f"没有找到“{member}”。")
    today = get_today(person.id, clock.now())
    report({"study_day": today.day, "due": today.due, "new": today.new}, as_json)


@group.command("fold")
@json_option
@sentences
def fold(as_json: bool) -> None:
    """Work out what each unit's people are expected to recall; to be run once a night."""
    report({"rows": fold_recall(clock.now())}, as_json)


@group.command("fit")
@json_option
@sentences
def fit(as_json: bool) -> None:
    """Fit the memory of units to what their people answered; the worker does it every night."""
    report({"fits": fit_units(clock.now())}, as_json)


@group.command("catch-up")
@json_option
@sentences
def catch_up(as_json: bool) -> None:
    """Take the answers of papers that are over into everybody's memory; meant for every night."""
    members, taken = catch_up_all(clock.now())
    report({"members": members, "taken": taken}, as_json)

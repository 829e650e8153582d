"""What is asked of whom, from the terminal."""

from dataclasses import asdict
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.assign import queries
from app.assign.actions import refresh_everybody
from app.assign.actions.copying import copy_plan
from app.assign.queries import plans as plan_queries
from app.assign.queries.duties import Duty, list_duties
from app.assign.queries.gaps import list_gaps
from app.assign.queries.hours import list_totals
from app.assign.queries.standing import load_standing
from app.base.cli import json_option, report, sentences
from app.base.clock import now, study_day
from app.base.errors import NotFound
from app.org import queries as org

group = AppGroup("assign", help="What is asked of whom, and until when.")


@group.command("list")
@click.option("--past", is_flag=True, help="Also what is over or was withdrawn.")
@json_option
@sentences
def list_all(past: bool, as_json: bool) -> None:
    """List the papers and goals that are asked, with how many people are how far."""
    found = [_line(one) for one in queries.list_watches(now(), past)]
    if as_json:
        report({"assignments": found}, as_json)
        return
    report({f"{one['id']} {one['title']}": _words(one) for one in found}, as_json)


@group.command("loads")
@json_option
@sentences
def loads(as_json: bool) -> None:
    """Work out what study goals take of everybody today; what was worked out already stays."""
    report({"written": refresh_everybody(now())}, as_json)


@group.command("plans")
@click.option("--unit", metavar="CODE", help="This unit and those below; else all.")
@json_option
@sentences
def plans(unit: str | None, as_json: bool) -> None:
    """List study plans with how their items stand."""
    found = [
        {
            "id": plan.id,
            "title": plan.title,
            "unit": plan.home_name or plan.unit_name,
            "year": plan.period.year,
            "quarter": plan.period.quarter,
            **asdict(plan.tally),
        }
        for plan in plan_queries.list_plans(_scope(unit), study_day(now()))
    ]
    _print("plans", found, as_json)


@group.command("duties")
@click.option("--unit", metavar="CODE", help="This unit and those below; else all.")
@json_option
@sentences
def duties(unit: str | None, as_json: bool) -> None:
    """List duties and items of plans with who is answerable and how they stand."""
    units = load_standing().seen_to_within(_scope(unit).unit_id)
    found = [_told(duty) for duty in list_duties(study_day(now()), units)]
    _print("duties", found, as_json)


@group.command("gaps")
@click.option("--unit", metavar="CODE", help="This unit and those below; else all.")
@json_option
@sentences
def gaps(unit: str | None, as_json: bool) -> None:
    """List what no named person is answerable for; exit code 1 when there is anything."""
    found = [
        {**_told(gap.duty), "trouble": gap.trouble}
        for gap in list_gaps(_scope(unit), study_day(now()))
    ]
    _print("gaps", found, as_json)
    if found:
        raise SystemExit(1)


@group.command("hours")
@click.option("--unit", metavar="CODE", required=True, help="The unit, with those below.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Else this year.")
@json_option
@sentences
def hours(unit: str, year: int | None, as_json: bool) -> None:
    """List everybody's hours of collective study beside what is asked of them."""
    today, unit_id = study_day(now()), _get_unit(unit).id
    found = [
        {
            "id": total.person.id,
            "name": total.person.name,
            "hours": total.hours,
            "asked": total.target.hours if total.target else None,
            "source": total.target.source if total.target else None,
        }
        for total in list_totals(unit_id, year or today.year, today)
    ]
    _print("people", found, as_json)


@group.command("copy-down")
@click.argument("plan_id", type=int)
@click.argument("units", metavar="CODE...", nargs=-1, required=True)
@json_option
@sentences
def copy_down(plan_id: int, units: tuple[str, ...], as_json: bool) -> None:
    """Give units below their own copy of a plan; safe to repeat."""
    copied = copy_plan(None, plan_id, [_get_unit(code).id for code in units], now())
    report(asdict(copied), as_json)


def _told(duty: Duty) -> dict[str, Any]:
    """Return a duty as JSON tells it."""
    return {
        "id": duty.id,
        "title": duty.title,
        "unit": duty.home_name or duty.unit_name,
        "plan": duty.plan_id,
        "due_on": duty.due_on,
        "progress": duty.progress,
        "answerable": duty.bearer.name,
        "post": duty.bearer.post,
    }


def _print(name: str, found: list[dict[str, Any]], as_json: bool) -> None:
    """Print a list: as one object, or a line each."""
    if as_json:
        report({name: found, "count": len(found)}, as_json)
        return
    lines = {
        f"{one['id']}": " · ".join(str(v) for k, v in one.items() if k != "id" and v is not None)
        for one in found
    }
    report(lines or {name: "0"}, as_json)


def _scope(code: str | None) -> org.Scope:
    """Return everything, or a unit with those below."""
    return org.Scope(None if code is None else _get_unit(code).id)


def _get_unit(code: str) -> org.Unit:
    unit = org.find_unit(code)
    if unit is None:
        raise NotFound(_("没有代码为 %(code)s 的单位。", code=code))
    return unit


def _line(one: queries.Watch) -> dict[str, Any]:
    """Return an assignment as programs read it."""
    assignment, terms = one.desk.assignment, one.desk.assignment.terms
    return {
        "id": assignment.id,
        "title": terms.title,
        "kind": "goal" if terms.goal else "paper",
        "paper": terms.paper_id,
        "unit": one.desk.unit_name,
        "opens_at": terms.opens_at,
        "closes_at": terms.closes_at,
        "withdrawn_at": assignment.withdrawn_at,
        "people": len(one.rows),
        "exempt": len(one.exempt),
        "states": dict(one.counts),
        "passed": one.passed,
        "late": one.late,
    }


def _words(one: dict[str, Any]) -> str:
    """Return an assignment in a line for people."""
    states = ", ".join(f"{n} {name}" for name, n in one["states"].items())
    return f"{one['kind']}, {one['people']} people ({states}), {one['exempt']} exempt"

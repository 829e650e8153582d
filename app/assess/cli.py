"""Assessment from the command line: the nightly work, and published scores counted again."""

from dataclasses import asdict

from flask.cli import AppGroup

from app.assess import actions
from app.base import clock
from app.base.cli import json_option, report, sentences

group = AppGroup("assess", help="Forecasts and published scores.")


@group.command("refit")
@json_option
@sentences
def refit(as_json: bool) -> None:
    """Fit forecasts anew and count how each question does; run it every night."""
    report(asdict(actions.refit_forecasts(clock.now())), as_json)

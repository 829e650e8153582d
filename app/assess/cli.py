"""Assessment from the command line: the nightly work, and published scores counted again."""

from dataclasses import asdict

import click
from flask.cli import AppGroup

from app.assess import actions, queries
from app.base import clock
from app.base.cli import json_option, report, sentences
from app.base.errors import Invalid

group = AppGroup("assess", help="Forecasts and published scores.")


@group.command("refit")
@json_option
@sentences
def refit(as_json: bool) -> None:
    """Fit forecasts anew and count how each question does; run it every night."""
    now = clock.now()
    report(asdict(actions.refit_forecasts(now)) | asdict(actions.fold_reports(now)), as_json)


@group.command("rebuild")
@click.option("--verify", is_flag=True, help="Compare every published score with the log.")
@json_option
@sentences
def rebuild(verify: bool, as_json: bool) -> None:
    """Count every published score again from the log; exit code 1 unless all are equal."""
    if not verify:
        raise Invalid("已公布的分数不会改动；要核对请加 --verify。")
    found = [queries.verify_scheme(one) for one in queries.list_published_ids()]
    scores = sum(one.scores for one in found)
    differing = sum(len(one.differing) for one in found)
    told = {
        "schemes": len(found),
        "scores": scores,
        "equal": scores - differing,
        "differing": {str(one.scheme_id): one.differing for one in found if one.differing},
        "other_code": [one.scheme_id for one in found if not one.same_code],
    }
    report(told, as_json)
    if differing:
        raise SystemExit(1)

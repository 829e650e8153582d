"""The first day of somebody who brings people to study, as a list on the home page."""

from datetime import datetime
from typing import cast

from flask import Flask, render_template
from flask.blueprints import BlueprintSetupState
from flask_login import current_user

from app.ops import queries
from app.ops.views.blueprint import blueprint
from app.web.home import NEVER, add_panel


def first_day(now: datetime) -> str:
    """Tell what comes first, until something was assigned."""
    if not current_user.is_authenticated:
        return ""
    day = queries.find_first_day(current_user, now)
    return render_template("ops/_first_day.html", day=day) if day else ""


@blueprint.record
def show_at_home(state: BlueprintSetupState) -> None:
    """Put the list on the home page."""
    add_panel(cast(Flask, state.app), first_day, NEVER)  # it is for those who have a role

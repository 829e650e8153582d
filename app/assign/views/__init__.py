"""Pages of assign: what is asked of oneself, what trainers ask of others, reminders."""

from typing import cast

from flask import Flask
from flask.blueprints import BlueprintSetupState

from app.assign.mailhost import check_mail_settings
from app.assign.queries import TASKS, UNREAD
from app.assign.queries.duties import BEARING
from app.assign.views import assignments, duties, hours, plans, reminders, robots, tasks
from app.assign.views.blueprint import blueprint
from app.web.home import add_panel

__all__ = ["assignments", "blueprint", "duties", "hours", "plans", "reminders", "robots", "tasks"]


@blueprint.record
def check_settings(state: BlueprintSetupState) -> None:
    """Let a site whose settings for letters make no sense not start, so that somebody hears."""
    check_mail_settings(state.app.config.get("SMTP") or "", state.app.config.get("MAIL_FROM") or "")


@blueprint.record
def show_at_home(state: BlueprintSetupState) -> None:
    """Let the home page say what is asked of whoever opens it, and that there are reminders."""
    app = cast(Flask, state.app)
    add_panel(app, tasks.home_panel, TASKS)
    add_panel(app, duties.home_panel, BEARING)
    add_panel(app, reminders.home_panel, UNREAD)

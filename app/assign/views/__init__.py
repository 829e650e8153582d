"""Pages of assign: what is asked of oneself, what trainers ask of others, reminders."""

from flask.blueprints import BlueprintSetupState

from app.assign.mailhost import check_mail_settings
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
    for panel in (tasks.home_panel, duties.home_panel, reminders.home_panel):
        add_panel(state.app, panel)  # type: ignore[arg-type]

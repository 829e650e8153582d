"""What is asked of oneself: the list, and what the home page says of it."""

from datetime import datetime

from flask import render_template
from flask_login import current_user

from app.assign import actions, queries
from app.assign.views.blueprint import blueprint
from app.base import clock
from app.quiz import actions as quiz_actions
from app.quiz import queries as quiz
from app.web.permissions import permission


@blueprint.get("/tasks")
@permission("member")
def tasks() -> str:
    """List what is asked of oneself, open and past."""
    now = clock.now()
    return render_template("assign/tasks.html", tasks=_own(now, past=True))


def home_panel(now: datetime) -> str:
    """Say on the home page what is asked and not done yet; silent when nothing is."""
    if not current_user.is_authenticated or not queries.has_tasks(now):
        return ""
    waiting = [task for task in _own(now) if not task.is_done and not task.exempt]
    return render_template("assign/_home.html", tasks=waiting) if waiting else ""


def _own(now: datetime, past: bool = False) -> list[queries.Task]:
    """Return one's tasks, with what the clock has done since: attempts run out, a new day begun."""
    if quiz.has_overdue(now, member_id=current_user.id):
        quiz_actions.expire_attempts(now, member_id=current_user.id)
    actions.refresh_loads(current_user.id, now)
    return queries.list_tasks(current_user.id, now, past)

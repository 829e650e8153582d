"""Who was responsible for what in a period, and what became of it."""

from datetime import date, timedelta

from flask import render_template, request
from flask_login import current_user

from app.assess import queries
from app.assess.views.blueprint import blueprint
from app.base import clock
from app.web.permissions import permission

LONGEST = timedelta(days=731)


@blueprint.get("/reports/<int:unit_id>/responsibility")
@permission("reader")
def responsibility(unit_id: int) -> str:
    """Show the duties of a unit and below in a period, each with who was answerable."""
    today = clock.study_day(clock.now())
    since, until = _day("since", date(today.year, 1, 1)), _day("until", today)
    since = max(since, until - LONGEST)
    found = queries.get_responsibility(current_user, unit_id, since, until, today)
    return render_template("assess/responsibility.html", found=found, unit_id=unit_id)


def _day(name: str, usual: date) -> date:
    """Return the day asked for, the usual one when there is none or it is malformed."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return usual

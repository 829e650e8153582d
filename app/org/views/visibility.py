"""The page for everybody: who can see my data, and what was done to me."""

from flask import render_template, request
from flask_login import current_user

from app.org import acts, queries
from app.org.roles import ROLE_NAMES
from app.org.views.blueprint import Page, blueprint
from app.web.format import long_day
from app.web.permissions import permission

PAGE = 50


@blueprint.get("/who-sees-my-data")
@permission("member")
def visibility() -> Page:
    """Show who can see the person who asks, and what acts on them are on record."""
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    found = queries.list_acts(current_user.id, PAGE, (number - 1) * PAGE)
    told = [
        (
            long_day(entry.at_ms // 1000),
            acts.who_in_words(entry, current_user.id, found.actors),
            acts.in_words(entry),
            acts.details_in_words(entry, found.units),
        )
        for entry in found.entries
    ]
    return render_template(
        "org/visibility.html",
        watchers=queries.list_watchers(current_user.id),
        acts=told,
        number=number,
        more=found.more,
        roles=ROLE_NAMES,
    ), 200

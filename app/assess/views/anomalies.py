"""What is worth a look by a person; nothing follows from it by itself."""

from flask import render_template
from flask_login import current_user

from app.assess import queries
from app.assess.explain import anomalies as words
from app.assess.views.blueprint import blueprint
from app.base import clock
from app.web.permissions import permission


@blueprint.get("/anomalies")
@permission("reader")
def anomalies() -> str:
    """Show hints with their evidence, for people to look into."""
    found = queries.get_anomalies(current_user, clock.now())
    return render_template("assess/anomalies.html", found=found, words=words)

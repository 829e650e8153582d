"""Whether forecasts came true, for everybody to see."""

from flask import render_template

from app.assess import queries
from app.assess.views.blueprint import blueprint
from app.web.permissions import permission


@blueprint.get("/calibration")
@permission("public")
def calibration() -> str:
    """Show how forecasts fared beside always saying the average."""
    return render_template("assess/calibration.html", fared=queries.list_fared())

"""Whether memory as fitted to a unit foretells better than the defaults."""

from flask import render_template
from flask_login import current_user

from app.study import queries
from app.study.actions.erasure import LEAST_PEOPLE
from app.study.fitting import LEAST
from app.study.views.blueprint import blueprint
from app.web.permissions import permission


@blueprint.get("/memory-fits")
@permission("reader")
def fits() -> str:
    """Show both log losses of every fit of one's units."""
    needed = {"people": LEAST_PEOPLE, "answers": LEAST}
    return render_template("study/fits.html", fits=queries.list_fits(current_user), needed=needed)

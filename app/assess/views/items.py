"""How the questions of a paper do."""

from flask import render_template, request
from flask_login import current_user

from app.assess import queries
from app.assess.responses import option_texts
from app.assess.views.blueprint import blueprint
from app.base import clock
from app.web.permissions import permission


@blueprint.get("/paper-desk/<int:paper_id>/analysis")
@permission("trainer")
def paper(paper_id: int) -> str:
    """Show how well each question of a paper tells knowing from not knowing."""
    firsts = request.args.get("attempts") != "all"
    found = queries.get_paper_analysis(current_user, paper_id, clock.now(), firsts)
    return render_template("assess/paper.html", found=found, texts=option_texts)

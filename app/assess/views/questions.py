"""How one question is answered."""

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user

from app.assess.queries import find_bank_figures, get_question_figures
from app.assess.responses import option_texts
from app.assess.views.blueprint import blueprint
from app.bank.queries import get_question, is_shown
from app.base.errors import NotFound
from app.org.queries import units_of
from app.web.permissions import permission


@blueprint.get("/bank/questions/<question_id>/answers")
@permission("trainer")
def question(question_id: str) -> str:
    """Show how a question is answered, of people in general and never of one."""
    found = get_question(question_id)
    if not is_shown(found, units_of(current_user.id)):
        raise NotFound(_("没有找到这道题。"))
    figures = get_question_figures(question_id)
    return render_template(
        "assess/question.html",
        question=found,
        figures=figures,
        item=find_bank_figures(question_id),
        texts=option_texts(found),
    )

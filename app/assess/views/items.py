"""How the questions of a paper, and of the bank, do."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.assess import queries
from app.assess.explain.analyses import as_report
from app.assess.responses import option_texts
from app.assess.views.blueprint import blueprint, page_number
from app.assess.views.files import give_report
from app.bank.queries import list_subjects
from app.base import clock
from app.org.queries import units_of
from app.web.format import kind_name
from app.web.paging import Page as Paged
from app.web.permissions import permission

PAGE = 50


@blueprint.get("/paper-desk/<int:paper_id>/analysis")
@permission("trainer")
def paper(paper_id: int) -> str:
    """Show how well each question of a paper tells knowing from not knowing."""
    firsts = request.args.get("attempts") != "all"
    found = queries.get_paper_analysis(current_user, paper_id, clock.now(), firsts)
    return render_template("assess/paper.html", found=found, texts=option_texts)


@blueprint.get("/paper-desk/<int:paper_id>/analysis/analysis.<form>")
@permission("trainer")
def paper_file(paper_id: int, form: str) -> Response:
    """Give the analysis of a paper as a workbook or a PDF."""
    firsts = request.args.get("attempts") != "all"
    found = queries.get_paper_analysis(current_user, paper_id, clock.now(), firsts)
    back = url_for("assess.paper", paper_id=paper_id, attempts=None if firsts else "all")
    name = f"{_('题目分析')}-{found.title}"
    return give_report(form, name, back, lambda: as_report(found, option_texts, kind_name))


@blueprint.get("/item-analysis")
@permission("trainer")
def bank() -> str:
    """Show how the questions of the bank do, those that deserve a look first."""
    number, subject = page_number(), request.args.get("subject", "")[:60]
    flagged = request.args.get("show") != "all"
    found = queries.list_bank_items(current_user, subject, flagged, PAGE, (number - 1) * PAGE)
    lines, total, counted_at = found
    page = Paged(lines, number, -(-total // PAGE), total)
    return render_template(
        "assess/bank.html",
        page=page,
        subject=subject,
        flagged=flagged,
        counted_at=counted_at,
        subjects=list_subjects(units_of(current_user.id)),
        texts=option_texts,
    )

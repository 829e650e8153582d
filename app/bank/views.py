"""Pages about questions: the queue of reports that trainers see, and a member's own."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.bank import actions, queries
from app.bank.forms import ReplyForm, ReportForm
from app.base import clock
from app.base.errors import Invalid
from app.web.paging import Page
from app.web.permissions import permission

blueprint = Blueprint("bank", __name__)
PAGE = 50


@blueprint.post("/questions/<question_id>/report")
@permission("member")
def report(question_id: str) -> Response:
    """Take a report and return to where it was written."""
    form = ReportForm()
    actions.send_report(current_user.id, question_id, form.text.data or "", clock.now())
    back = form.next.data or ""
    local = back.startswith("/") and not back.startswith(("//", "/\\"))
    return redirect(back if local else url_for("bank.my_reports"))


@blueprint.get("/my-reports")
@permission("member")
def my_reports() -> str:
    """Show a member's own reports with the answers."""
    return render_template("bank/my_reports.html", reports=queries.list_own_reports(current_user.id))


@blueprint.get("/question-reports")
@permission("trainer")
def reports() -> str:
    """Show the queue of reports, open ones first."""
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    found, total = queries.list_reports(PAGE, (number - 1) * PAGE)
    page = Page(found, number, -(-total // PAGE), total)
    return render_template("bank/reports.html", page=page)


@blueprint.post("/question-reports/<int:member_id>/<report_id>")
@permission("trainer")
def reply(member_id: int, report_id: str) -> Response:
    """Answer a report."""
    form = ReplyForm()
    if not form.validate():
        raise Invalid("答复太长，请写得短一些。")
    actions.answer_report(
        member_id, report_id, form.reply.data or "", current_user.id, clock.now()
    )
    return redirect(url_for("bank.reports"))

"""Pages about questions: report a problem, read and answer the reports."""

from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.bank import actions, queries
from app.bank.forms import ReplyForm, ReportForm
from app.base import clock
from app.base.errors import Invalid
from app.web.addresses import local_path
from app.web.paging import Page
from app.web.permissions import permission

blueprint = Blueprint("bank", __name__)
PAGE = 50
F = TypeVar("F", ReportForm, ReplyForm)


@blueprint.post("/questions/<question_id>/report")
@permission("member")
def report(question_id: str) -> Response:
    """Keep a member's report and go back to where they were."""
    form = _checked(ReportForm())
    actions.report_question(current_user.id, question_id, form.text.data, clock.now())
    flash(_("谢谢，已转告出题人。"))
    return redirect(local_path(form.next.data) or "/")


@blueprint.get("/my-reports")
@permission("member")
def my_reports() -> str:
    """Show a member their own reports with the answers."""
    found = queries.list_own_reports(current_user.id)
    return render_template("bank/my_reports.html", reports=found)


@blueprint.get("/question-reports")
@permission("trainer")
def reports() -> str:
    """List the reports, open ones first."""
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    total = queries.count_reports()
    found = queries.list_reports(PAGE, (number - 1) * PAGE)
    page = Page(found, number, -(-total // PAGE), total)
    return render_template("bank/reports.html", page=page)


@blueprint.post("/question-reports/<int:member_id>/<report_id>")
@permission("trainer")
def reply(member_id: int, report_id: str) -> Response:
    """Answer a report."""
    form = _checked(ReplyForm())
    actions.reply_report(member_id, report_id, form.text.data, current_user.id, clock.now())
    return redirect(url_for("bank.reports"))


@blueprint.get("/question-rechecks")
@permission("trainer")
def rechecks() -> str:
    """List the questions whose source was amended, to be confirmed one by one."""
    return render_template("bank/rechecks.html", rechecks=queries.list_rechecks())


@blueprint.post("/question-rechecks/<question_id>/<edition_id>")
@permission("admin")
def confirm(question_id: str, edition_id: str) -> Response:
    """Say that a question still holds, so that it is asked again."""
    actions.confirm_recheck(question_id, edition_id, current_user.id, clock.now())
    flash(_("已确认，这道题恢复出题。"))
    return redirect(url_for("bank.rechecks"))


def _checked(form: F) -> F:
    """Return the form, or refuse it with the first sentence about it."""
    if not form.validate():
        sentences = [str(s) for found in form.errors.values() for s in found]
        raise Invalid(sentences[0] if sentences else _("内容不完整，请重新填写。"))
    return form

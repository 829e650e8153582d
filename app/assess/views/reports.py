"""Reports on units: on the screen, as a workbook, as a PDF; all made from one report."""

from urllib.parse import quote

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Reply

from app.assess import queries
from app.assess.explain.reports import as_report
from app.assess.pdf import print_report
from app.assess.report import Report
from app.assess.views.blueprint import blueprint
from app.assess.workbook import write_report
from app.base import clock
from app.org import queries as org
from app.quiz.font import find_font
from app.web.permissions import permission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/reports")
@permission("reader")
def reports() -> str | Reply:
    """Go to the report on one's own unit; those above all units choose one."""
    scope = org.scope_of(current_user)
    if scope.unit_id is not None:
        return redirect(url_for("assess.report", unit_id=scope.unit_id))
    return render_template("assess/reports.html", units=org.list_units(scope))


@blueprint.get("/reports/<int:unit_id>")
@permission("reader")
def report(unit_id: int) -> str:
    """Show how a unit stands, with ways down to the units below and up again."""
    chain = org.chain_of(unit_id)
    found = _report(unit_id)
    scope = org.scope_of(current_user)
    above = [unit for unit in chain[:-1] if org.reaches(scope, unit.id)]
    return render_template(
        "assess/report.html", report=found, unit_id=unit_id, above=above, compared=_compared()
    )


@blueprint.get("/reports/<int:unit_id>/report.xlsx")
@permission("reader")
def report_workbook(unit_id: int) -> Response:
    """Give the report as a workbook."""
    found = _report(unit_id)
    return file_of(write_report(found), XLSX, f"report-{unit_id}.xlsx", f"{found.name}.xlsx")


@blueprint.get("/reports/<int:unit_id>/report.pdf")
@permission("reader")
def report_pdf(unit_id: int) -> Response:
    """Give the report as a PDF."""
    found = _report(unit_id)
    made = print_report(found, find_font(current_app.config.get("FONT")), clock.now())
    return file_of(made, "application/pdf", f"report-{unit_id}.pdf", f"{found.name}.pdf")


def file_of(data: bytes, kind: str, plain: str, name: str) -> Response:
    """Return a file to keep, named in Latin letters for old programs and in full for others."""
    reply = Response(data, mimetype=kind)
    reply.headers["Content-Disposition"] = (
        f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"
    )
    return reply


def _compared() -> bool:
    return request.args.get("compare") == "1"


def _report(unit_id: int) -> Report:
    """Return the one report that screen, workbook and PDF show."""
    found = queries.get_unit_figures(current_user, unit_id, _compared(), clock.now())
    return as_report(found, lambda below: url_for("assess.report", unit_id=below))

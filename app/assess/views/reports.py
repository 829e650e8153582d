"""Reports on units: on the screen, as a workbook, as a PDF; all made from one report."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Reply

from app.assess import queries
from app.assess.explain.reports import as_report
from app.assess.report import Report
from app.assess.views.blueprint import blueprint
from app.assess.views.files import give_report
from app.base import clock
from app.org import queries as org
from app.web.permissions import permission


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


@blueprint.get("/reports/<int:unit_id>/report.<form>")
@permission("reader")
def report_file(unit_id: int, form: str) -> Reply:
    """Give the report as a workbook or a PDF."""
    unit = org.get_reached_unit(org.scope_of(current_user), unit_id)
    back = url_for("assess.report", unit_id=unit_id, compare=1 if _compared() else None)
    return give_report(form, f"{_('单位报告')}-{unit.name}", back, lambda: _report(unit_id))


def _compared() -> bool:
    return request.args.get("compare") == "1"


def _report(unit_id: int) -> Report:
    """Return the one report that screen, workbook and PDF show."""
    found = queries.get_unit_figures(current_user, unit_id, _compared(), clock.now())
    return as_report(found, lambda below: url_for("assess.report", unit_id=below))

"""The bank to look through, and to take questions from as files."""

from io import BytesIO

from flask import render_template, request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring import exports, forms, queries
from app.authoring.queries import Filter
from app.authoring.views.blueprint import blueprint
from app.authoring.views.reach import reach
from app.bank.kinds import KINDS
from app.bank.queries import (
    get_question,
    is_shown,
    list_chapters,
    list_revisions,
    list_subjects,
)
from app.base.errors import Invalid, NotFound
from app.web.paging import Page as Paged
from app.web.permissions import permission

PAGE = 50


@blueprint.get("/bank")
@permission("trainer")
def bank() -> str:
    """Look through the bank, filtered."""
    units = reach()
    wanted = read_filter()
    found = queries.list_questions(wanted, units)
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    shown = found[(number - 1) * PAGE : number * PAGE]
    return render_template(
        "authoring/bank.html",
        page=Paged(shown, number, -(-len(found) // PAGE), len(found)),
        wanted=wanted,
        subjects=list_subjects(units),
        chapters=list_chapters(wanted.subject, units),
        kinds=forms.KINDS,
        difficulties=forms.DIFFICULTIES,
        formats=forms.FORMATS,
    )


@blueprint.get("/bank/export")
@permission("trainer")
def export() -> Response:
    """Send what the filter shows as a file."""
    layout = request.args.get("format", "xlsx")
    if layout not in exports.LAYOUTS:
        raise NotFound(_("没有这种格式。"))
    found = queries.list_questions(read_filter(), reach())
    if not found:
        raise Invalid(_("没有符合条件的题目，没有可以导出的。"))
    ending, mimetype = exports.LAYOUTS[layout]
    return send_file(
        BytesIO(exports.write(layout, found)),
        mimetype=mimetype,
        as_attachment=True,
        download_name=f"xueji-questions.{ending}",
    )


@blueprint.get("/bank/template.xlsx")
@permission("trainer")
def template() -> Response:
    """Send the table that is easiest to fill in."""
    from app.bank.formats.write_xlsx import write_template  # loaded when first used

    return send_file(
        BytesIO(write_template()),
        mimetype=exports.XLSX,
        as_attachment=True,
        download_name="xueji-template.xlsx",
    )


@blueprint.get("/bank/questions/<question_id>")
@permission("trainer")
def question(question_id: str) -> str:
    """Show a question as phones do, its key, and everything it has ever said."""
    found = get_question(question_id)
    if not is_shown(found, reach()):
        raise NotFound(_("没有找到这道题。"))
    return render_template(
        "authoring/question.html",
        question=found,
        revisions=list_revisions(question_id),
        kinds=KINDS,
    )


def read_filter() -> Filter:
    """Read what of the bank is wanted."""
    names = ("subject", "chapter", "kind", "difficulty", "text")
    return Filter(**{name: request.args.get(name, "").strip()[:100] for name in names})

"""A paper to print: what can be printed, and the files."""

from urllib.parse import quote

from flask import Response, current_app, render_template, request

from app.base import clock
from app.base.errors import NotFound
from app.quiz import pdf, queries
from app.quiz.font import find_font
from app.quiz.printed import NAMES
from app.quiz.views.blueprint import blueprint
from app.quiz.views.making import own_paper
from app.web.permissions import permission


@blueprint.get("/paper-desk/<int:paper_id>/print")
@permission("trainer")
def printing(paper_id: int) -> str:
    """Offer paper, answer sheet and key to print."""
    paper = own_paper(paper_id).paper
    return render_template("quiz/print.html", paper=paper, names=NAMES)


@blueprint.get("/paper-desk/<int:paper_id>/<part>.pdf")
@permission("trainer")
def printed(paper_id: int, part: str) -> Response:
    """Send a part of a paper as PDF, in as many versions as asked for."""
    paper = own_paper(paper_id).paper
    if part not in pdf.PARTS:
        raise NotFound("没有这一页。")
    count = min(max(1, request.args.get("versions", 1, type=int)), len(NAMES))
    seconds = paper.terms.duration_s
    made = pdf.make_pdf(
        paper.terms.title,
        seconds // 60 if seconds else None,
        queries.list_versions(paper_id, count),
        part,
        find_font(current_app.config.get("FONT")),
        clock.now(),
    )
    name = quote(f"{paper.terms.title}-{pdf.HEADS[part] or '试卷'}.pdf")
    reply = Response(made, mimetype="application/pdf")
    reply.headers["Content-Disposition"] = (
        f"inline; filename=paper-{paper_id}-{part}.pdf; filename*=UTF-8''{name}"
    )
    return reply

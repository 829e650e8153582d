"""A paper to print: what can be printed, and the files."""

from urllib.parse import quote

from flask import Response, current_app, render_template, request

from app.base import clock
from app.base.errors import Invalid, NotFound
from app.quiz import press, queries
from app.quiz.font import find_font
from app.quiz.job import Job
from app.quiz.paper import Paper
from app.quiz.printed import HEADS, NAMES, PARTS
from app.quiz.views.blueprint import blueprint
from app.quiz.views.making import own_paper
from app.web.permissions import permission

AGAIN_S = 2  # after so many seconds the page that waits looks again


@blueprint.get("/paper-desk/<int:paper_id>/print")
@permission("trainer")
def printing(paper_id: int) -> str:
    """Offer paper, answer sheet and key to print, or say why a draft cannot be."""
    paper, now = own_paper(paper_id).paper, clock.now()
    refusal, kept = "", set[str]()
    try:
        versions = queries.list_versions(paper_id, len(NAMES), now)
        kept = queries.list_kept_elsewhere(paper, versions, now)
    except Invalid as error:
        refusal = error.message
    return render_template(
        "quiz/print.html", paper=paper, names=NAMES, refusal=refusal, kept=len(kept)
    )


@blueprint.get("/paper-desk/<int:paper_id>/<part>.pdf")
@permission("trainer")
def printed(paper_id: int, part: str) -> Response:
    """Send a part of a paper as PDF, in as many versions as asked for, once it is made."""
    paper, now = own_paper(paper_id).paper, clock.now()
    if part not in PARTS:
        raise NotFound("没有这一页。")
    count = min(max(1, request.args.get("versions", 1, type=int)), len(NAMES))
    folder = current_app.config["DATA"] / "printed"
    made = press.find_print(folder, _job(paper, part, count), clock.epoch(now))
    if made is None:
        wait = Response(render_template("quiz/printed.html", paper=paper), 202)
        wait.headers["Refresh"] = str(AGAIN_S)
        return wait
    reply = Response(made, mimetype="application/pdf")
    name = quote(f"{paper.terms.title}-{HEADS[part] or '试卷'}.pdf")
    reply.headers["Content-Disposition"] = (
        f"inline; filename=paper-{paper_id}-{part}.pdf; filename*=UTF-8''{name}"
    )
    return reply


def _job(paper: Paper, part: str, count: int) -> Job:
    """Return what is to be printed; the same until the paper or the day changes."""
    now, font = clock.now(), find_font(current_app.config.get("FONT"))
    seconds = paper.terms.duration_s
    return Job(
        title=paper.terms.title,
        minutes=seconds // 60 if seconds else None,
        part=part,
        versions=queries.list_versions(paper.id, count, now),
        regular=str(font.regular),
        bold=str(font.bold),
        face=font.face,
        rare=str(font.rare or ""),
        made_at=clock.day_start(clock.study_day(now)),
    )

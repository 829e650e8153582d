"""A trainer's desk: papers, who has got how far, one person's answers, marking anew."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.base import clock
from app.base.errors import Invalid, NotFound
from app.quiz import actions, queries
from app.quiz.forms import RemarkForm
from app.quiz.views.blueprint import blueprint, expire_paper
from app.quiz.views.making import own_paper
from app.web.paging import Page as Paged
from app.web.permissions import permission

Page = Response | tuple[str, int]
PAGE = 50


@blueprint.get("/paper-desk")
@permission("reader")
def desk() -> str:
    """List the papers of one's own units, and those from above."""
    number = _number()
    papers, total = queries.list_desk_papers(current_user, PAGE, (number - 1) * PAGE)
    page = Paged(papers, number, -(-total // PAGE), total)
    counts = queries.count_attempts([one.paper.id for one in papers])
    return render_template("quiz/desk.html", page=page, counts=counts)


@blueprint.get("/paper-desk/<int:paper_id>")
@permission("reader")
def progress(paper_id: int) -> str:
    """Show who has begun, handed in, and with how many points."""
    expire_paper(paper_id)
    found, number = queries.get_desk_paper(current_user, paper_id), _number()
    rows = queries.list_progress(found, PAGE, (number - 1) * PAGE)
    total = queries.count_audience(found)
    page = Paged(rows, number, -(-total // PAGE), total)
    summary = queries.get_summary(found)
    return render_template(
        "quiz/progress.html",
        desk=found,
        paper=found.paper,
        page=page,
        summary=summary,
        shows_questions=not found.is_above and found.shows_key(None, clock.now()),
    )


@blueprint.get("/paper-desk/<int:paper_id>/people/<int:member_id>/<int:number>")
@permission("reader")
def attempt(paper_id: int, member_id: int, number: int) -> str:
    """Show one person's answers."""
    expire_paper(paper_id)
    found, person, result = queries.get_member_result(
        current_user, paper_id, member_id, number, clock.now()
    )
    return render_template(
        "quiz/attempt.html", desk=found, paper=found.paper, result=result, person=person
    )


@blueprint.get("/paper-desk/<int:paper_id>/questions")
@permission("reader")
def questions(paper_id: int) -> str:
    """List the questions that were asked, for trainers to mark one anew."""
    found = queries.get_desk_paper(current_user, paper_id)
    if found.is_above or not found.shows_key(None, clock.now()):
        raise NotFound(_("没有这份试卷。"))
    asked = queries.list_questions_asked(found.paper)
    return render_template("quiz/questions.html", desk=found, paper=found.paper, asked=asked)


@blueprint.route(
    "/paper-desk/<int:paper_id>/questions/<question_id>/remark", methods=["GET", "POST"]
)
@permission("trainer")
def remark(paper_id: int, question_id: str) -> Page:
    """Mark a question of a paper anew for everybody who was asked it."""
    paper = own_paper(paper_id).paper
    found = [a for a in queries.list_questions_asked(paper) if a.question.id == question_id]
    if not found:
        raise NotFound(_("这份试卷还没有人答过这道题。"))
    form, status = RemarkForm(), 200
    if form.validate_on_submit():
        full, reason = form.way.data == "full", form.reason.data
        try:
            marks = actions.remark_question(
                current_user, paper_id, question_id, full, reason, clock.now()
            )
            flash(_("已重新评分 %(n)s 份。", n=marks))
            return redirect(url_for("quiz.questions", paper_id=paper_id))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("quiz/remark.html", form=form, paper=paper, asked=found[0]), status


def _number() -> int:
    """Return the number of the page asked for."""
    return min(max(1, request.args.get("page", 1, type=int)), 10_000)

"""The time of a paper while it runs: its window, its end for everybody, more time for a person."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.base import clock
from app.base.errors import Invalid
from app.org import queries as org
from app.quiz import actions, queries
from app.quiz.forms import EndForm, TimeForm, WindowForm, read_times, values_of
from app.quiz.views.blueprint import blueprint
from app.quiz.views.making import own_paper
from app.web.permissions import permission

Page = Response | tuple[str, int]


@blueprint.route("/paper-desk/<int:paper_id>/window", methods=["GET", "POST"])
@permission("trainer")
def window(paper_id: int) -> Page:
    """Open or close a published paper earlier or later."""
    paper = own_paper(paper_id).paper
    form = WindowForm(data={**values_of(paper), "seen": len(paper.moves)})
    if form.validate_on_submit():
        try:
            actions.change_window(current_user, paper_id, read_times(form), clock.now())
            flash(_("时间已更改，理由会写在试卷页上。"))
            return redirect(url_for("quiz.progress", paper_id=paper_id))
        except Invalid as error:
            return _window_page(paper_id, form, EndForm(formdata=None), refuse(form, error))
    return _window_page(paper_id, form, EndForm(formdata=None), 422 if form.errors else 200)


@blueprint.post("/paper-desk/<int:paper_id>/close")
@permission("trainer")
def close(paper_id: int) -> Page:
    """End a paper for everybody."""
    paper, form = own_paper(paper_id).paper, EndForm()
    if not form.validate():
        shown = WindowForm(formdata=None, data={**values_of(paper), "seen": len(paper.moves)})
        return _window_page(paper_id, shown, form, 422)
    actions.close_paper(current_user, paper_id, form.why.data, clock.now())
    flash(_("已结束。还在答的人，以已保存的答案计分。"))
    return redirect(url_for("quiz.progress", paper_id=paper_id))


@blueprint.route("/paper-desk/<int:paper_id>/people/<int:member_id>/time", methods=["GET", "POST"])
@permission("trainer")
def time(paper_id: int, member_id: int) -> Page:
    """Give a person more time."""
    paper = own_paper(paper_id)
    person = org.get_person(org.scope_of(current_user), member_id)
    extra = queries.find_extra(member_id, paper_id)
    form, status = TimeForm(minutes=extra // 60), 200
    if form.validate_on_submit():
        seconds, reason = form.minutes.data * 60, form.reason.data
        try:
            actions.extend_time(current_user, paper_id, member_id, seconds, reason, clock.now())
            flash(_("已记下加时。"))
            return redirect(url_for("quiz.progress", paper_id=paper_id))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    page = render_template("quiz/time.html", form=form, paper=paper.paper, person=person)
    return page, status


def _window_page(paper_id: int, form: WindowForm, end: EndForm, status: int) -> Page:
    """Render both forms; whichever was sent keeps what was typed."""
    paper = own_paper(paper_id).paper
    under_way = queries.count_under_way(paper_id)
    page = render_template("quiz/window.html", paper=paper, form=form, end=end, under_way=under_way)
    return page, status

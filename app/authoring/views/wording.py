"""Writing a question, a draft or a unit's own, beside what a phone shows of it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.authoring import actions, forms, queries
from app.authoring.views.blueprint import blueprint
from app.authoring.views.reach import check_own, reached
from app.bank.formats.conversion import list_faults, to_content
from app.bank.kinds import KINDS
from app.base import clock
from app.base.errors import Invalid
from app.org import queries as org
from app.web.permissions import permission

Page = Response | tuple[str, int]


@blueprint.route("/bank/questions/<question_id>/edit", methods=["GET", "POST"])
@permission("trainer")
def reword(question_id: str) -> Page:
    """Give a unit's own question a new wording."""
    check_own(question_id)
    form, status = forms.QuestionForm(), 200
    if request.method == "GET":
        form.show(queries.get_own_draft(question_id))
    elif form.validate() and "preview" not in request.form:
        try:
            actions.reword_question(question_id, form.draft(), current_user.id, clock.now())
            return redirect(url_for("authoring.question", question_id=question_id))
        except Invalid as error:
            status = refuse(form, error)
    return form_page(form, _("修改题目")), 422 if form.errors else status


@blueprint.post("/bank/questions/<question_id>/stop")
@permission("trainer")
def stop(question_id: str) -> Response:
    """Stop asking a unit's own question."""
    check_own(question_id)
    actions.stop_question(question_id, current_user.id, clock.now())
    flash(_("已停用，不再出这道题。"))
    return redirect(url_for("authoring.bank"))


@blueprint.route("/bank/drafts/new", methods=["GET", "POST"])
@permission("trainer")
def write() -> Page:
    """Write a question."""
    units = org.list_units(org.scope_of(current_user))
    if not units:
        raise Invalid(_("请先建立单位，再出题。"))
    return keep(units[0].id, None)


@blueprint.route("/bank/drafts/<int:unit_id>/<draft_id>", methods=["GET", "POST"])
@permission("trainer")
def edit(unit_id: int, draft_id: str) -> Page:
    """Edit a draft."""
    reached(unit_id)
    return keep(unit_id, draft_id)


def keep(unit_id: int, draft_id: str | None) -> Page:
    """Show the form of a draft with its preview, or keep it."""
    form, status = forms.QuestionForm(), 200
    if request.method == "GET" and draft_id:
        form.show(queries.get_draft(unit_id, draft_id).draft)
    elif request.method == "POST" and form.validate() and "preview" not in request.form:
        try:
            actions.save_draft(unit_id, draft_id, form.draft(), current_user.id, clock.now())
            flash(_("草稿已保存。"))
            return redirect(url_for("authoring.drafts"))
        except Invalid as error:
            status = refuse(form, error)
    title = _("修改草稿") if draft_id else _("写一道题")
    return form_page(form, title), 422 if form.errors else status


def form_page(form: forms.QuestionForm, title: str) -> str:
    """Render the form beside the question as a phone shows it."""
    draft = form.draft()
    faults = list_faults(draft) if draft.stem else []
    shown = to_content(draft, "preview", "own") if draft.stem and not faults else None
    return render_template(
        "authoring/form.html",
        form=form,
        title=title,
        faults=faults if request.method == "POST" else [],
        draft=draft,
        content=shown,
        presented=KINDS[draft.kind].present(shown, "preview") if shown else None,
    )

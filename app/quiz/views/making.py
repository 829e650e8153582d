"""Making a paper: its terms and rules with a preview, questions picked by hand, publishing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.bank.queries import Question, get_questions
from app.base import clock
from app.base.errors import Invalid, NotFound
from app.base.ids import new_id
from app.org import queries as org
from app.org.forms import chosen_unit, unit_choices
from app.quiz import actions, queries
from app.quiz.blueprint import Drawn, list_lacks
from app.quiz.forms import (
    EmptyForm,
    PaperForm,
    SearchForm,
    read_plan,
    read_rules,
    read_terms,
    scope_choices,
    values_of,
)
from app.quiz.terms import check_plan
from app.quiz.views.blueprint import blueprint, checked
from app.web.paging import Page as Paged
from app.web.permissions import permission

Page = Response | tuple[str, int]
Preview = list[tuple[Drawn, Question]]
PAGE = 30
ASKED = ("q", "scope", "kind", "difficulty")
SPARE_ROWS = 3  # empty rules that a page offers


@blueprint.route("/paper-desk/new", methods=["GET", "POST"])
@permission("trainer")
def new() -> Page:
    """Make a paper: write its terms, look at what its rules would draw, keep it as a draft."""
    return _paper_page(_with_units(PaperForm()), None)


@blueprint.route("/paper-desk/<int:paper_id>/edit", methods=["GET", "POST"])
@permission("trainer")
def edit(paper_id: int) -> Page:
    """Change a draft."""
    paper = own_paper(paper_id).paper
    if paper.state != "draft":
        return redirect(url_for("quiz.progress", paper_id=paper_id))
    return _paper_page(_with_units(PaperForm(data=values_of(paper))), paper_id)


@blueprint.route("/paper-desk/<int:paper_id>/pick", methods=["GET", "POST"])
@permission("trainer")
def pick(paper_id: int) -> Page:
    """Search the bank for questions and put them on a draft, or take them off."""
    if request.method == "POST":
        checked(EmptyForm())
        added, removed = request.form.getlist("add")[:PAGE], request.form.getlist("remove")[:200]
        actions.pick_questions(current_user, paper_id, added, removed, clock.now())
        return redirect(url_for("quiz.pick", paper_id=paper_id, page=_number(), **_asked()))
    paper = own_paper(paper_id).paper
    form, unit_id = SearchForm(request.args), paper.terms.unit_id
    form.scope.choices = scope_choices(queries.shelf_of(unit_id))
    scope, _slash, chapter = (form.scope.data or "").partition("/")
    text, kind = (form.q.data or "")[:100], form.kind.data or ""
    sort = (kind, scope, chapter, form.difficulty.data or "")
    found = queries.find_questions(text, *sort, unit_id)
    number = _number()
    page = Paged(
        found[(number - 1) * PAGE : number * PAGE], number, -(-len(found) // PAGE), len(found)
    )
    picked = list(get_questions(paper.plan.picked).values())
    return render_template(
        "quiz/pick.html", paper=paper, form=form, page=page, picked=picked, asked=_asked()
    ), 200


@blueprint.post("/paper-desk/<int:paper_id>/publish")
@permission("trainer")
def publish(paper_id: int) -> Page:
    """Offer a draft to its unit, or say on its page what is missing."""
    checked(EmptyForm())
    try:
        actions.publish_paper(current_user, paper_id, clock.now())
    except Invalid as error:
        form = _with_units(PaperForm(formdata=None, data=values_of(own_paper(paper_id).paper)))
        form.form_errors = [error.message]
        return _render(form, paper_id, [], 422)
    flash(_("已发布。"))
    return redirect(url_for("quiz.progress", paper_id=paper_id))


@blueprint.post("/paper-desk/<int:paper_id>/discard")
@permission("trainer")
def discard(paper_id: int) -> Response:
    """Throw a draft away."""
    checked(EmptyForm())
    actions.discard_paper(current_user, paper_id, clock.now())
    flash(_("草稿已删去。"))
    return redirect(url_for("quiz.desk"))


def _asked() -> dict[str, Any]:
    """Return what the search asks for, to carry along in addresses."""
    return {name: request.args[name][:100] for name in ASKED if name in request.args}


def _number() -> int:
    """Return the number of the page asked for."""
    return min(max(1, request.args.get("page", 1, type=int)), 10_000)


def own_paper(paper_id: int) -> queries.DeskPaper:
    """Return a paper that the viewer may change; raise NotFound."""
    found = queries.get_desk_paper(current_user, paper_id)
    if not found.may_change:
        raise NotFound(_("没有这份试卷。"))
    return found


def _with_units(form: PaperForm) -> PaperForm:
    """Offer the units that the viewer reaches, and the questions of these and of those above."""
    scope = org.scope_of(current_user)
    units = org.list_units(scope)
    form.unit.choices = unit_choices(units, scope.unit_id is None)
    below = [unit.id for unit in units]
    merged = [unit.id for unit in org.list_merged(below)]
    form.scopes = scope_choices(frozenset((*below, *merged)) | org.units_of(current_user.id))
    return _with_scopes(form)


def _with_scopes(form: PaperForm) -> PaperForm:
    """Offer what rules may draw from in every rule there is."""
    for entry in form.rules.entries:
        entry.form.scope.choices = form.scopes
    return form


def _paper_page(form: PaperForm, paper_id: int | None) -> Page:
    """Show the form, preview its rules or keep it, as its button says."""
    if request.method == "GET":
        return _render(form, paper_id, [], 200)
    if not form.validate():
        return _render(form, paper_id, [], 422)
    try:
        if form.do.data == "save":
            return redirect(_save(form, paper_id))
        check_plan(read_terms(form), read_plan(form, ()))
        unit_id = chosen_unit(form.unit.data)
        preview = queries.preview_draw(read_rules(form), new_id(), _reserved(), unit_id)
        return _render(form, paper_id, preview, 200)
    except Invalid as error:
        return _render(form, paper_id, [], refuse(form, error))


def _save(form: PaperForm, paper_id: int | None) -> str:
    """Keep the draft and return where to go on."""
    now, terms = clock.now(), read_terms(form)
    if paper_id is None:
        paper_id = actions.make_paper(current_user, terms, read_plan(form, ()), now)
    else:
        plan = read_plan(form, own_paper(paper_id).paper.plan.picked)
        actions.change_paper(current_user, paper_id, terms, plan, now)
    flash(_("草稿已保存。"))
    return url_for("quiz.edit", paper_id=paper_id)


def _render(form: PaperForm, paper_id: int | None, preview: Preview, status: int) -> Page:
    """Render the form with a few empty rules to fill in."""
    asked = (form.do.data == "preview" or form.form_errors) and not form.unit.errors
    lacks = _lacks(form) if asked else {}
    for _row in range(SPARE_ROWS):
        if len(form.rules.entries) < (form.rules.max_entries or 0):
            form.rules.append_entry()
    _with_scopes(form)
    paper = own_paper(paper_id).paper if paper_id is not None else None
    page = render_template("quiz/edit.html", form=form, paper=paper, preview=preview, lacks=lacks)
    return page, status


def _reserved() -> frozenset[str]:
    """Return the questions that are kept for other papers."""
    return queries.list_reserved_ids(clock.now())


def _lacks(form: PaperForm) -> dict[int, int]:
    """Return rule number → how many items it lacks."""
    reserved, unit_id = _reserved(), chosen_unit(form.unit.data)
    bank = [c for c in queries.list_candidates(unit_id) if c.question_id not in reserved]
    found = list_lacks(read_rules(form), bank)
    return {lack.number: lack.missing for lack in found}

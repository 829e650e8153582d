"""A trainer's assignments: the list, making one with a preview, who is how far, changing it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.assign import actions, queries
from app.assign.assignment import Terms
from app.assign.audience import Audience
from app.assign.forms.assignments import (
    KIND_NAMES,
    WHEN_NAMES,
    AssignmentForm,
    EmptyForm,
    FilterForm,
    GoalForm,
    PaperForm,
    offer_chapters,
    offer_papers,
    read_goal_terms,
    read_paper_terms,
    values_of_terms,
)
from app.assign.forms.audience import offer_units, read_audience, values_of_audience
from app.assign.views.blueprint import blueprint
from app.base import clock
from app.base.errors import Invalid, Stale, TooMany
from app.base.ids import new_id
from app.org import queries as org
from app.org.party import STANDING_NAMES
from app.quiz import actions as quiz_actions
from app.quiz import queries as quiz
from app.web.paging import Page as Paged
from app.web.permissions import permission

Page = Response | tuple[str, int]
PAGE = 50


@blueprint.get("/assignments")
@permission("reader")
def assignments() -> str:
    """List what one's own unit asks, what those below ask, and what comes from above."""
    form, number = FilterForm(request.args), _number()
    when, kind = form.when.data or "", form.kind.data or ""
    text = (form.q.data or "").strip()[:40]
    asked = (when if when in WHEN_NAMES else "", kind if kind in KIND_NAMES else "", text)
    found, total = queries.list_desk(current_user, *asked, clock.now(), PAGE, (number - 1) * PAGE)
    page = Paged(found, number, -(-total // PAGE), total)
    return render_template(
        "assign/assignments.html", page=page, form=form, now=clock.epoch(clock.now())
    )


@blueprint.route("/assignments/new", methods=["GET", "POST"])
@permission("trainer")
def new() -> Page:
    """Ask a paper of people: choose, look whom it meets, ask."""
    form = PaperForm(form_id=new_id(), paper=request.args.get("paper", type=int))
    return _make(form, None)


@blueprint.route("/assignments/new-goal", methods=["GET", "POST"])
@permission("trainer")
def new_goal() -> Page:
    """Ask a study goal of people."""
    return _make(GoalForm(form_id=new_id()), None)


@blueprint.route("/assignments/<int:assignment_id>/edit", methods=["GET", "POST"])
@permission("trainer")
def edit(assignment_id: int) -> Page:
    """Change title, time, terms or audience."""
    one = queries.get_own(current_user, assignment_id).assignment
    values = values_of_terms(one.terms) | values_of_audience(one.audience, current_user)
    values |= {"seen": one.version, "form_id": new_id()}
    return _make(GoalForm(data=values) if one.terms.goal else PaperForm(data=values), one)


@blueprint.get("/assignments/<int:assignment_id>")
@permission("reader")
def watch(assignment_id: int) -> str:
    """Show who is how far, the exempt apart, narrowed to a state when asked."""
    desk, now = queries.get_desk(current_user, assignment_id), clock.now()
    if desk.paper is not None:
        _expire(desk.paper.id)
    found, number = queries.get_watch(current_user, assignment_id, now), _number()
    state = request.args.get("state", "")
    rows = [r for r in found.rows if state not in found.counts or r.state == state]
    shown = rows[(number - 1) * PAGE : number * PAGE]
    page = Paged(shown, number, -(-len(rows) // PAGE), len(rows))
    return render_template(
        "assign/watch.html",
        watch=found,
        desk=found.desk,
        page=page,
        state=state,
        standings=STANDING_NAMES,
        chapters=[c.title for c in queries.list_chapters_of(desk.assignment)],
    )


@blueprint.post("/assignments/<int:assignment_id>/withdraw")
@permission("trainer")
def withdraw(assignment_id: int) -> Response:
    """Ask it no longer."""
    if EmptyForm().validate():
        actions.withdraw_assignment(current_user, assignment_id, clock.now())
        flash(_("已撤回，大家的待办里不再有这一项。已交的答卷都还在。"))
    return redirect(url_for("assign.watch", assignment_id=assignment_id))


def _make(form: AssignmentForm, one: queries.Assignment | None) -> Page:
    """Show the form, preview whom it meets, or keep it, as its button says."""
    _offer(form, one)
    preview, outlook, status = None, None, 200
    if form.validate_on_submit():
        try:
            terms, audience = _read(form, one), read_audience(form, current_user)
            if form.do.data != "preview":
                return _keep(form, one, terms, audience)
            preview = queries.check_fit(current_user, one, terms, audience, _home(one), clock.now())
            outlook = _outlook(terms, preview, one)
        except (Invalid, Stale, TooMany) as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    page = render_template(
        "assign/edit.html",
        form=form,
        one=one,
        preview=preview,
        outlook=outlook,
        is_goal=isinstance(form, GoalForm),
        standings=STANDING_NAMES,
    )
    return page, status


def _keep(
    form: AssignmentForm, one: queries.Assignment | None, terms: Terms, audience: Audience
) -> Response:
    """Make the assignment or change it, and show who is how far."""
    now = clock.now()
    if one is None:
        number = actions.make_assignment(current_user, terms, audience, form.form_id.data, now)
        flash(_("已布置。他们会在首页看到。"))
    else:
        number, seen = one.id, form.seen.data or 0
        actions.change_assignment(current_user, number, terms, audience, seen, now)
        flash(_("已更改。"))
    return redirect(url_for("assign.watch", assignment_id=number))


def _offer(form: AssignmentForm, one: queries.Assignment | None) -> None:
    """Offer what can be chosen: units, and papers or chapters."""
    offer_units(form, current_user)
    if isinstance(form, GoalForm):
        offer_chapters(form, queries.list_scopes(_home(one)))
    elif isinstance(form, PaperForm):
        papers = queries.list_assignable(current_user, clock.now())
        if one is not None:
            papers = list(quiz.find_papers([one.terms.paper_id or 0]).values())
            form.paper.data = one.terms.paper_id
        offer_papers(form, papers)


def _read(form: AssignmentForm, one: queries.Assignment | None) -> Terms:
    """Return the terms a form says."""
    if isinstance(form, GoalForm):
        return read_goal_terms(form, _("学习目标"))
    assert isinstance(form, PaperForm)
    return read_paper_terms(form, quiz.get_desk_paper(current_user, form.paper.data).paper)


def _outlook(
    terms: Terms, meant: queries.Meant, one: queries.Assignment | None
) -> queries.Outlook | None:
    """Return what a goal would take; None for a paper."""
    if terms.goal is None:
        return None
    ids = [person.id for person in meant.obliged]
    return queries.look_ahead(terms.goal, terms.closes_at, _home(one), ids, clock.now())


def _home(one: queries.Assignment | None) -> int | None:
    """Return the unit that asks."""
    return one.unit_id if one else org.scope_to_change(current_user).unit_id


def _expire(paper_id: int) -> None:
    """Mark attempts that ran out, before anybody sees who has handed in."""
    now = clock.now()
    while quiz.has_overdue(now, paper_id=paper_id):
        if not quiz_actions.expire_attempts(now, paper_id=paper_id):
            break  # somebody else was faster


def _number() -> int:
    """Return the number of the page asked for."""
    return min(max(1, request.args.get("page", 1, type=int)), 10_000)

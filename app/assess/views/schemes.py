"""Assessment schemes: writing one, trying it, publishing, the scores, correcting."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.assess import actions, queries
from app.assess.explain.results import as_report
from app.assess.forms import EmptyForm, ReasonForm, SchemeForm, read_scheme, values_of
from app.assess.report import Report
from app.assess.views.blueprint import blueprint, page_number
from app.assess.views.files import give_report
from app.bank.queries import list_subjects
from app.base import clock
from app.base.errors import Invalid, NotFound, Stale
from app.org import queries as org
from app.web.format import iso_day
from app.web.paging import Page as Paged
from app.web.permissions import permission

Page = Response | tuple[str, int]
PAGE = 100
MOST = 100_000  # scores in one file


@blueprint.get("/schemes")
@permission("reader")
def schemes() -> str:
    """List the assessment schemes of the units one looks after."""
    return render_template("assess/schemes.html", schemes=queries.list_schemes(current_user))


@blueprint.get("/schemes/<int:scheme_id>")
@permission("reader")
def scheme(scheme_id: int) -> str:
    """Show a scheme; a draft with how it would have been in the last period, if asked."""
    found, number = queries.get_scheme(current_user, scheme_id), page_number()
    scores, total = queries.list_scores(found, PAGE, (number - 1) * PAGE)
    tried = request.args.get("try") == "1" and found.state == "draft"
    return render_template(
        "assess/scheme.html",
        scheme=found,
        page=Paged(scores, number, -(-total // PAGE), total),
        units=queries.list_unit_certificates(found),
        trial=queries.try_scheme(found) if tried else None,
        ready=queries.may_publish(found, clock.now()),
        titles={subject.id: subject.title for subject in list_subjects()},
    )


@blueprint.get("/schemes/<int:scheme_id>/scores.<form>")
@permission("reader")
def scheme_file(scheme_id: int, form: str) -> Response:
    """Give the published scores of a scheme as a workbook or a PDF."""
    found = queries.get_scheme(current_user, scheme_id)
    if found.published_at is None:
        raise NotFound(_("这个考评方案还没有公布。"))
    back = url_for("assess.scheme", scheme_id=scheme_id)
    return give_report(form, f"{_('考评结果')}-{found.title}", back, lambda: _report(found))


@blueprint.route("/schemes/new", methods=["GET", "POST"])
@permission("trainer")
def new_scheme() -> Page:
    """Write a scheme."""
    return _scheme_page(SchemeForm(person_bar=80, unit_share=80, recall=60, papers=40), None)


@blueprint.route("/schemes/<int:scheme_id>/edit", methods=["GET", "POST"])
@permission("trainer")
def edit_scheme(scheme_id: int) -> Page:
    """Change a draft."""
    found = queries.get_scheme(current_user, scheme_id)
    if found.state != "draft":
        return redirect(url_for("assess.scheme", scheme_id=scheme_id))
    return _scheme_page(SchemeForm(data=values_of(found)), found)


@blueprint.post("/schemes/<int:scheme_id>/publish")
@permission("trainer")
def publish_scheme(scheme_id: int) -> Response:
    """Freeze a scheme with everybody's score; that of many people becomes so in a while."""
    _check(EmptyForm())
    job_id, count = actions.ask_to_publish(current_user, scheme_id, clock.now())
    if job_id is not None:
        return redirect(url_for("ops.job", job_id=job_id))
    flash(_("已公布 %(n)s 人的考评，此后不再改动。", n=count))
    return redirect(url_for("assess.scheme", scheme_id=scheme_id))


@blueprint.post("/schemes/<int:scheme_id>/discard")
@permission("trainer")
def discard_scheme(scheme_id: int) -> Response:
    """Take a draft away."""
    _check(EmptyForm())
    actions.discard_scheme(current_user, scheme_id, clock.now())
    return redirect(url_for("assess.schemes"))


@blueprint.route("/schemes/<int:scheme_id>/correct", methods=["GET", "POST"])
@permission("trainer")
def correct_scheme(scheme_id: int) -> Page:
    """Begin a new version of a published scheme."""
    found = queries.get_scheme(current_user, scheme_id)
    form, status = ReasonForm(), 200
    if form.validate_on_submit():
        try:
            made = actions.correct_scheme(current_user, scheme_id, form.reason.data, clock.now())
            return redirect(url_for("assess.edit_scheme", scheme_id=made))
        except (Invalid, Stale) as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("assess/correct.html", form=form, scheme=found), status


def _scheme_page(form: SchemeForm, found: queries.Scheme | None) -> Page:
    """Show a form with a scheme, and keep what it says."""
    status = 200
    form.unit.choices = [(str(u.id), u.name) for u in org.list_units(_scope())]
    form.subjects.choices = [(one.id, one.title) for one in list_subjects()]
    if form.validate_on_submit():
        try:
            return redirect(url_for("assess.scheme", scheme_id=_keep(form, found)))
        except (Invalid, Stale) as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("assess/scheme_form.html", form=form, scheme=found), status


def _keep(form: SchemeForm, found: queries.Scheme | None) -> int:
    title, starts_on, ends_on, plan = read_scheme(form)
    if found is None:
        unit_id = int(form.unit.data)
        return actions.make_scheme(
            current_user, unit_id, title, starts_on, ends_on, plan, clock.now()
        )
    actions.change_scheme(current_user, found.id, title, starts_on, ends_on, plan, clock.now())
    return found.id


def _report(found: queries.Scheme) -> Report:
    """Return the report on what came of a published scheme."""
    scores, _total = queries.list_scores(found, MOST, 0)
    names = org.list_names(one.unit_id for one in scores if one.unit_id is not None)
    units = queries.list_unit_certificates(found)
    return as_report(found, scores, units, names, iso_day(found.published_at or 0))


def _scope() -> org.Scope:
    return org.scope_to_change(current_user)


def _check(form: EmptyForm) -> None:
    """Refuse a page that is not ours."""
    if not form.validate():
        raise Invalid(_("这一页不完整，请返回重新打开。"))

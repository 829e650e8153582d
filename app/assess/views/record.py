"""My record, the record of somebody one looks after, and doubts about figures with answers."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.assess import actions, queries
from app.assess.explain.records import as_report
from app.assess.forms import AnswerForm, AppealForm
from app.assess.report import Report
from app.assess.views.blueprint import blueprint, page_number
from app.assess.views.files import give_report
from app.base import clock
from app.base.errors import Invalid, TooMany
from app.org import queries as org
from app.web.paging import Page as Paged
from app.web.permissions import permission

Page = Response | tuple[str, int]
PAGE = 50
FURTHEST = timedelta(days=730)


@blueprint.get("/my-record")
@permission("member")
def record() -> str:
    """Show a member what the site says they know, and how each figure came about."""
    found = queries.get_record(current_user.id, asked_day(), clock.now())
    appeals = queries.list_own_appeals(current_user.id)
    outlooks = queries.list_outlooks(current_user, found.then, clock.now())
    return render_template(
        "assess/record.html",
        record=found,
        appeals=appeals,
        person=None,
        outlooks=outlooks,
        scores=queries.list_own_scores(current_user.id),
    )


@blueprint.get("/people/<int:user_id>/record")
@permission("reader")
def person_record(user_id: int) -> str:
    """Show the record of a person one looks after; the person can see that this was done."""
    person = org.get_person(org.scope_of(current_user), user_id)
    actions.note_look(current_user.id, user_id, clock.now())
    found = queries.get_record(user_id, asked_day(), clock.now())
    return render_template(
        "assess/record.html",
        record=found,
        appeals=(),
        person=person,
        outlooks=(),
        scores=queries.list_own_scores(user_id),
    )


@blueprint.get("/my-record/record.<form>")
@permission("member")
def record_file(form: str) -> Response:
    """Give one's own record as a workbook or a PDF."""
    day = asked_day()
    back = url_for("assess.record", on=day.isoformat() if day else None)
    name = current_user.name
    return give_report(form, f"{_('学习档案')}-{name}", back, _report(current_user.id, name, day))


@blueprint.get("/people/<int:user_id>/record.<form>")
@permission("reader")
def person_record_file(user_id: int, form: str) -> Response:
    """Give the record of a person one looks after as a file; the person can see that."""
    person = org.get_person(org.scope_of(current_user), user_id)
    actions.note_look(current_user.id, user_id, clock.now())
    back = url_for("assess.person_record", user_id=user_id)
    make = _report(user_id, person.name, asked_day())
    return give_report(form, f"{_('学习档案')}-{person.name}", back, make)


@blueprint.route("/my-record/question", methods=["GET", "POST"])
@permission("member")
def appeal() -> Page:
    """Question a figure: say what is wrong with it."""
    about = request.args.get("about", "other")[:160]
    shown = queries.describe_figure(current_user.id, about, clock.now())
    form, status = AppealForm(), 200
    if form.validate_on_submit():
        try:
            actions.question_figure(current_user.id, about, shown, form.text.data, clock.now())
            flash(_("已转给组织者，答复会显示在“我的档案”里。"))
            return redirect(url_for("assess.record"))
        except (Invalid, TooMany) as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("assess/appeal.html", form=form, about=about, shown=shown), status


@blueprint.get("/appeals")
@permission("trainer")
def appeals() -> str:
    """List the doubts of the people one looks after, open ones first."""
    number = page_number()
    found, total = queries.list_appeals(current_user, PAGE, (number - 1) * PAGE)
    page = Paged(found, number, -(-total // PAGE), total)
    return render_template("assess/appeals.html", page=page)


@blueprint.post("/appeals/<int:member_id>/<appeal_id>")
@permission("trainer")
def answer(member_id: int, appeal_id: str) -> Response:
    """Answer a doubt."""
    form = AnswerForm()
    if not form.validate():
        raise Invalid(_("请写下答复，最多 500 个字。"))
    actions.answer_appeal(current_user, member_id, appeal_id, form.text.data, clock.now())
    flash(_("已答复。"))
    return redirect(url_for("assess.appeals"))


def _report(member_id: int, name: str, then: date | None) -> Callable[[], Report]:
    """Return what makes the report of somebody's record."""

    def make() -> Report:
        found = queries.get_record(member_id, then, clock.now())
        return as_report(found, queries.list_own_scores(member_id), name)

    return make


def asked_day() -> date | None:
    """Return the day asked for, None for none, a malformed one or one too far away."""
    try:
        day = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None
    return day if day <= clock.study_day(clock.now()) + FURTHEST else None

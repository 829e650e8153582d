"""Pages of collective study: what a unit recorded, one gathering, targets, one's own hours."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import SelectChoice

from app.assign.actions import hours as actions
from app.assign.forms import hours as forms
from app.assign.queries import hours as queries
from app.assign.views.blueprint import blueprint
from app.assign.views.parts import Page, answer, asked_unit, asked_year, today
from app.base.clock import now
from app.base.ids import is_id, new_id
from app.org import queries as org
from app.org.party import POST_NAMES, STATUS_NAMES
from app.web.paging import Page as Paged
from app.web.permissions import permission

PAGE = 50


@blueprint.get("/my-hours")
@permission("member")
def my_hours() -> str:
    """Show one's own hours of a year beside what is asked, with what was corrected."""
    year = asked_year()
    total = queries.get_total(current_user.id, year, today())
    own = queries.list_own_hours(current_user.id, year)
    return render_template("assign/my_hours.html", total=total, own=own, year=year)


@blueprint.get("/hours")
@permission("reader")
def hours_of_unit() -> str:
    """Show the gatherings of a unit and below, and everybody's hours beside what is asked."""
    unit, year = asked_unit(), asked_year()
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    totals = queries.list_totals(unit.id, year, today())
    page = Paged(
        totals[(number - 1) * PAGE : number * PAGE], number, -(-len(totals) // PAGE), len(totals)
    )
    return render_template(
        "assign/hours.html",
        unit=unit,
        units=org.list_units(org.scope_of(current_user)),
        year=year,
        page=page,
        lacking=sum(1 for total in totals if total.lacking),
        gatherings=queries.list_gatherings(org.Scope(unit.id), year),
    )


@blueprint.get("/hours/<gathering_id>")
@permission("reader")
def gathering(gathering_id: str) -> str:
    """Show a gathering: who was there, by what evidence, and what was corrected."""
    versions = queries.get_gathering(current_user, gathering_id)
    present = queries.list_present(gathering_id, versions[0].version)
    return render_template(
        "assign/gathering.html",
        gathering=versions[0],
        versions=versions,
        present=present,
        may_change=org.may_edit(current_user),
    )


@blueprint.route("/hours/new", methods=["GET", "POST"])
@permission("trainer")
def new_gathering() -> Page:
    """Record an occasion of collective study of a unit."""
    unit = asked_unit()
    roster = org.list_members(org.Scope(unit.id))
    form = forms.GatheringForm(day=today(), id=new_id())
    shown = {"unit": unit, "roster": roster, "gathering": None}
    if not is_id(form.id.data or ""):
        form.id.data = new_id()
    if _ticked(form, roster):
        return render_template("assign/gathering_form.html", form=form, **shown), 200

    def act() -> str:
        actions.record_gathering(current_user, form.id.data, unit.id, form.told(), now())
        return url_for("assign.gathering", gathering_id=form.id.data)

    return answer(form, "assign/gathering_form.html", act, **shown)


@blueprint.route("/hours/<gathering_id>/correct", methods=["GET", "POST"])
@permission("trainer")
def correct_gathering(gathering_id: str) -> Page:
    """Record a gathering anew, with the reason."""
    org.scope_to_change(current_user)
    found = queries.get_gathering(current_user, gathering_id)[0]
    there = queries.list_present(gathering_id, found.version)
    roster = queries.list_roster(found.unit_id, there)
    known = {n: getattr(found, n) for n in ("day", "subject", "hours", "evidence", "version")}
    form = forms.CorrectForm(data={**known, "present": [person.id for person in there]})
    unit = org.get_unit(found.unit_id)
    shown = {"unit": unit, "roster": roster, "gathering": found}
    if _ticked(form, roster):
        return render_template("assign/gathering_form.html", form=form, **shown), 200

    def act() -> str:
        told = None if form.cancel.data else form.told()
        version, why = form.version.data, form.text.data
        actions.correct_gathering(current_user, gathering_id, version, told, why, now())
        return url_for("assign.gathering", gathering_id=gathering_id)

    return answer(form, "assign/gathering_form.html", act, **shown)


@blueprint.route("/hours/targets", methods=["GET", "POST"])
@permission("trainer")
def targets() -> Page:
    """Show what a unit asks of each status and post, and set it."""
    unit = asked_unit()
    form = forms.TargetForm()

    def act() -> str:
        applies_to = form.applies_to.data or ""
        actions.set_target(
            current_user, unit.id, applies_to, form.hours.data, form.source.data, now()
        )
        flash(_("已保存。"))
        return url_for("assign.targets", unit=unit.id)

    names = {**STATUS_NAMES, **POST_NAMES}
    shown = {"unit": unit, "names": names, "targets": queries.list_targets(unit.id)}
    return answer(form, "assign/targets.html", act, here=queries.list_set_here(unit.id), **shown)


@blueprint.post("/hours/targets/drop")
@permission("trainer")
def drop_target() -> Page:
    """Let a unit ask again what the one above it asks."""
    unit = asked_unit()
    actions.drop_target(current_user, unit.id, request.form.get("applies_to", ""), now())
    return redirect(url_for("assign.targets", unit=unit.id))


def _ticked(form: forms.GatheringForm, roster: Sequence[org.Person]) -> bool:
    """Tick everybody or nobody when a button asks for it; say whether one did."""
    wanted = request.form.get("do")
    form.present.choices = [SelectChoice(str(person.id), person.name) for person in roster]
    if wanted not in ("all", "none"):
        return False
    form.present.data = [person.id for person in roster] if wanted == "all" else []
    return True

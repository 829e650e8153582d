"""Pages of duties: the list of a unit with the levels below, one duty, gaps, one's own."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.assign.actions import copying, duties, handing, settling
from app.assign.audience import Audience
from app.assign.forms import duties as forms
from app.assign.queries import duties as queries
from app.assign.queries import gaps as gap_queries
from app.assign.queries import links, plans
from app.assign.queries.choices import list_choices
from app.assign.queries.proofs import list_proofs
from app.assign.views.blueprint import blueprint
from app.assign.views.parts import Page, answer, asked_unit, reason, today
from app.base.clock import now, study_day
from app.org import queries as org
from app.web.permissions import permission


@blueprint.get("/my-duties")
@permission("member")
def my_duties() -> str:
    """List what one is answerable for, and the items of plans that mean oneself."""
    day = today()
    return render_template(
        "assign/my_duties.html",
        own=queries.list_own(current_user.id, day, closed_since=day.replace(month=1, day=1)),
        items=plans.list_items_for(current_user.id, day),
    )


@blueprint.get("/duties")
@permission("reader")
def duties_of_unit() -> str:
    """List the duties of a unit, and how each unit below it stands."""
    unit, day = asked_unit(), today()
    own, tally, branches = links.list_branches(unit.id, day)
    scope = org.scope_of(current_user)
    above = [one for one in org.chain_of(unit.id)[:-1] if org.reaches(scope, one.id)]
    return render_template(
        "assign/duties.html", unit=unit, own=own, tally=tally, branches=branches, above=above
    )


@blueprint.get("/duties/gaps")
@permission("reader")
def gaps() -> str:
    """List what no named person is answerable for."""
    found = gap_queries.list_gaps(org.scope_of(current_user), today())
    return render_template("assign/gaps.html", gaps=found)


@blueprint.get("/duties/<int:duty_id>")
@permission("member")
def duty(duty_id: int) -> str:
    """Show a duty: whose it is and was, what was done, the links below."""
    day = today()
    found = queries.get_seen_duty(current_user, duty_id, day)
    watching = queries.may_watch(current_user, found)
    spans = queries.list_spans(duty_id, day)
    return render_template(
        "assign/duty.html",
        duty=found,
        spans=spans,
        names=org.list_names_of(s.member_id for s in spans if s.member_id is not None),
        notes=queries.list_notes(duty_id),
        below=links.list_links_below(duty_id, org.scope_of(current_user), day) if watching else (),
        may_change=watching and org.may_edit(current_user),
        may_watch=watching,
    )


@blueprint.route("/duties/new", methods=["GET", "POST"])
@permission("trainer")
def new_duty() -> Page:
    """Lay a new duty of a unit on a post or a person."""
    unit = asked_unit()
    form = forms.DutyForm(starts_on=today())
    form.owner.choices = forms.owner_choices(list_choices(unit.id, today()))

    def act() -> str:
        charge = forms.read_charge(form.owner.data)
        made = duties.make_duty(current_user, unit.id, form.wording(), charge, now())
        return url_for("assign.duty", duty_id=made)

    return answer(form, "assign/duty_form.html", act, unit=unit, plan=None, duty=None)


@blueprint.route("/duties/<int:duty_id>/edit", methods=["GET", "POST"])
@permission("trainer")
def edit_duty(duty_id: int) -> Page:
    """Change words or days, with the reason."""
    found = _own(duty_id)
    audience: Audience = found.audience
    form = forms.ChangeForm(
        obj=found, data={"statuses": audience.statuses, "posts": audience.posts}
    )

    def act() -> str:
        wording, why = form.wording(), form.text.data
        duties.change_duty(current_user, duty_id, form.version.data, wording, why, now())
        return url_for("assign.duty", duty_id=duty_id)

    shown = {"unit": org.get_unit(found.unit_id), "plan": None, "duty": found}
    return answer(form, "assign/duty_form.html", act, **shown)


@blueprint.route("/duties/<int:duty_id>/hand-over", methods=["GET", "POST"])
@permission("trainer")
def hand_duty(duty_id: int) -> Page:
    """Lay a duty on somebody else from a day on."""
    found = _own(duty_id)
    form = forms.HandForm(day=today())
    home_id = found.home_id or found.unit_id
    form.owner.choices = forms.owner_choices(list_choices(home_id, today()))

    def act() -> str:
        charge, why = forms.read_charge(form.owner.data), form.text.data
        handing.hand_duty(current_user, duty_id, charge, form.day.data, why, now())
        return url_for("assign.duty", duty_id=duty_id)

    return answer(form, "assign/hand_over.html", act, duty=found, person=None)


@blueprint.route("/duties/people/<int:user_id>/hand-over", methods=["GET", "POST"])
@permission("trainer")
def hand_all(user_id: int) -> Page:
    """Hand over at once all that lies on a person of one's reach themselves."""
    person = org.get_person(org.scope_to_change(current_user), user_id)
    form = forms.HandForm(day=today())
    unit_id = person.unit_id or asked_unit().id
    form.owner.choices = forms.owner_choices(list_choices(unit_id, today()))

    def act() -> str:
        charge, why = forms.read_charge(form.owner.data), form.text.data
        done = handing.hand_all(current_user, user_id, charge, form.day.data, why, now())
        flash(_("已移交 %(n)s 项。", n=done))
        return url_for("assign.duties_of_unit", unit=unit_id)

    return answer(form, "assign/hand_over.html", act, duty=None, person=person)


@blueprint.route("/duties/<int:duty_id>/done", methods=["GET", "POST"])
@permission("member")
def settle_duty(duty_id: int) -> Page:
    """Report a duty as done, with what shows it."""
    found = queries.get_duty_to_settle(current_user, duty_id, today())
    form = forms.SettleForm(day=today())
    gatherings, assignments = list_proofs(found.home_id, today())
    form.gathering.choices = forms.gathering_choices(gatherings)
    form.assignment.choices = forms.assignment_choices(assignments)

    def act() -> str:
        day, text = form.day.data, form.text.data or ""
        settling.settle_duty(current_user, duty_id, day, text, now(), form.proof())
        return url_for("assign.duty", duty_id=duty_id)

    return answer(form, "assign/settle.html", act, duty=found)


@blueprint.route("/duties/<int:duty_id>/copy", methods=["GET", "POST"])
@permission("trainer")
def copy_duty(duty_id: int) -> Page:
    """Pass a duty down to units below."""
    found = _own(duty_id)
    units = [u for u in org.list_units_below(found.home_id or 0) if u.id != found.home_id]
    form = forms.UnitsForm()
    form.units.choices = forms.below_choices(units)

    def act() -> str:
        added = copying.copy_duty(current_user, duty_id, form.units.data or [], now())
        flash(_("已传给 %(n)s 个单位；原来已有的没有变动。", n=added))
        return url_for("assign.duty", duty_id=duty_id)

    have = {d.home_id for d in links.list_links_below(duty_id, org.scope_of(current_user), today())}
    shown = {"title": found.title, "units": units, "have": have}
    back = url_for("assign.duty", duty_id=duty_id)
    return answer(form, "assign/copy.html", act, back=back, **shown)


@blueprint.post("/duties/<int:duty_id>/withdraw")
@permission("trainer")
def withdraw_duty(duty_id: int) -> Response:
    """Take a duty back, with the reason."""
    _own(duty_id)
    duties.withdraw_duty(current_user, duty_id, reason(), now())
    return redirect(url_for("assign.duty", duty_id=duty_id))


@blueprint.post("/duties/<int:duty_id>/reopen")
@permission("trainer")
def reopen_duty(duty_id: int) -> Response:
    """Say, with the reason, that a duty is not done after all."""
    _own(duty_id)
    settling.reopen_duty(current_user, duty_id, reason(), now())
    return redirect(url_for("assign.duty", duty_id=duty_id))


@blueprint.post("/duties/<int:duty_id>/follow")
@permission("trainer")
def follow_duty(duty_id: int) -> Response:
    """Bring a copy in line with the link above, which has changed."""
    duties.follow_source(current_user, duty_id, now())
    return redirect(url_for("assign.duty", duty_id=duty_id))


@blueprint.post("/duties/<int:duty_id>/keep")
@permission("trainer")
def keep_duty(duty_id: int) -> Response:
    """Leave a copy as it is although the link above has changed."""
    duties.keep_own(current_user, duty_id, now())
    return redirect(url_for("assign.duty", duty_id=duty_id))


def _own(duty_id: int) -> queries.Duty:
    """Return a duty that the viewer may change; raise NotFound."""
    return queries.get_own_duty(current_user, duty_id, today())


def home_panel(moment: datetime) -> str:
    """Return what the person who is signed in has to see to soon, "" for nothing."""
    if not current_user.is_authenticated:
        return ""
    day = study_day(moment)
    found = queries.list_pressing(current_user.id, day)
    if not found:
        return ""
    return render_template("assign/_pressing.html", pressing=found, day=day)

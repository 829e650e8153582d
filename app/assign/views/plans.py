"""Pages of study plans: the list, one plan with its progress, making, copying down, pulling."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.assign.actions import copying, duties, plans
from app.assign.forms import duties as duty_forms
from app.assign.forms import plans as forms
from app.assign.period import Period
from app.assign.queries import plans as queries
from app.assign.queries.choices import list_choices
from app.assign.views.blueprint import blueprint
from app.assign.views.parts import Page, answer, asked_unit, today
from app.base.clock import now
from app.org import queries as org
from app.org.forms import unit_choices
from app.web.paging import Page as Paged
from app.web.permissions import permission

PAGE = 30


@blueprint.get("/plans")
@permission("reader")
def plans_of_units() -> str:
    """List the plans of one's reach, and those of units above that can be copied."""
    scope, day = org.scope_of(current_user), today()
    found = queries.list_plans(scope, day)
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    shown = found[(number - 1) * PAGE : number * PAGE]
    offered = queries.list_offered(current_user, day) if org.may_edit(current_user) else ()
    page = Paged(shown, number, -(-len(found) // PAGE), len(found))
    names = forms.QUARTER_NAMES
    return render_template("assign/plans.html", page=page, offered=offered, quarter_names=names)


@blueprint.get("/plans/<int:plan_id>")
@permission("reader")
def plan(plan_id: int) -> str:
    """Show a plan: each item with its days, who answers for it, and how it stands."""
    day = today()
    found, items = queries.get_plan(current_user, plan_id, day)
    return render_template(
        "assign/plan.html",
        plan=found,
        items=items,
        copies=queries.list_copies(plan_id, org.scope_of(current_user), day),
        missing=queries.count_missing(found, day),
        may_change=org.may_edit(current_user),
        quarter_names=forms.QUARTER_NAMES,
    )


@blueprint.route("/plans/new", methods=["GET", "POST"])
@permission("trainer")
def new_plan() -> Page:
    """Make an empty plan for a unit."""
    form = forms.PlanForm(unit=asked_unit().id, year=today().year)
    form.unit.choices = unit_choices(org.list_units(org.scope_to_change(current_user)), False)

    def act() -> str:
        period = Period(form.year.data, int(form.quarter.data))
        made = plans.make_plan(current_user, form.unit.data, form.title.data, period, now())
        return url_for("assign.plan", plan_id=made)

    return answer(form, "assign/plan_form.html", act, plan=None)


@blueprint.route("/plans/<int:plan_id>/edit", methods=["GET", "POST"])
@permission("trainer")
def rename_plan(plan_id: int) -> Page:
    """Give a plan another title."""
    found, _items = queries.get_plan(current_user, plan_id, today())
    form = forms.TitleForm(title=found.title)

    def act() -> str:
        plans.rename_plan(current_user, plan_id, form.title.data, now())
        return url_for("assign.plan", plan_id=plan_id)

    return answer(form, "assign/plan_form.html", act, plan=found)


@blueprint.post("/plans/<int:plan_id>/discard")
@permission("trainer")
def discard_plan(plan_id: int) -> Response:
    """Throw an empty plan away."""
    plans.discard_plan(current_user, plan_id, now())
    return redirect(url_for("assign.plans_of_units"))


@blueprint.route("/plans/<int:plan_id>/items/new", methods=["GET", "POST"])
@permission("trainer")
def new_item(plan_id: int) -> Page:
    """Add an item to a plan."""
    found, _items = queries.get_plan(current_user, plan_id, today())
    form = duty_forms.DutyForm(starts_on=max(found.period.first, min(today(), found.period.last)))
    home_id = found.home_id or found.unit_id
    form.owner.choices = duty_forms.owner_choices(list_choices(home_id, today()))

    def act() -> str:
        charge = duty_forms.read_charge(form.owner.data)
        duties.make_item(current_user, plan_id, form.wording(), charge, now())
        return url_for("assign.plan", plan_id=plan_id)

    shown = {"unit": org.get_unit(home_id), "plan": found, "duty": None}
    return answer(form, "assign/duty_form.html", act, **shown)


@blueprint.route("/plans/<int:plan_id>/copy", methods=["GET", "POST"])
@permission("trainer")
def copy_plan(plan_id: int) -> Page:
    """Give units below their own copy of a plan."""
    found, _items = queries.get_plan(current_user, plan_id, today())
    units = [u for u in org.list_units_below(found.home_id or 0) if u.id != found.home_id]
    form = duty_forms.UnitsForm()
    form.units.choices = duty_forms.below_choices(units)

    def act() -> str:
        _tell(copying.copy_plan(current_user, plan_id, form.units.data or [], now()))
        return url_for("assign.plan", plan_id=plan_id)

    copies = queries.list_copies(plan_id, org.scope_of(current_user), today())
    shown = {"title": found.title, "units": units, "have": {copy.home_id for copy in copies}}
    back = url_for("assign.plan", plan_id=plan_id)
    return answer(form, "assign/copy.html", act, back=back, **shown)


@blueprint.post("/plans/<int:plan_id>/take")
@permission("trainer")
def take_plan(plan_id: int) -> Response:
    """Copy a plan of a unit above into one's own."""
    unit = asked_unit()
    _tell(copying.copy_plan(current_user, plan_id, [unit.id], now()))
    return redirect(url_for("assign.plans_of_units"))


@blueprint.post("/plans/<int:plan_id>/pull")
@permission("trainer")
def pull_plan(plan_id: int) -> Response:
    """Add to a copy what was added above since."""
    added = copying.pull_plan(current_user, plan_id, now())
    flash(_("已补上 %(n)s 项。", n=added))
    return redirect(url_for("assign.plan", plan_id=plan_id))


def _tell(copied: copying.Copied) -> None:
    """Say on the next page what was copied."""
    words = _(
        "新抄 %(plans)s 份计划、%(items)s 项事项；原来已有的没有变动。",
        plans=copied.plans,
        items=copied.items,
    )
    flash(words)

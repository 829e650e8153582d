"""Pages of units: the tree, one unit, and what administrators do to them."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.base.clock import now, study_day
from app.base.errors import Invalid
from app.org import actions, forms, queries
from app.org.party import POST_NAMES, STATUS_NAMES
from app.org.size import Size, hints
from app.org.views.blueprint import Page, blueprint
from app.web.permissions import permission


@blueprint.get("/units")
@permission("reader")
def units() -> Page:
    """List the units of one's reach with their people and what the rules would say."""
    scope = queries.scope_of(current_user)
    listed = queries.list_units(scope)
    sizes = _sizes(listed)
    return render_template(
        "org/units.html",
        units=listed,
        closed=queries.list_closed(scope),
        kinds=forms.KIND_NAMES,
        counts={unit_id: sum(size.statuses.values()) for unit_id, size in sizes.items()},
        hinted={unit_id for unit_id, size in sizes.items() if hints(size)},
    ), 200


@blueprint.get("/units/<int:unit_id>")
@permission("reader")
def unit(unit_id: int) -> Page:
    """Show a unit: its place, its people by status, its posts, and hints."""
    scope = queries.scope_of(current_user)
    found = queries.get_reached_unit(scope, unit_id)
    size = _sizes((found,))[unit_id]
    successor = found.merged_into_id and queries.get_unit(found.merged_into_id)
    return render_template(
        "org/unit.html",
        unit=found,
        above=[one for one in queries.chain_of(unit_id)[:-1] if queries.reaches(scope, one.id)],
        below=[one for one in queries.list_units_below(unit_id) if one.parent_id == unit_id],
        successor=successor,
        size=size,
        hints=hints(size),
        holders=queries.list_posts_of_unit(unit_id, study_day(now())),
        kinds=forms.KIND_NAMES,
        statuses=STATUS_NAMES,
        posts=POST_NAMES,
    ), 200


def _sizes(units: tuple[queries.Unit, ...]) -> dict[int, Size]:
    ids = [unit.id for unit in units]
    counts = queries.count_by_status(ids)
    held = queries.list_committees(ids, study_day(now()))
    return {u.id: Size(u.kind, counts.get(u.id, {}), held.get(u.id, ())) for u in units}


@blueprint.route("/units/new", methods=["GET", "POST"])
@permission("admin")
def add_unit() -> Page:
    """Add a unit."""
    scope = queries.scope_to_change(current_user)
    form = forms.UnitForm()
    form.parent.choices = forms.unit_choices(queries.list_units(scope), scope.unit_id is None)

    def act() -> int:
        parent = forms.chosen_unit(form.parent.data)
        code, name, kind = form.code.data, form.name.data, form.kind.data
        return actions.add_unit(code, name, kind, parent, now=now(), by=current_user)

    return _answer(form, "org/add_unit.html", act)


@blueprint.route("/units/<int:unit_id>/rename", methods=["GET", "POST"])
@permission("admin")
def rename_unit(unit_id: int) -> Page:
    """Give a unit another name or kind."""
    found = queries.get_reached_unit(queries.scope_to_change(current_user), unit_id)
    form = forms.RenameForm(obj=found)

    def act() -> int:
        actions.rename_unit(unit_id, form.name.data, form.kind.data, now(), current_user)
        return unit_id

    return _answer(form, "org/rename_unit.html", act, unit=found)


@blueprint.route("/units/<int:unit_id>/move", methods=["GET", "POST"])
@permission("admin")
def move_unit(unit_id: int) -> Page:
    """Put a unit below another."""
    scope = queries.scope_to_change(current_user)
    found = queries.get_reached_unit(scope, unit_id)
    form = forms.MoveForm(parent="" if found.parent_id is None else str(found.parent_id))
    form.parent.choices = forms.unit_choices(queries.list_units(scope), scope.unit_id is None)

    def act() -> int:
        actions.move_unit(unit_id, forms.chosen_unit(form.parent.data), now(), current_user)
        return unit_id

    return _answer(form, "org/move_unit.html", act, unit=found)


@blueprint.route("/units/<int:unit_id>/merge", methods=["GET", "POST"])
@permission("admin")
def merge_unit(unit_id: int) -> Page:
    """Merge a unit into another; the page says beforehand what that moves."""
    scope = queries.scope_to_change(current_user)
    found = queries.get_reached_unit(scope, unit_id)
    form = forms.MergeForm()
    others = [unit for unit in queries.list_units(scope) if unit.id != unit_id]
    form.into.choices = forms.unit_choices(others, False)

    def act() -> int:
        into = int(form.into.data)
        actions.merge_units(unit_id, into, now(), current_user)
        return into

    people = sum(_sizes((found,))[unit_id].statuses.values())
    posts = len(queries.list_posts_of_unit(unit_id, study_day(now())))
    below = sum(one.parent_id == unit_id for one in queries.list_units_below(unit_id))
    counts = {"people": people, "posts": posts, "below": below}
    return _answer(form, "org/merge_unit.html", act, unit=found, **counts)


@blueprint.post("/units/<int:unit_id>/close")
@permission("admin")
def close_unit(unit_id: int) -> Response:
    """Close an empty unit; a refusal says what is still in it."""
    actions.close_unit(unit_id, now(), current_user)
    return redirect(url_for("org.unit", unit_id=unit_id))


def _answer(form: Any, template: str, act: Callable[[], int], **shown: Any) -> Page:
    """Do what a valid form asks for and go to the unit; else show the form with its errors."""
    status = 200
    if form.validate_on_submit():
        try:
            return redirect(url_for("org.unit", unit_id=act()))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template(template, form=form, **shown), status

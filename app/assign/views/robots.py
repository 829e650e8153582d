"""A trainer's group robots: which there are, what was sent, adding, trying and removing one."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.assign import actions, queries
from app.assign.forms.reminders import KIND_NAMES, STATE_NAMES, OneRobotForm, RobotForm
from app.assign.robots import read_address
from app.assign.views.blueprint import blueprint
from app.base import clock
from app.base.errors import Invalid
from app.web.permissions import permission

Page = Response | tuple[str, int]


@blueprint.route("/units/<int:unit_id>/robots", methods=["GET", "POST"])
@permission("trainer")
def robots(unit_id: int) -> Page:
    """Show the robots of a unit and what their groups were sent; register one."""
    queries.list_robots(current_user, unit_id)
    form, status = RobotForm(), 200
    if form.validate_on_submit():
        try:
            address = read_address(form.address.data, form.secret.data or "")
            actions.add_robot(current_user, unit_id, form.name.data.strip(), address, clock.now())
            flash(_("已登记。发一条试试，看群里收到没有。"))
            return redirect(url_for("assign.robots", unit_id=unit_id))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return _page(unit_id, form, status)


@blueprint.post("/units/<int:unit_id>/robots/try")
@permission("trainer")
def try_robot(unit_id: int) -> Page:
    """Have a trial message sent to a group."""
    return _act(unit_id, actions.try_robot, _("很快就发，结果显示在下面。"))


@blueprint.post("/units/<int:unit_id>/robots/remove")
@permission("trainer")
def remove_robot(unit_id: int) -> Page:
    """Forget a robot."""
    return _act(unit_id, actions.remove_robot, _("已删去，不会再发到那个群。"))


def _act(unit_id: int, act: actions.RobotAct, done: str) -> Page:
    """Do something with the robot a form names."""
    queries.list_robots(current_user, unit_id)
    form = OneRobotForm()
    try:
        if not form.validate_on_submit():
            raise Invalid(_("没有这个群机器人，可能已经删去。"))
        act(current_user, unit_id, form.robot.data, clock.now())
    except Invalid as error:
        flash(error.message)
        return _page(unit_id, RobotForm(None), 422)
    flash(done)
    return redirect(url_for("assign.robots", unit_id=unit_id))


def _page(unit_id: int, form: RobotForm, status: int) -> Page:
    unit, found = queries.list_robots(current_user, unit_id)
    under_way = any(one.is_under_way for robot in found for one in robot.deliveries)
    page: str = render_template(
        "assign/robots.html",
        unit=unit,
        robots=found,
        form=form,
        kinds=KIND_NAMES,
        states=STATE_NAMES,
        under_way=under_way,
    )
    return page, status

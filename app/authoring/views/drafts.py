"""Drafts of one's own unit and below: listed, approved, put aside."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.authoring import actions, queries
from app.authoring.views.blueprint import blueprint
from app.authoring.views.reach import kept_units, reached
from app.base import clock
from app.base.errors import Invalid
from app.web.paging import Page as Paged
from app.web.permissions import permission

PAGE = 50
STATES = ("draft", "approved", "rejected")


@blueprint.get("/bank/drafts")
@permission("trainer")
def drafts() -> str:
    """List the drafts of one's own unit and below."""
    state = request.args.get("state", "draft")
    state = state if state in STATES else "draft"
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    units = {unit.id: unit for unit in kept_units()}
    found, total = queries.list_drafts(list(units), state, PAGE, (number - 1) * PAGE)
    return render_template(
        "authoring/drafts.html",
        page=Paged(found, number, -(-total // PAGE), total),
        units=units,
        state=state,
    )


@blueprint.post("/bank/drafts/<int:unit_id>")
@permission("trainer")
def decide(unit_id: int) -> Response:
    """Approve or reject the chosen drafts of a unit."""
    unit = reached(unit_id)
    chosen = request.form.getlist("draft")[:PAGE]
    if not chosen:
        raise Invalid(_("请先选中草稿。"))
    if request.form.get("what") == "approve":
        number = actions.approve_drafts(unit_id, unit.name, chosen, current_user.id, clock.now())
        flash(_("已批准 %(n)s 题，本单位和下级单位的人可以学到。", n=number))
    else:
        number = actions.reject_drafts(unit_id, chosen, current_user.id, clock.now())
        flash(_("已搁置 %(n)s 题。", n=number))
    return redirect(url_for("authoring.drafts"))

"""Pages about people's data: one's own to take along, who did what, and erasing somebody."""

import json
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_login import current_user

from app.accounts.names import fold
from app.accounts.refusal import refuse
from app.base import audit
from app.base.clock import now
from app.base.errors import Invalid
from app.ops import actions, queries
from app.ops.forms import ACTIONS, EraseForm
from app.ops.views.blueprint import blueprint
from app.ops.workbook import write_workbook
from app.org import queries as org
from app.org.acts import WORDS
from app.web.paging import Page
from app.web.permissions import fresh, permission

PAGE = 50
RECENT = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/my-data")
@permission("member")
def my_data() -> str:
    """Offer one's own data, and show who did what with it."""
    mine = audit.Filter(members=(current_user.id,))
    acts = queries.list_acts(mine, RECENT)
    return render_template("ops/my_data.html", acts=acts, actions=WORDS)


@blueprint.get("/my-data/xueji.json")
@permission("member")
def my_json() -> Response:
    """Give everything kept about oneself as JSON."""
    found = queries.get_everything(current_user.id, now())
    text = json.dumps(found, ensure_ascii=False, indent=1, default=str)
    return _download(text.encode(), "application/json", "xueji.json")


@blueprint.get("/my-data/xueji.xlsx")
@permission("member")
def my_workbook() -> Response:
    """Give everything kept about oneself as a workbook."""
    found = queries.get_everything(current_user.id, now())
    return _download(write_workbook(found["tables"]), XLSX, "xueji.xlsx")


@blueprint.get("/acts")
@permission("admin")
def acts() -> str:
    """List what people did to people, papers, marks and questions."""
    asked = {name: fold(request.args.get(name, ""))[:60] for name in ("action", "by", "about")}
    scope = org.scope_of(current_user)
    wanted = queries.filter_for(scope, asked["action"], asked["by"], asked["about"])
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    total = queries.count_acts(wanted)
    found = queries.list_acts(wanted, PAGE, (number - 1) * PAGE)
    page = Page(found, number, -(-total // PAGE), total)
    names = {name: ACTIONS.get(name, name) for name in audit.list_actions()}
    return render_template("ops/acts.html", page=page, asked=asked, names=names)


@blueprint.route("/people/<int:user_id>/erase", methods=["GET", "POST"])
@permission("admin")
@fresh
def erase(user_id: int) -> Any:
    """Say what erasing a person means, and do it once their name is typed."""
    person = org.get_person(org.scope_of(current_user), user_id)
    form, status = EraseForm(), 200
    if form.validate_on_submit():
        try:
            actions.erase_person(user_id, form.name.data, current_user, now())
            return redirect(url_for("org.people"))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("ops/erase.html", form=form, person=person), status


def _download(data: bytes, kind: str, name: str) -> Response:
    """Return a file to keep."""
    reply = Response(data, content_type=kind)
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply

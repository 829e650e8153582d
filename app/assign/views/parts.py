"""What pages of plans, duties and hours share: the unit asked for, and forms answered."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.assign.forms.duties import ReasonForm
from app.assign.progress import PROGRESS_NAMES, SIGNS
from app.assign.queries.gaps import TROUBLE_NAMES
from app.assign.views.blueprint import blueprint
from app.base.clock import now, study_day
from app.base.errors import Invalid, NotFound, Stale
from app.org import queries as org
from app.org.party import POST_NAMES, STATUS_NAMES

Page = Response | tuple[str, int]


def today() -> date:
    """Return the study day it is."""
    return study_day(now())


def asked_unit(name: str = "unit") -> org.Unit:
    """Return the unit that the address names within one's reach, else one's own or the first."""
    scope, wanted = org.scope_of(current_user), request.args.get(name, type=int)
    if wanted is None:
        wanted = scope.unit_id
    if wanted is None:
        units = org.list_units(scope)
        if not units:
            raise NotFound(_("还没有单位，请先到“单位”页添加。"))
        wanted = units[0].id
    return org.get_reached_unit(scope, wanted)


def asked_year() -> int:
    """Return the year that the address names, else this one."""
    return min(max(2000, request.args.get("year", today().year, type=int)), 2100)


def answer(form: Any, template: str, act: Callable[[], str], **shown: Any) -> Page:
    """Do what a valid form asks for and go where that leads; else show it with its errors."""
    status = 200
    if form.validate_on_submit():
        try:
            return redirect(act())
        except (Invalid, Stale) as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template(template, form=form, **shown), status


def reason() -> str:
    """Return the reason that was sent with a button; raise Invalid without one."""
    form = ReasonForm()
    if not form.validate():
        raise Invalid(_("请写明原因。"))
    return str(form.text.data)


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Give templates the names of progress, signs, troubles, posts and statuses."""
    return {
        "progress_names": PROGRESS_NAMES,
        "signs": SIGNS,
        "trouble_names": TROUBLE_NAMES,
        "post_names": POST_NAMES,
        "status_names": STATUS_NAMES,
        "today": today(),
    }

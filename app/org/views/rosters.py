"""Pages of rosters: the empty one to download, uploading, looking, confirming."""

from flask import Response as FlaskResponse
from flask import current_app, render_template
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.base.clock import now, study_day
from app.base.errors import Invalid
from app.org import actions, forms, queries, template, upload
from app.org.party import POST_NAMES, STATUS_NAMES
from app.org.plan import after, plan_roster
from app.org.size import hints, sizes
from app.org.views.blueprint import Page, blueprint
from app.org.views.links import links_page, named_tokens
from app.web.permissions import permission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/people/roster/template.xlsx")
@permission("trainer")
def roster_template() -> Response:
    """Give out the empty roster with the units of one's reach."""
    units = queries.list_units(queries.scope_to_change(current_user))
    book = template.make_template([(unit.code, unit.name) for unit in units], now())
    reply = FlaskResponse(book, mimetype=XLSX)
    reply.headers["Content-Disposition"] = "attachment; filename=roster.xlsx"
    return reply


@blueprint.route("/people/roster", methods=["GET", "POST"])
@permission("trainer")
def roster() -> Page:
    """Take a roster and show what it would change, before anything is written."""
    scope, status = queries.scope_to_change(current_user), 200
    form = forms.RosterForm()
    units = queries.list_units(scope)
    form.unit.choices = forms.unit_choices(units, scope.unit_id is None)
    if form.validate_on_submit():
        try:
            read = upload.read_file(form.file.data)
            return _preview(upload.place(read, units, forms.chosen_unit(form.unit.data)), units)
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("org/roster.html", form=form), status


def _preview(placed: upload.Placed, units: tuple[queries.Unit, ...]) -> Page:
    """Show who is new, who changes and how, who stays, who is missing, and what was refused."""
    known = queries.list_known(current_user, placed.entries, study_day(now()))
    plan = plan_roster(placed.entries, known)
    sealed = upload.seal(placed.entries, plan.digest, current_user.id, _key())
    told = {
        unit.id: (unit.name, hints(size)) for unit, size in sizes(units, plan, after(plan, known))
    }
    page = render_template(
        "org/roster_preview.html",
        plan=plan,
        refused=sorted((*placed.refused, *plan.refused), key=lambda row: row.number),
        notes=sorted((*placed.notes, *plan.notes), key=lambda row: row.number),
        form=forms.ConfirmForm(formdata=None, roster=sealed),
        units={unit.id: unit.name for unit in units},
        hints=[(name, texts) for name, texts in told.values() if texts],
        statuses=STATUS_NAMES,
        posts=POST_NAMES,
    )
    return page, 200


@blueprint.post("/people/roster/confirm")
@permission("trainer")
def confirm_roster() -> Page:
    """Carry out what was shown, all of it or nothing, and print the links of the new."""
    form = forms.ConfirmForm()
    if not form.validate_on_submit():
        raise Invalid(_("请重新上传名册。"))
    entries, shown = upload.unseal(form.roster.data, current_user.id, _key())
    done = actions.import_roster(entries, shown, current_user, now())
    return links_page(named_tokens(done.invited), done.changed)


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key

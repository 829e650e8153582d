"""Files with questions: read, shown, and taken in as drafts once confirmed."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app.accounts.refusal import refuse
from app.authoring import actions, forms, queries
from app.authoring.views.blueprint import blueprint
from app.authoring.views.reach import reached
from app.bank.formats.sandbox import LARGEST, parse_safely
from app.base import clock
from app.base.errors import Invalid
from app.org import queries as org
from app.org.forms import chosen_unit, unit_choices
from app.web.permissions import permission
from app.web.sizes import takes_files

FIRST_ROWS = 10


@blueprint.route("/bank/import", methods=["GET", "POST"])
@permission("trainer")
@takes_files(LARGEST)
def upload() -> Response | tuple[str, int]:
    """Take a file and show what was recognised and refused, before anything is kept."""
    form, status = forms.UploadForm(), 200
    form.unit.choices = _unit_choices()
    if form.validate_on_submit():
        try:
            unit_id = _chosen(form.unit.data)
            file = form.file.data
            parsed = parse_safely(file.filename or "", file.stream.read(LARGEST + 1))
            batch = actions.keep_batch(
                current_user.id, unit_id, file.filename or "", parsed, clock.now()
            )
            return redirect(url_for("authoring.preview", batch_id=batch))
        except Invalid as error:
            status = refuse(form, error)
    return render_template("authoring/upload.html", form=form), 422 if form.errors else status


@blueprint.get("/bank/import/<batch_id>")
@permission("trainer")
def preview(batch_id: str) -> str:
    """Show what was made of a file."""
    batch = queries.get_batch(current_user.id, batch_id)
    return render_template(
        "authoring/preview.html",
        batch=batch,
        unit=org.get_unit(batch.unit_id),
        first=batch.parsed.drafts[:FIRST_ROWS],
        form=forms.ConfirmForm(formdata=None, batch=batch.id),
    )


@blueprint.post("/bank/import/confirm")
@permission("trainer")
def confirm() -> Response:
    """Take the file that was shown in, all of it or nothing."""
    form = forms.ConfirmForm()
    if not form.validate_on_submit():
        raise Invalid(_("请重新上传文件。"))
    batch = queries.get_batch(current_user.id, form.batch.data)
    reached(batch.unit_id)
    taken = actions.confirm_batch(current_user.id, batch.id, clock.now())
    message = _(
        "收入草稿 %(n)s 题，已有的 %(m)s 题没有重复收入。", n=taken.imported, m=taken.duplicates
    )
    flash(message)
    return redirect(url_for("authoring.drafts"))


def _unit_choices() -> list[SelectChoice]:
    """Return the units a file may go to."""
    return unit_choices(org.list_units(org.scope_of(current_user)), whole_tree=False)


def _chosen(text: str) -> int:
    """Return the chosen unit."""
    unit_id = chosen_unit(text)
    if unit_id is None:
        raise Invalid(_("请选择单位。"), unit=_("请选择单位。"))
    return unit_id

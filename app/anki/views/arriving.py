"""Reviews made in Anki on their way home: a file uploaded, looked at, confirmed."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.anki import actions, forms, queries
from app.anki.package import LARGEST
from app.anki.reading import read_safely
from app.anki.views.blueprint import blueprint
from app.base import clock
from app.base.errors import Invalid
from app.web.permissions import permission
from app.web.sizes import takes_files


@blueprint.route("/anki/home", methods=["GET", "POST"])
@permission("member")
@takes_files(LARGEST)
def upload() -> Response | tuple[str, int]:
    """Take a file and keep what it tells of our cards, before anything is merged."""
    form, status = forms.UploadForm(), 200
    if form.validate_on_submit():
        try:
            now, known = clock.now(), queries.list_readable_ids(current_user.id)
            found = read_safely(form.file.data.stream.read(LARGEST + 1), known, now)
            arrival = actions.keep_arrival(current_user.id, found, now)
            return redirect(url_for("anki.preview", arrival_id=arrival))
        except Invalid as error:
            status = refuse(form, error)
    return render_template("anki/upload.html", form=form), 422 if form.errors else status


@blueprint.get("/anki/home/<arrival_id>")
@permission("member")
def preview(arrival_id: str) -> str:
    """Show what a file would bring."""
    found = queries.get_arrival(current_user.id, arrival_id)
    return render_template(
        "anki/preview.html",
        preview=queries.preview(current_user.id, found),
        form=forms.ConfirmForm(formdata=None, arrival=arrival_id),
        today=clock.study_day(clock.now()),
    )


@blueprint.post("/anki/home/confirm")
@permission("member")
def confirm() -> Response:
    """Join what was shown to one's own reviews."""
    form = forms.ConfirmForm()
    if not form.validate_on_submit():
        raise Invalid(_("请重新上传文件。"))
    user, now = current_user.id, clock.now()
    merged = actions.confirm_arrival(user, form.arrival.data, user, now)
    flash(
        _(
            "已并入 %(n)s 次新的复习，原来就有的 %(m)s 次没有重复计入。",
            n=merged.new,
            m=merged.known,
        )
    )
    return redirect(url_for("study.statistics"))

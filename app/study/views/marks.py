"""What a member makes their own: stars, notes, questions set aside, and how much to study."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.bank.queries import list_subjects
from app.base import clock
from app.study import actions, queries
from app.study.forms import MarkForm, NoteForm, SettingsForm
from app.study.views.blueprint import blueprint
from app.study.views.way import checked, next_url, read_way
from app.web.permissions import permission


@blueprint.post("/study/cards/<question_id>/mark")
@permission("member")
def mark(question_id: str) -> Response:
    """Star, suspend, resume or bury a question."""
    form = checked(MarkForm())
    _apply_mark(form.mark.data, question_id)
    if form.mark.data in ("suspend", "bury"):
        return redirect(next_url(read_way(request.form)))
    return _back(question_id, form.answer_id.data)


@blueprint.post("/study/cards/<question_id>/note")
@permission("member")
def note(question_id: str) -> Response:
    """Keep a note to self."""
    form = checked(NoteForm())
    actions.write_note(current_user.id, question_id, form.text.data or "")
    return _back(question_id, form.answer_id.data)


@blueprint.route("/study/settings", methods=["GET", "POST"])
@permission("member")
def settings() -> str | tuple[str, int] | Response:
    """Let the member choose how much to study a day, and what."""
    form = SettingsForm(obj=queries.get_settings(current_user.id))
    subjects = list_subjects(queries.shelf_of(current_user.id))
    form.subject.choices = [("", _("全部")), *((s.id, s.title) for s in subjects)]
    if request.method == "POST" and form.validate():
        actions.change_settings(
            current_user.id,
            form.new_per_day.data,
            form.answers_per_day.data,
            form.subject.data or None,
        )
        return redirect(url_for("study.today"))
    return render_template("study/settings.html", form=form), 422 if form.errors else 200


def _apply_mark(name: str, question_id: str) -> None:
    """Call the action a mark stands for."""
    if name in ("star", "unstar"):
        actions.star_card(current_user.id, question_id, name == "star")
    elif name in ("suspend", "resume"):
        actions.suspend_card(current_user.id, question_id, name == "suspend")
    else:
        actions.bury_card(current_user.id, question_id, clock.study_day(clock.now()))


def _back(question_id: str, answer_id: str | None) -> Response:
    """Return to the feedback the mark was made on, or to the question."""
    way = read_way(request.form)
    if answer_id:
        return redirect(
            url_for(
                "study.feedback",
                answer_id=answer_id,
                way=way.name,
                subject=way.subject,
                chapter=way.chapter,
                since=way.since,
            )
        )
    return redirect(url_for("study.question", way="one", question=question_id))

"""Study pages: today, one question after another, feedback, and the marks a member makes."""

import secrets
from typing import Any, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.bank.kinds import KINDS
from app.bank.queries import get_question, list_subjects
from app.base import clock
from app.base.errors import Invalid, Stale
from app.base.ids import new_id
from app.study import actions, queries
from app.study.forms import AnswerForm, MarkForm, NoteForm, RateForm, SettingsForm, UndoForm, WayForm
from app.web.permissions import permission

blueprint = Blueprint("study", __name__)
F = TypeVar("F", bound=WayForm)


@blueprint.get("/")
@permission("public")
def today() -> str | Response:
    """Show what is due today; somebody not signed in sees what the site is."""
    if not current_user.is_authenticated:
        return render_template("study/welcome.html")
    now = clock.now()
    state = queries.get_today(current_user.id, now)
    return render_template("study/today.html", today=state, now=now)


@blueprint.get("/study")
@permission("member")
def question() -> str | Response:
    """Ask the next question on the chosen way in."""
    way = _way(request.args)
    if way.name != "due" and not way.since and way.name != "one":
        return redirect(_next_url(way, since=clock.epoch(clock.now())))
    found = queries.find_next(current_user.id, way, clock.now(), secrets.token_hex(4))
    if found is None:
        return _finished(way)
    return _ask(found, way)


@blueprint.post("/study/answer")
@permission("member")
def answer() -> str | tuple[str, int] | Response:
    """Mark and record an answer, and show the feedback; sending it again shows the same."""
    form = _checked(AnswerForm())
    asked = get_question(form.question_id.data, form.revision.data)
    try:
        response = KINDS[asked.kind].read(
            request.form.to_dict(flat=False), asked.content, form.answer_id.data
        )
    except Invalid as error:
        page = _ask(asked.id, _way(request.form), form.answer_id.data, error.message)
        return page, 422
    sent = actions.Answer(
        form.answer_id.data,
        asked.id,
        asked.revision,
        form.version.data,
        response,
        form.elapsed_ms.data or 0,
        form.way.data,
    )
    try:
        actions.answer_card(current_user.id, sent, clock.now())
    except Stale as error:
        return _show_stale(sent, error.message), 409
    return _feedback(form.answer_id.data, _way(request.form))


@blueprint.get("/study/answers/<answer_id>")
@permission("member")
def feedback(answer_id: str) -> str:
    """Show the feedback of an earlier answer again."""
    return _feedback(answer_id, _way(request.args))


@blueprint.post("/study/rate")
@permission("member")
def rate() -> Response:
    """Keep how hard a right answer was and go on."""
    form = _checked(RateForm())
    actions.rate_answer(
        current_user.id, form.answer_id.data, form.rating.data, form.new_id.data, clock.now()
    )
    return redirect(_next_url(_way(request.form)))


@blueprint.post("/study/undo")
@permission("member")
def undo() -> Response:
    """Take an answer back and ask its question again."""
    form = _checked(UndoForm())
    question_id = actions.undo_answer(current_user.id, form.answer_id.data, clock.now())
    return redirect(url_for("study.question", way="one", question=question_id, undone=1))


@blueprint.post("/study/cards/<question_id>/mark")
@permission("member")
def mark(question_id: str) -> Response:
    """Star, suspend, resume or bury a question."""
    form = _checked(MarkForm())
    _apply_mark(form.mark.data, question_id)
    if form.mark.data in ("suspend", "bury"):
        return redirect(_next_url(_way(request.form)))
    return _back(question_id, form.answer_id.data)


@blueprint.post("/study/cards/<question_id>/note")
@permission("member")
def note(question_id: str) -> Response:
    """Keep a note to self."""
    form = _checked(NoteForm())
    actions.write_note(current_user.id, question_id, form.text.data or "")
    return _back(question_id, form.answer_id.data)


@blueprint.route("/study/settings", methods=["GET", "POST"])
@permission("member")
def settings() -> str | tuple[str, int] | Response:
    """Let the member choose how much to study a day, and what."""
    form = SettingsForm(obj=queries.get_settings(current_user.id))
    form.subject.choices = [("", _("全部")), *((s.id, s.title) for s in list_subjects())]
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


def _ask(
    question_id: str, way: queries.Way, answer_id: str | None = None, problem: str = ""
) -> str:
    """Render a question; `answer_id` is kept when the same page comes back with a problem."""
    asked = get_question(question_id)
    answer_id = answer_id or new_id()
    now = clock.now()
    return render_template(
        "study/question.html",
        question=asked,
        presented=KINDS[asked.kind].present(asked.content, answer_id),
        answer_id=answer_id,
        marks=queries.get_marks(current_user.id, question_id),
        way=way,
        progress=_progress(way),
        problem=problem,
        last=queries.find_last_answer(current_user.id, clock.study_day(now)),
        sent=request.form,
        undone="undone" in request.args,
    )


def _feedback(answer_id: str, way: queries.Way) -> str:
    """Render the feedback of a stored answer."""
    shown = queries.get_feedback(current_user.id, answer_id)
    asked, kind = shown.question, KINDS[shown.question.kind]
    return render_template(
        "study/feedback.html",
        feedback=shown,
        question=asked,
        presented=kind.present(asked.content, answer_id),
        key=kind.describe_key(asked.content),
        given=kind.describe_response(asked.content, shown.response),
        marks=queries.get_marks(current_user.id, asked.id),
        way=way,
        next_url=_next_url(way),
        new_id=new_id(),
        progress=_progress(way),
    )


def _show_stale(sent: actions.Answer, message: str) -> str:
    """Tell that the card was answered elsewhere, and still show what the right answer is."""
    asked = get_question(sent.question_id, sent.revision)
    kind = KINDS[asked.kind]
    return render_template(
        "study/stale.html",
        question=asked,
        message=message,
        key=kind.describe_key(asked.content),
        given=kind.describe_response(asked.content, sent.response),
        next_url=_next_url(_way(request.form)),
    )


def _finished(way: queries.Way) -> str:
    """Render the end of a session."""
    now = clock.now()
    today = queries.get_today(current_user.id, now)
    last = queries.find_last_answer(current_user.id, clock.study_day(now))
    return render_template("study/finished.html", way=way, today=today, last=last, now=now)


def _progress(way: queries.Way) -> tuple[int, int]:
    """Return (done, all) for the bar at the top."""
    if way.name in ("due", "one"):
        state = queries.get_today(current_user.id, clock.now())
        return state.done, state.done + state.due + state.new
    return queries.count_way(current_user.id, way)


def _way(values: MultiDict[str, str]) -> queries.Way:
    """Read the way in; anything unknown is the usual way."""
    name = values.get("way", "due")
    since = values.get("since", 0, type=int)
    return queries.Way(
        name=name if name in queries.WAYS else "due",
        subject=values.get("subject", "")[:60],
        chapter=values.get("chapter", "")[:60],
        since=since if 0 <= since < 2**40 else 0,
        question=values.get("question", "")[:60],
    )


def _next_url(way: queries.Way, **more: Any) -> str:
    """Return the address of the next question on this way in."""
    if way.name in ("due", "one"):
        return url_for("study.question")
    parts = {"subject": way.subject, "chapter": way.chapter, "since": way.since, **more}
    return url_for(
        "study.question", way=way.name, **{k: v for k, v in parts.items() if v}
    )


def _back(question_id: str, answer_id: str | None) -> Response:
    """Return to the feedback the mark was made on, or to the question."""
    way = _way(request.form)
    if answer_id:
        parts = {"way": way.name, "subject": way.subject, "chapter": way.chapter}
        return redirect(
            url_for("study.feedback", answer_id=answer_id, since=way.since, **parts)
        )
    return redirect(url_for("study.question", way="one", question=question_id))


def _checked(form: F) -> F:
    """Return the form, or refuse a malformed one with a sentence."""
    if not form.validate():
        raise Invalid(_("这一页不完整或已经过时，请回到“今天”重新打开题目。没有记录任何内容。"))
    return form

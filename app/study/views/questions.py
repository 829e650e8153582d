"""Today, one question after another, and the feedback on each answer."""

import secrets
from datetime import datetime
from typing import cast

from flask import Flask, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts.queries import Viewer
from app.bank.kinds import KINDS
from app.bank.queries import Question, get_question
from app.base import clock
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import new_timed_id
from app.study import actions, queries
from app.study.forms import AnswerSent, RateSent, UndoSent, read_sent
from app.study.views.blueprint import blueprint
from app.study.views.held import keep_answer
from app.study.views.pages import (
    Seat,
    show_answered,
    show_feedback,
    show_next,
    show_question,
    show_today,
)
from app.study.views.way import NEXT, next_url, read_form, read_way
from app.web.home import list_news, list_panels
from app.web.pens import Pen
from app.web.permissions import permission
from app.web.short import Form, Short, ShortForm, add_short

Page = str | bytes  # drawn, or filled as it travels
Looked = tuple[AnswerSent, Form, Question, queries.Before]


@blueprint.get("/")
@permission("public")
def today() -> Page | Response:
    """Show what is due today; somebody not signed in sees what the site is."""
    if not current_user.is_authenticated:
        return render_template("study/welcome.html")
    now = clock.now()
    actions.catch_up(current_user.id, now)
    panels = Markup("").join(list_panels(now))
    return show_today(Pen(), queries.get_today(current_user.id, now), now, panels)


@blueprint.record
def add_short_ways(state: BlueprintSetupState) -> None:
    """Answer what everybody asks for all the time the short way, too."""
    app = cast(Flask, state.app)
    add_short(app, "/", Short("study.today", greet, show_today))
    add_short(app, NEXT, Short("study.question", queries.ask_signed_in, show_next))
    add_short(app, "/study/answer", ShortForm("study.answer", look, take, show_answered))


def greet(token: str, now: datetime) -> tuple[Viewer, queries.Today] | None:
    """Return who is signed in and what today asks, when no other room may have anything to say."""
    return queries.greet_signed_in(token, now, list_news())


def look(token: str, sent: Form, now: datetime) -> tuple[Viewer, Looked] | None:
    """Return who is signed in and what is stored when a usual answer arrives."""
    form = read_sent(AnswerSent, {name: values[0] for name, values in sent.items()})
    if form is None or form.way != "due" or form.subject or form.chapter or form.since:
        return None
    found = queries.look_signed_in(token, form.answer_id, form.question_id, form.revision, now)
    return (found[0], (form, sent, *found[1:])) if found else None


def take(viewer: Viewer, looked: Looked, now: datetime) -> tuple[queries.Feedback, Seat] | None:
    """Mark and record an answer; None when its page is to be read from what is stored."""
    form, sent, asked, before = looked
    response = KINDS[asked.kind].read(sent, asked.content, form.answer_id)
    place = form.answer_id, asked.id, asked.revision, form.version
    answer = actions.Answer(*place, response, form.elapsed_ms, form.way)
    done = actions.answer_card(viewer.id, answer, now, (asked, before))
    if done.shown is None:
        return None
    feedback, marks = done.shown
    progress = done.progress or queries.get_progress(viewer.id, now)
    return feedback, Seat(marks, queries.Way(), progress)


@blueprint.get(NEXT)
@permission("member")
def question() -> Page | Response:
    """Ask the next question on the chosen way in."""
    way, now = read_way(request.args), clock.now()
    if way == queries.Way():
        asked_now = queries.ask_due(current_user.id, now)
        return show_next(Pen(), asked_now, now) if asked_now else _finished(way)
    if way.name != "due" and not way.since and way.name != "one":
        return redirect(next_url(way, since=clock.epoch(now)))
    found = queries.find_next(current_user.id, way, now, secrets.token_hex(4))
    if found is None:
        return _finished(way)
    asked = get_question(found)
    if asked.status != "active":
        return render_template("study/unasked.html", question=asked)
    return _ask(asked, way)


@blueprint.post("/study/answer")
@permission("member")
def answer() -> Page | tuple[Page, int] | Response:
    """Mark and record an answer, and show the feedback; sending it again shows the same."""
    form, member_id = read_form(AnswerSent), current_user.id
    try:
        asked = queries.get_shown(member_id, form.question_id, form.revision)
    except NotFound:
        return keep_answer(form)
    try:
        response = KINDS[asked.kind].read(
            request.form.to_dict(flat=False), asked.content, form.answer_id
        )
    except Invalid as error:
        return _ask(
            get_question(asked.id), read_way(request.form), form.answer_id, error.message
        ), 422
    place = form.answer_id, asked.id, asked.revision, form.version
    sent = actions.Answer(*place, response, form.elapsed_ms, form.way)
    try:
        answered = actions.answer_card(member_id, sent, clock.now())
    except Stale as error:
        return _show_stale(sent, error.message), 409
    return _feedback(form.answer_id, read_way(request.form), answered.shown)


@blueprint.get("/study/answers/<answer_id>")
@permission("member")
def feedback(answer_id: str) -> bytes:
    """Show the feedback of an earlier answer again."""
    return _feedback(answer_id, read_way(request.args))


@blueprint.post("/study/rate")
@permission("member")
def rate() -> Response:
    """Keep how hard a right answer was and go on."""
    form = read_form(RateSent)
    actions.rate_answer(current_user.id, form.answer_id, form.rating, form.new_id, clock.now())
    return redirect(next_url(read_way(request.form)))


@blueprint.post("/study/undo")
@permission("member")
def undo() -> Response:
    """Take an answer back and ask its question again."""
    form = read_form(UndoSent)
    question_id = actions.undo_answer(current_user.id, form.answer_id, clock.now())
    return redirect(url_for("study.question", way="one", question=question_id, undone=1))


def _ask(
    asked: Question, way: queries.Way, answer_id: str | None = None, problem: str = ""
) -> Page:
    """Render a question; `answer_id` is kept when the same page comes back with a problem."""
    member_id, answer_id, now = current_user.id, answer_id or new_timed_id(), clock.now()
    seat = Seat(queries.get_marks(member_id, asked.id), way, _progress(member_id, way, now))
    last = queries.find_last_answer(member_id, clock.study_day(now))
    if not problem:
        return show_question(Pen(), asked, answer_id, seat, last, "undone" in request.args)
    return render_template(
        "study/question.html",
        question=asked,
        presented=KINDS[asked.kind].present(asked.content, answer_id),
        answer_id=answer_id,
        marks=seat.marks,
        way=way,
        progress=seat.progress,
        problem=problem,
        last=last,
        sent=request.form,
    )


def _feedback(
    answer_id: str, way: queries.Way, known: tuple[queries.Feedback, queries.Marks] | None = None
) -> bytes:
    """Render the feedback of a stored answer, read unless it is `known`."""
    member_id = current_user.id
    shown = known[0] if known else queries.get_feedback(member_id, answer_id)
    marks = known[1] if known else queries.get_marks(member_id, shown.question.id)
    seat = Seat(marks, way, _progress(member_id, way, clock.now()))
    return show_feedback(Pen(), shown, seat)


def _show_stale(sent: actions.Answer, message: str) -> str:
    """Tell that the card was answered elsewhere, and still show what the right answer is."""
    asked = get_question(sent.question_id, sent.revision)
    kind = KINDS[asked.kind]
    return render_template(
        "study/stale.html",
        answer_id=sent.answer_id,
        question=asked,
        message=message,
        key=kind.describe_key(asked.content),
        given=kind.describe_response(asked.content, sent.response),
        next_url=next_url(read_way(request.form)),
    )


def _finished(way: queries.Way) -> str:
    """Render the end of a session."""
    now = clock.now()
    today = queries.get_today(current_user.id, now)
    last = queries.find_last_answer(current_user.id, clock.study_day(now))
    return render_template("study/finished.html", way=way, today=today, last=last, now=now)


def _progress(member_id: int, way: queries.Way, now: datetime) -> tuple[int, int]:
    """Return (done, all) for the bar at the top."""
    if way.name in ("due", "one"):
        return queries.get_progress(member_id, now)
    return queries.count_way(member_id, way)

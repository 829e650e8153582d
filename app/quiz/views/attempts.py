"""Taking a paper: one question a page, what is still unanswered, handing in."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.bank.kinds import KINDS
from app.base import clock
from app.base.errors import Invalid, Stale
from app.base.ids import new_id
from app.quiz import actions, queries
from app.quiz.forms import AnswerForm, EmptyForm
from app.quiz.sheet import is_empty
from app.quiz.views.blueprint import blueprint, checked, expire_own
from app.web.permissions import permission

Page = str | tuple[str, int] | Response


@blueprint.get("/papers/<int:paper_id>/attempts/<int:number>/<int:slot>")
@permission("member")
def question(paper_id: int, number: int, slot: int) -> Page:
    """Show a question with the answer saved so far."""
    expire_own()
    paper = queries.get_offer(current_user, paper_id, clock.now()).paper
    if queries.get_attempt(current_user.id, paper_id, number).state != "open":
        return redirect(url_for("quiz.result", paper_id=paper_id, number=number))
    if paper.terms.mode == "challenge":
        slot = queries.get_turn(current_user.id, paper_id, number)
    page = queries.get_slot_page(current_user.id, paper, number, slot, clock.now())
    return _page(page)


@blueprint.post("/papers/<int:paper_id>/attempts/<int:number>/<int:slot>")
@permission("member")
def answer(paper_id: int, number: int, slot: int) -> Page:
    """Save an answer, if one was given, and go where the button says."""
    form = checked(AnswerForm())
    member, now = current_user.id, clock.now()
    onward = _onward(paper_id, number, slot, form.goto.data)
    fields = request.form.to_dict(flat=False)
    if queries.is_saved(member, paper_id, number, slot, form.answer_id.data):
        return redirect(onward)
    paper = queries.get_offer(current_user, paper_id, now).paper
    try:
        page = queries.get_slot_page(member, paper, number, slot, now)
        if is_empty(fields) and paper.terms.mode != "challenge":
            return redirect(onward)
        response = KINDS[page.question.kind].read(fields, page.question.content, page.seed)
        sent = actions.Sent(slot, form.answer_id.data, form.version.data, response)
        actions.answer_slot(member, paper_id, number, sent, now)
    except Invalid as error:
        return _page(page, error.message), 422
    except Stale as error:
        return _late(paper_id, number, slot, error.message)
    return redirect(onward)


@blueprint.get("/papers/<int:paper_id>/attempts/<int:number>/review")
@permission("member")
def review(paper_id: int, number: int) -> Page:
    """List what is unanswered before handing in."""
    expire_own()
    now = clock.now()
    paper = queries.get_offer(current_user, paper_id, now).paper
    if queries.get_attempt(current_user.id, paper_id, number).state != "open":
        return redirect(url_for("quiz.result", paper_id=paper_id, number=number))
    slot = queries.get_turn(current_user.id, paper_id, number)
    page = queries.get_slot_page(current_user.id, paper, number, slot, now)
    return render_template("quiz/review.html", page=page)


@blueprint.post("/papers/<int:paper_id>/attempts/<int:number>/submit")
@permission("member")
def submit(paper_id: int, number: int) -> Response:
    """Hand an attempt in."""
    checked(EmptyForm())
    actions.submit_attempt(current_user.id, paper_id, number, clock.now())
    return redirect(url_for("quiz.result", paper_id=paper_id, number=number))


def _onward(paper_id: int, number: int, slot: int, goto: str) -> str:
    """Return where to go from a question: to the one asked for, or to handing in."""
    parts: dict[str, Any] = {"paper_id": paper_id, "number": number}
    if goto.isascii() and goto.isdigit():
        return url_for("quiz.question", **parts, slot=min(int(goto), 10**6), from_slot=slot)
    return url_for("quiz.review", **parts)


def _page(page: queries.SlotPage, problem: str = "") -> str:
    """Render a question; a form that comes back with a problem keeps what was typed."""
    return render_template(
        "quiz/question.html",
        page=page,
        question=page.question,
        presented=page.presented,
        fields=request.form.to_dict(flat=False) if problem else page.fields,
        answer_id=new_id(),
        problem=problem,
        just_saved=_just_saved(page),
    )


def _just_saved(page: queries.SlotPage) -> int | None:
    """Return the slot that was answered on the page before, when its answer is stored."""
    before = request.args.get("from_slot", 0, type=int)
    return before if 1 <= before <= len(page.saved) and page.saved[before - 1] else None


def _late(paper_id: int, number: int, slot: int, message: str) -> tuple[str, int]:
    """Tell that an answer was not taken, and where to go on."""
    expire_own()
    state = queries.get_attempt(current_user.id, paper_id, number).state
    back = (
        url_for("quiz.question", paper_id=paper_id, number=number, slot=slot)
        if state == "open"
        else url_for("quiz.result", paper_id=paper_id, number=number)
    )
    word = _("回到这道题") if state == "open" else _("看这次答卷")
    return render_template("quiz/late.html", message=message, back=back, word=word), 409

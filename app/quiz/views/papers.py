"""A member's papers: which there are, what a paper asks, and the result."""

from datetime import datetime
from typing import cast

from flask import Flask, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.base import clock
from app.quiz import actions, queries
from app.quiz.forms import EmptyForm
from app.quiz.scoring import rule_words
from app.quiz.views.blueprint import blueprint, checked, expire_own
from app.web.home import add_panel
from app.web.permissions import permission


def news(now: datetime) -> str:
    """Tell the member, on the home page too, of marks given anew; "" when there are none."""
    if not current_user.is_authenticated:
        return ""
    remarked = queries.list_remarked(current_user.id, now)
    return render_template("quiz/_news.html", remarked=remarked) if remarked else ""


@blueprint.record
def add_news(state: BlueprintSetupState) -> None:
    """Put the news on the home page."""
    add_panel(cast(Flask, state.app), news, queries.ANEW)


@blueprint.get("/papers")
@permission("member")
def papers() -> str:
    """List the member's papers: under way, to begin, done."""
    expire_own()
    offers = queries.list_offers(current_user, clock.now())
    return render_template("quiz/papers.html", offers=offers, news=Markup(news(clock.now())))


@blueprint.get("/papers/<int:paper_id>")
@permission("member")
def paper(paper_id: int) -> str:
    """Say what a paper asks and how it is marked, before the clock runs."""
    expire_own()
    now = clock.now()
    offer = queries.get_offer(current_user, paper_id, now)
    kinds = queries.list_kinds(offer.paper)
    partial = offer.paper.terms.partial
    return render_template(
        "quiz/paper.html",
        offer=offer,
        paper=offer.paper,
        lines=[(line, rule_words(line.kind, line.points, partial)) for line in kinds],
        extra_s=queries.find_extra(current_user.id, paper_id),
    )


@blueprint.post("/papers/<int:paper_id>/start")
@permission("member")
def start(paper_id: int) -> Response:
    """Begin an attempt, or go on with the one under way."""
    checked(EmptyForm())
    number = actions.start_attempt(current_user, paper_id, clock.now())
    return redirect(url_for("quiz.question", paper_id=paper_id, number=number, slot=1))


@blueprint.get("/papers/<int:paper_id>/attempts/<int:number>")
@permission("member")
def result(paper_id: int, number: int) -> str | Response:
    """Show how an attempt went, as far as that may be shown already."""
    expire_own()
    now = clock.now()
    offer = queries.get_offer(current_user, paper_id, now)
    found = queries.get_result(current_user.id, offer.paper, number, now)
    if found.attempt.state == "open":
        return redirect(url_for("quiz.review", paper_id=paper_id, number=number))
    return render_template("quiz/result.html", result=found, paper=offer.paper, offer=offer)

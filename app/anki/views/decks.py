"""Pages of the decks to take along: which there are, how to import them, the files."""

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.anki import queries
from app.anki.views.blueprint import blueprint, send_deck
from app.anki.wanted import Wanted, find_wanted
from app.assign.queries import list_own_goals
from app.bank.queries import list_chapters, list_subjects
from app.base import clock
from app.base.errors import NotFound
from app.study.queries import list_marked_ids, shelf_of
from app.web.permissions import permission


@blueprint.get("/anki")
@permission("member")
def page() -> str:
    """Offer the decks, and the way back."""
    units, now = shelf_of(current_user.id), clock.now()
    return render_template(
        "anki/page.html",
        subjects=[(one, list_chapters(one.id, units)) for one in list_subjects(units)],
        papers=queries.list_papers(current_user.id, now),
        goals=list_own_goals(current_user.id, now),
        marked=len(list_marked_ids(current_user.id)),
    )


@blueprint.get("/anki/help")
@permission("member")
def guide() -> str:
    """Explain with pictures how to import, to import again, and to bring reviews home."""
    return render_template("anki/guide.html")


@blueprint.get("/anki/export")
@permission("member")
def export() -> Response:
    """Download a deck: a subject, chapter, paper, goal or what one marked; `progress=1` with it."""
    wanted = find_wanted(request.args)
    if wanted is None or wanted.shared:
        raise NotFound(_("没有找到这一页。"))
    return send_deck(current_user.id, wanted, clock.now())


@blueprint.get("/anki/shared")
@permission("trainer")
def shared() -> Response:
    """Download the deck for the whole unit; nothing personal is in it."""
    return send_deck(current_user.id, Wanted(shared=True), clock.now())

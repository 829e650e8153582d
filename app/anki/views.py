"""Pages of the deck to take along: what it is and how to import it, and the file itself."""

from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.anki import queries
from app.anki.deck import Selection, build
from app.bank.queries import list_subjects
from app.base import clock
from app.base.errors import NotFound
from app.study.queries import list_marked_ids, shelf_of
from app.web.permissions import permission

blueprint = Blueprint("anki", __name__)


@blueprint.get("/anki")
@permission("member")
def page() -> str:
    """Offer the decks and explain the import."""
    marked = len(list_marked_ids(current_user.id))
    subjects = list_subjects(shelf_of(current_user.id))
    return render_template("anki/page.html", subjects=subjects, marked=marked)


@blueprint.get("/anki/export")
@permission("member")
def export() -> Response:
    """Download a deck: `subject` or `marked=1`, with `progress=1` the member's progress too."""
    now = clock.now()
    deck = build(_selected(), now)
    name = request.args.get("subject") or "marked"
    return send_file(
        BytesIO(deck.content),
        mimetype="application/apkg",
        as_attachment=True,
        download_name=f"xueji-{name}-{clock.study_day(now)}.apkg",
    )


def _selected() -> Selection:
    """Return what the address asks for."""
    subject, progress = request.args.get("subject"), request.args.get("progress") == "1"
    if subject:
        return queries.get_subject(subject, current_user.id, progress)
    if request.args.get("marked") == "1":
        return queries.get_marked(current_user.id, progress)
    raise NotFound(_("没有找到这一页。"))

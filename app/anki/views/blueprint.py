"""The one blueprint that all pages of Anki hang on, and how they send a deck."""

from datetime import datetime
from io import BytesIO

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from app.anki import queries
from app.anki.wanted import Wanted
from app.base.clock import study_day

blueprint = Blueprint("anki", __name__)


def send_deck(member_id: int, wanted: Wanted, now: datetime) -> Response:
    """Send the deck a member wants as a file."""
    from app.anki.deck import build  # loaded when somebody wants a deck

    deck = build(queries.collect(member_id, wanted, now), now)
    return send_file(
        BytesIO(deck.content),
        mimetype="application/apkg",
        as_attachment=True,
        download_name=f"xueji-{wanted.name}-{study_day(now)}.apkg",
    )

"""Is the process alive? Answered without touching the database; and the choice of language."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.web.addresses import local_path
from app.web.i18n import COOKIE, LANGUAGES
from app.web.permissions import permission

blueprint = Blueprint("web", __name__)
YEAR = 365 * 24 * 3600


@blueprint.get("/livez")
@permission("public")
def live() -> Response:
    """Answer that the process is alive."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.post("/language")
@permission("public")
def language() -> Response:
    """Keep the language of somebody who has not signed in."""
    chosen = request.form.get("language", "zh")
    reply = redirect(local_path(urlsplit(request.referrer or "").path) or "/")
    if chosen in LANGUAGES:
        reply.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return reply

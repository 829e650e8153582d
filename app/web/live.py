"""Is the process alive? Answered without touching the database; and the choice of language."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from app.web.addresses import local_path
from app.web.i18n import LANGUAGES, cookie_name
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
        secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
        reply.set_cookie(
            cookie_name(), chosen, max_age=YEAR, secure=secure, samesite="Lax", httponly=True
        )
    return reply

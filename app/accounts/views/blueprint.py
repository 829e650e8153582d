"""The blueprint of the room, and how its pages let somebody in."""

from flask import Blueprint, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import login, proof, queries

blueprint = Blueprint("accounts", __name__)
Page = Response | tuple[str, int]


def agent() -> str:
    """Return what the browser says of itself."""
    return request.user_agent.string


def enter(token: str, path: str | None = None) -> Response:
    """Give the browser its cookie and send it on: to the second factor, or where it wanted."""
    login.remember(token)
    if login.waiting_token():
        return redirect(url_for("accounts.second_step", next=path))
    asked = proof.is_asked(current_app.config["SECOND_FACTOR"], current_user.role)
    if asked and not queries.has_factor(current_user.id):
        return redirect(url_for("accounts.factors", next=path or "/"))
    return redirect(path or "/")

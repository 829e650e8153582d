"""Signing in by way of the organisation's own service, when the operator has set one."""

from flask import current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import actions, login, provider
from app.accounts.views.blueprint import agent, blueprint, enter
from app.base.clock import now
from app.base.errors import NotFound
from app.web.addresses import local_path
from app.web.permissions import permission

KEY = "organisation"  # in the cookie: the key of what the site remembers meanwhile


def _settings() -> provider.Settings:
    """Return the service's settings; without them the pages are not there."""
    config = current_app.config
    if not (config["OIDC_ISSUER"] and config["OIDC_CLIENT_ID"] and config["ORIGIN"]):
        raise NotFound(_("没有找到这一页。"))
    return provider.Settings(
        config["OIDC_ISSUER"],
        config["OIDC_CLIENT_ID"],
        config["OIDC_CLIENT_SECRET"],
        config["OIDC_CLAIM"] or "email",
        config["ORIGIN"] + url_for("accounts.back_from_organisation"),
    )


@blueprint.get("/sign-in/organisation")
@permission("public")
def organisation() -> Response:
    """Send the browser to the organisation's own sign-in."""
    target, address = local_path(request.args.get("next")), request.remote_addr or ""
    where, key = actions.begin_with_organisation(_settings(), target, address, now())
    session[KEY] = key
    return redirect(where)


@blueprint.get("/sign-in/organisation/back")
@permission("public")
def back_from_organisation() -> Response:
    """Let in whom the service vouches for, if an administrator has named them."""
    settings, key = _settings(), session.pop(KEY, "")
    returned, old = request.args.to_dict(), login.held_token()
    found = actions.finish_with_organisation(settings, key, returned, old, agent(), now())
    return enter(found[0], local_path(found[1]))

"""Passkeys: what the browser is asked, and what it brings back."""

import secrets

import msgspec
from flask import current_app, request, session
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import actions, forms, login, passkeys, proof, queries
from app.accounts.views.blueprint import Page, agent, blueprint, enter
from app.base.clock import now
from app.base.errors import Invalid, NotFound
from app.web.addresses import local_path
from app.web.permissions import fresh, permission
from app.web.programs import json_only

HANDSHAKE = "handshake"  # in the cookie: the key of what the site asked this browser
SMALL = 200  # bytes
SHOW, MAKE, ALONE = "show-key", "make-key", "key-alone"


def _origin() -> str:
    """Return the site's own address; without one keys cannot be bound to it."""
    origin: str = current_app.config["ORIGIN"]
    if passkeys.rp_id(origin) is None:
        raise NotFound(_("没有找到这一页。"))
    return origin


def _challenge(purpose: str) -> bytes:
    """Make a challenge that is kept here for some minutes; the browser holds its key only."""
    made = secrets.token_bytes(passkeys.CHALLENGE)
    kept, address = {"challenge": passkeys.encode(made)}, request.remote_addr or ""
    key = actions.begin_handshake(purpose, kept, address, proof.HANDSHAKE, now())
    session[HANDSHAKE] = key
    return made


def shown_key(credential: str | None, purpose: str = SHOW) -> actions.Shown | None:
    """Return the key a form shows together with what was asked, None when it shows none."""
    if not credential:
        return None
    kept = actions.take_handshake(session.pop(HANDSHAKE, ""), purpose, now())
    if kept is None:
        raise Invalid(_("等得太久了，请再试一次。"))
    return actions.Shown(credential=credential, challenge=passkeys.decode(kept["challenge"]))


@blueprint.post("/api/passkeys/alone")
@permission("public")
@json_only(SMALL)
def ask_key_alone() -> Response:
    """Ask a browser for a key of anybody's, to sign in with."""
    return _json(passkeys.ask_to_show(_origin(), _challenge(ALONE), (), alone=True))


@blueprint.post("/api/passkeys/show")
@permission("public")
@json_only(SMALL)
@login.while_confined
def ask_key() -> Response:
    """Ask a browser for a key of whoever is signing in, or is signed in."""
    waiting = queries.find_waiting(login.waiting_token() or "", now())
    owner = waiting or (current_user.id if current_user.is_authenticated else None)
    if owner is None:
        raise NotFound(_("没有找到这一页。"))
    known = [key.credential_id for key in queries.list_keys(owner)]
    return _json(passkeys.ask_to_show(_origin(), _challenge(SHOW), known, alone=False))


@blueprint.post("/api/passkeys/make")
@permission("member")
@json_only(SMALL)
@fresh
@login.while_confined
def ask_new_key() -> Response:
    """Ask a browser to make a key for whoever is signed in."""
    known = [key.credential_id for key in queries.list_keys(current_user.id)]
    origin, person = _origin(), current_user
    return _json(passkeys.ask_to_make(origin, _challenge(MAKE), person.id, person.name, known))


@blueprint.post("/sign-in/passkey")
@permission("public")
def sign_in_with_key() -> Page:
    """Sign in with a key alone: having it and unlocking it are two factors."""
    form = forms.KeyForm()
    shown = shown_key(form.credential.data, ALONE)
    if not form.validate_on_submit() or shown is None:
        raise Invalid(_("没有收到通行密钥，请再试一次。"))
    token = actions.sign_in_with_key(shown, login.held_token(), agent(), now())
    return enter(token, local_path(request.form.get("next")))


@blueprint.post("/account/second-step/keys")
@permission("member")
@fresh
@login.while_confined
def add_key() -> Page:
    """Keep a key that this browser has just made."""
    from app.accounts.views.factors import go_on

    form = forms.NewKeyForm()
    shown = shown_key(form.credential.data, MAKE)
    if not form.validate_on_submit() or shown is None:
        raise Invalid(_("没有收到通行密钥，请再试一次。"))
    name = (form.name.data or "").strip() or _("通行密钥")
    return go_on(actions.add_passkey(current_user, shown, name, agent(), now()))


def _json(told: object) -> Response:
    return Response(msgspec.json.encode(told), mimetype="application/json")

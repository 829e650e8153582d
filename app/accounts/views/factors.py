"""Pages of the second factor: showing it, setting it up, and proving anew who one is."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import actions, codes, forms, login, passkeys, queries
from app.accounts.refusal import refuse
from app.accounts.views.blueprint import Page, agent, blueprint, enter
from app.accounts.views.keys import shown_key
from app.base.clock import now
from app.base.errors import Invalid, TooMany
from app.web.addresses import local_path
from app.web.permissions import fresh, permission


def _shown(form: Any) -> actions.Shown:
    """Return what the form shows: a code, a key or a password."""
    key = shown_key(form.credential.data)
    return key or actions.Shown(code=form.code.data or "", password=form.password.data or "")


@blueprint.route("/sign-in/second", methods=["GET", "POST"])
@permission("public")
def second_step() -> Page:
    """Ask for the second factor after the password was right."""
    token, status = login.waiting_token() or "", 200
    owner = queries.find_waiting(token, now())
    if owner is None:
        return redirect("/")
    form = forms.ProofForm()
    form.next.data = target = local_path(request.values.get("next"))
    if form.validate_on_submit():
        try:
            return enter(actions.finish_sign_in(token, _shown(form), agent(), now()), target)
        except (Invalid, TooMany) as error:
            status = refuse(form, error)
    return _ask("accounts/second_step.html", form, owner), status


@blueprint.route("/account/confirm", methods=["GET", "POST"])
@permission("member")
@login.while_confined
def confirm() -> Page:
    """Ask somebody who is signed in to prove anew who they are."""
    form, status = forms.ProofForm(), 200
    form.next.data = target = local_path(request.values.get("next"))
    if form.validate_on_submit():
        try:
            login.remember(actions.confirm_person(current_user, _shown(form), agent(), now()))
            return redirect(target or url_for("accounts.account"))
        except (Invalid, TooMany) as error:
            status = refuse(form, error)
    return _ask("accounts/confirm.html", form, current_user.id), status


def _ask(template: str, form: Any, user_id: int) -> str:
    return render_template(template, form=form, factors=queries.find_factors(user_id))


@blueprint.get("/account/second-step")
@permission("member")
@login.while_confined
def factors() -> str:
    """Show what second factors one has, and what can be set up."""
    return render_template(
        "accounts/factors.html",
        factors=queries.find_factors(current_user.id),
        target=local_path(request.args.get("next")),
        confined=login.is_confined(current_user),
        keys_work=passkeys.rp_id(current_app.config["ORIGIN"]) is not None,
    )


@blueprint.route("/account/second-step/app", methods=["GET", "POST"])
@permission("member")
@fresh
@login.while_confined
def add_app() -> Page:
    """Show the picture for an authenticator app and take its first code."""
    form, status = forms.CodeForm(), 200
    if form.validate_on_submit():
        try:
            made = actions.add_authenticator(current_user, form.code.data, agent(), now())
            return go_on(made)
        except (Invalid, TooMany) as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    offered = codes.secret_for(current_user.token, current_app.config["SECRET_KEY"])
    address = codes.address_of(offered, current_user.name, passkeys.SITE)
    import segno  # loaded when somebody wants a code

    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    page = render_template("accounts/add_app.html", form=form, picture=picture, secret=offered)
    return page, status


def go_on(made: actions.Enrolled) -> Page:
    """Give the browser its new session and show the recovery codes, if there are new ones."""
    login.remember(made.token)
    if made.recovery:
        return render_template("accounts/recovery.html", codes=made.recovery), 200
    return redirect(url_for("accounts.factors"))


@blueprint.post("/account/second-step/recovery")
@permission("member")
@fresh
def renew_recovery() -> Page:
    """Make new recovery codes and show them, once."""
    fresh_codes = actions.renew_recovery(current_user, now())
    return render_template("accounts/recovery.html", codes=fresh_codes), 200


@blueprint.post("/account/second-step/app/remove")
@permission("member")
@fresh
def remove_app() -> Response:
    """Take the authenticator app away."""
    actions.remove_authenticator(current_user, now())
    return redirect(url_for("accounts.factors"))


@blueprint.post("/account/second-step/keys/<key>/remove")
@permission("member")
@fresh
def remove_key(key: str) -> Response:
    """Take one passkey away."""
    actions.remove_passkey(current_user, key, now())
    return redirect(url_for("accounts.factors"))

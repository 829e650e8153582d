"""Pages for signing in and out, coming in by a link, and one's own settings and account."""

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import actions, forms, login, passkeys, queries
from app.accounts.invitation import gone
from app.accounts.refusal import refuse
from app.accounts.views.blueprint import Page, agent, blueprint, enter
from app.base.clock import now
from app.base.errors import Invalid, NotFound, TooMany
from app.web.addresses import local_path
from app.web.format import when
from app.web.permissions import fresh, permission


@blueprint.route("/sign-in", methods=["GET", "POST"])
@permission("public")
def sign_in() -> Page:
    """Sign in, or show the form again with one answer for every cause."""
    form, status = forms.SignInForm(), 200
    form.next.data = target = local_path(request.values.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(target or "/")
    if request.method == "GET" and login.find_confined():
        return redirect(url_for("accounts.factors", next=target))
    if form.validate_on_submit():
        try:
            return enter(_sign_in(form), target)
        except (Invalid, TooMany) as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return _sign_in_page(form), status


def _sign_in_page(form: forms.SignInForm) -> str:
    config = current_app.config
    return render_template(
        "accounts/sign_in.html",
        form=form,
        keys_work=passkeys.rp_id(config["ORIGIN"]) is not None,
        service=config["OIDC_NAME"] or _("单位账号") if config["OIDC_ISSUER"] else None,
    )


def _sign_in(form: forms.SignInForm) -> str:
    address, old = request.remote_addr or "", login.held_token()
    return actions.sign_in(form.login.data, form.password.data, address, agent(), old, now())


@blueprint.post("/sign-out")
@permission("public")
def sign_out() -> Page:
    """End this browser's session."""
    token = login.held_token()
    if token:
        actions.end_session(token)
    login.forget()
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/invite/<token>", methods=["GET", "POST"])
@permission("public")
def invite(token: str) -> Page:
    """Let an invited person set their own password, once, and come in."""
    person = queries.find_invited(token, now())
    if person is None:
        raise NotFound(gone())
    form, status = forms.InviteForm(), 200
    if form.validate_on_submit():
        try:
            return enter(actions.accept_invite(token, form.password.data, agent(), now()))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("accounts/invite.html", form=form, person=person), status


@blueprint.route("/setup/<token>", methods=["GET", "POST"])
@permission("public")
def setup(token: str) -> Page:
    """Make the first administrator, once."""
    if not queries.is_setup_open(token):
        raise NotFound(_("这个链接已经失效。"))
    form, status = forms.SetupForm(), 200
    if form.validate_on_submit():
        name, password = form.name.data, form.password.data
        try:
            return enter(actions.make_first_admin(token, name, password, agent(), now()))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("accounts/setup.html", form=form), status


@blueprint.route("/settings", methods=["GET", "POST"])
@permission("member")
def settings() -> Page:
    """Show and keep how pages look and speak."""
    form = forms.SettingsForm(obj=current_user)
    if form.validate_on_submit():
        actions.save_preferences(
            current_user.id,
            form.text_size.data,
            form.theme.data,
            form.language.data,
            form.shortcuts.data,
        )
        return redirect(url_for("accounts.settings", saved=1))
    page = render_template("accounts/settings.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/account", methods=["GET", "POST"])
@permission("member")
def account() -> Page:
    """Show one's own account and devices; change the password."""
    form, status = forms.PasswordForm(), 200
    if form.validate_on_submit():
        old, new = form.old.data, form.password.data
        try:
            login.remember(actions.change_password(current_user, old, new, agent(), now()))
            return redirect(url_for("accounts.account", changed=1))
        except (Invalid, TooMany) as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return _account_page(form), status


def _account_page(form: forms.PasswordForm) -> str:
    devices = queries.list_devices(current_user.id, now())
    return render_template(
        "accounts/account.html",
        form=form,
        person=queries.get_user(current_user.id),
        devices=devices,
        days={one.key: when(one.seen_at, now()) for one in devices},
        this_device=login.this_device(),
    )


@blueprint.post("/account/devices/<key>/sign-out")
@permission("member")
@fresh
def sign_out_device(key: str) -> Page:
    """Sign out one of one's own browsers."""
    actions.end_device(current_user.id, key)
    return redirect(url_for("accounts.account"))

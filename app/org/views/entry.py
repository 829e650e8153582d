"""How a person signs in, for administrators: a lost second factor, the organisation's name."""

from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import queries as accounts
from app.accounts.refusal import refuse
from app.base.clock import now
from app.base.errors import Invalid, NotFound
from app.org import actions, forms, queries
from app.org.views.blueprint import Page, blueprint
from app.web.permissions import fresh, permission


def _governed(user_id: int) -> accounts.Account:
    """Return the person, when the administrator may change how they sign in."""
    person = queries.get_person(queries.scope_to_change(current_user), user_id)
    if not queries.may_govern(current_user, person.id, person.role):
        raise NotFound(_("没有这个人。"))
    return person


@blueprint.route("/people/<int:user_id>/sign-in", methods=["GET", "POST"])
@permission("admin")
@fresh
def entry(user_id: int) -> Page:
    """Show how a person signs in; keep by what name the organisation knows them."""
    person, status = _governed(user_id), 200
    known = accounts.find_identity(user_id)
    form = forms.IdentityForm(identifier=known[0] if known else "")
    if form.validate_on_submit():
        try:
            actions.name_identity(user_id, form.identifier.data, current_user, now())
            return redirect(url_for("org.person", user_id=user_id))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template(
        "org/entry.html",
        person=person,
        form=form,
        factors=accounts.find_factors(user_id),
        linked=bool(known and known[1]),
        service=current_app.config["OIDC_ISSUER"],
    ), status


@blueprint.post("/people/<int:user_id>/sign-in/reset")
@permission("admin")
@fresh
def reset_factors(user_id: int) -> Response:
    """Take a lost second factor away."""
    actions.reset_factors(user_id, current_user, now())
    return redirect(url_for("org.person", user_id=user_id))

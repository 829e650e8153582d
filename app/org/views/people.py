"""Pages of people: the list, one person, inviting, editing, disabling."""

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.refusal import refuse
from app.base.clock import now, study_day
from app.base.errors import Invalid
from app.org import actions, forms, queries
from app.org.party import POST_NAMES, STANDING_NAMES, STATUS_NAMES
from app.org.roles import ROLE_NAMES
from app.org.views.blueprint import Page, blueprint
from app.org.views.links import links_page, named_tokens
from app.web.paging import Page as Paged
from app.web.permissions import ask_to_confirm, permission

PAGE = 50
WORDS = {"roles": ROLE_NAMES, "statuses": STATUS_NAMES, "standings": STANDING_NAMES}


@blueprint.get("/people")
@permission("reader")
def people() -> Page:
    """List the people of one's own unit and below, or those among them that are asked for."""
    units = queries.list_units(queries.scope_of(current_user))
    asked = forms.PeopleFilter.read(request.args, units)
    unit_id = asked.unit or queries.scope_of(current_user).unit_id
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    total = queries.count_people(unit_id, asked.text, asked.status)
    found = queries.list_people(unit_id, asked.text, PAGE, (number - 1) * PAGE, asked.status)
    page = Paged(list(found), number, -(-total // PAGE), total)
    return render_template("org/people.html", page=page, asked=asked, units=units, **WORDS), 200


@blueprint.get("/people/<int:user_id>")
@permission("reader")
def person(user_id: int) -> Page:
    """Show a person, their posts and past units, and what may be done."""
    found = queries.get_person(queries.scope_of(current_user), user_id)
    today = study_day(now())
    return render_template(
        "org/person.html",
        person=found,
        profile=queries.get_profile(user_id, today),
        posts=queries.list_posts(user_id),
        stays=queries.list_stays(user_id),
        today=today,
        post_names=POST_NAMES,
        may_edit=queries.may_edit(current_user),
        may_govern=queries.may_govern(current_user, found.id, found.role),
        may_renew=queries.may_renew(current_user, found),
        **WORDS,
    ), 200


@blueprint.post("/people/<int:user_id>/invite")
@permission("trainer")
def renew(user_id: int) -> Page:
    """Make a new link for a person who lost theirs or forgot the password."""
    person = queries.get_person(queries.scope_of(current_user), user_id)
    if person.role != "member" and not current_user.fresh:
        return ask_to_confirm()
    token = actions.renew_invite(user_id, current_user, now())
    return links_page([(person.name, token)])


@blueprint.route("/people/invite", methods=["GET", "POST"])
@permission("trainer")
def invite() -> Page:
    """Invite one person."""
    scope, status = queries.scope_to_change(current_user), 200
    form = forms.PersonForm()
    form.unit.choices = forms.unit_choices(queries.list_units(scope), scope.unit_id is None)
    form.role.choices = forms.role_choices(current_user.role, current_user.fresh)
    if form.validate_on_submit():
        try:
            return _invite(form)
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("org/invite.html", form=form), status


def _invite(form: forms.PersonForm) -> Page:
    invited = actions.invite_person(
        form.name.data,
        form.phone.data,
        forms.chosen_unit(form.unit.data),
        form.role.data,
        current_user,
        now(),
        form.status.data,
    )
    return links_page(named_tokens([invited]))


@blueprint.route("/people/<int:user_id>/edit", methods=["GET", "POST"])
@permission("trainer")
def edit_person(user_id: int) -> Page:
    """Edit what is recorded about a person; what one may not change is shown, not offered."""
    scope, status = queries.scope_to_change(current_user), 200
    found = queries.get_person(scope, user_id)
    profile = queries.get_profile(user_id, study_day(now()))
    governs = queries.may_govern(current_user, user_id, found.role)
    form = _edit_form(profile, scope, governs)
    if form.validate_on_submit():
        try:
            actions.edit_person(user_id, _edited(form, profile), current_user, now())
            return redirect(url_for("org.person", user_id=user_id))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("org/edit_person.html", form=form, profile=profile, **WORDS), status


def _edit_form(profile: queries.Profile, scope: queries.Scope, governs: bool) -> forms.EditForm:
    """Return the form with the fields that this person may change."""
    form = forms.EditForm(
        name=profile.name,
        phone=profile.phone,
        unit="" if profile.unit_id is None else str(profile.unit_id),
        role=profile.role,
        status=profile.status,
        standing=profile.standing,
        seen=profile.seen,
    )
    form.unit.choices = forms.unit_choices(queries.list_units(scope), scope.unit_id is None)
    form.role.choices = forms.role_choices(current_user.role, True)
    if not governs:
        del form.name, form.phone, form.unit
    if not governs or current_user.role != "admin" or not current_user.fresh:
        del form.role
    return form


def _edited(form: forms.EditForm, profile: queries.Profile) -> actions.Edited:
    """Return what the form says, and for fields that were not offered what stands."""
    return actions.Edited(
        name=form.name.data if form.name else profile.name,
        phone=form.phone.data if form.phone else profile.phone,
        role=form.role.data if form.role else profile.role,
        unit_id=forms.chosen_unit(form.unit.data) if form.unit else profile.unit_id,
        status=form.status.data,
        standing=form.standing.data,
        seen=form.seen.data,
    )


@blueprint.post("/people/<int:user_id>/disable")
@permission("trainer")
def disable_person(user_id: int) -> Response:
    """Bar a person from signing in."""
    actions.disable_person(user_id, current_user, now())
    return redirect(url_for("org.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/enable")
@permission("trainer")
def enable_person(user_id: int) -> Response:
    """Let a person sign in again."""
    actions.enable_person(user_id, current_user, now())
    return redirect(url_for("org.person", user_id=user_id))

"""Pages of trainers and administrators: people, invitations, rosters, units."""

import segno
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.invitation import Invited
from app.accounts.refusal import refuse
from app.base.clock import now
from app.base.errors import Invalid, NotFound
from app.org import actions, forms, queries, upload
from app.web.paging import Page as Paged
from app.web.permissions import permission

blueprint = Blueprint("org", __name__)
Page = Response | tuple[str, int]
PAGE = 50
MOST_CODES = 300  # QR codes on one page; beyond, links alone keep it printable


@blueprint.get("/people")
@permission("trainer")
def people() -> Page:
    """List the people of one's own unit and below."""
    scope = queries.scope_of(current_user)
    text = request.args.get("q", "").strip()[:40]
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    total = queries.count_people(scope.unit_id, text)
    found = queries.list_people(scope.unit_id, text, PAGE, (number - 1) * PAGE)
    page = Paged(list(found), number, -(-total // PAGE), total)
    return render_template("org/people.html", page=page, text=text, roles=forms.ROLE_NAMES), 200


@blueprint.get("/people/<int:user_id>")
@permission("trainer")
def person(user_id: int) -> Page:
    """Show a person and, where allowed, offer a new link."""
    found = queries.get_person(queries.scope_of(current_user), user_id)
    unit = queries.get_unit(found.unit_id) if found.unit_id is not None else None
    may_renew = queries.may_renew(current_user, found)
    return render_template(
        "org/person.html", person=found, unit=unit, may_renew=may_renew, roles=forms.ROLE_NAMES
    ), 200


@blueprint.post("/people/<int:user_id>/invite")
@permission("trainer")
def renew(user_id: int) -> Page:
    """Make a new link for a person who lost theirs or forgot the password."""
    token = actions.renew_invite(user_id, current_user, now())
    name = queries.get_person(queries.scope_of(current_user), user_id).name
    return _links_page([_link(name, token)])


@blueprint.route("/people/invite", methods=["GET", "POST"])
@permission("trainer")
def invite() -> Page:
    """Invite one person."""
    scope, status = queries.scope_of(current_user), 200
    form = forms.PersonForm()
    form.unit.choices = forms.unit_choices(queries.list_units(scope), scope.unit_id is None)
    form.role.choices = forms.role_choices(current_user.role)
    if form.validate_on_submit():
        try:
            return _links_page([_as_link(_invite(form))])
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("org/invite.html", form=form), status


def _invite(form: forms.PersonForm) -> Invited:
    unit_id = forms.chosen_unit(form.unit.data)
    return actions.invite_person(
        form.name.data, form.phone.data, unit_id, form.role.data, current_user, now()
    )


@blueprint.route("/people/roster", methods=["GET", "POST"])
@permission("trainer")
def roster() -> Page:
    """Take a roster and show what was recognised and refused, before anything is written."""
    scope, status = queries.scope_of(current_user), 200
    form = forms.RosterForm()
    units = queries.list_units(scope)
    form.unit.choices = forms.unit_choices(units, scope.unit_id is None)
    if form.validate_on_submit():
        try:
            read = upload.read_file(form.file.data)
            found = upload.place(read, units, forms.chosen_unit(form.unit.data))
            confirm = forms.ConfirmForm(
                formdata=None, roster=upload.seal(found, current_user.id, _key())
            )
            names = {unit.id: unit.name for unit in units}
            return render_template(
                "org/roster_preview.html", found=found, form=confirm, names=names
            ), 200
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("org/roster.html", form=form), status


@blueprint.post("/people/roster/confirm")
@permission("trainer")
def confirm_roster() -> Page:
    """Add the people that were shown and print their links; known ones stay as they are."""
    form = forms.ConfirmForm()
    if not form.validate_on_submit():
        raise Invalid(_("请重新上传名册。"))
    newcomers = upload.unseal(form.roster.data, current_user.id, _key())
    invited = actions.invite_roster(newcomers, current_user, now())
    return _links_page(
        [_as_link(one) for one in invited if one.token],
        known=[one.newcomer.name for one in invited if not one.token and not one.refused],
        refused=[(one.newcomer.name, one.refused) for one in invited if one.refused],
    )


@blueprint.route("/units", methods=["GET", "POST"])
@permission("admin")
def units() -> Page:
    """List the units and add one."""
    scope, status = queries.scope_of(current_user), 200
    listed = queries.list_units(scope)
    form = forms.UnitForm()
    form.parent.choices = forms.unit_choices(listed, scope.unit_id is None)
    if form.validate_on_submit():
        parent = forms.chosen_unit(form.parent.data)
        try:
            actions.add_unit(form.code.data, form.name.data, form.kind.data, parent)
            return redirect(url_for("org.units"))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template(
        "org/units.html", form=form, units=listed, kinds=forms.KIND_NAMES
    ), status


Link = tuple[str, str]


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key


def _as_link(invited: Invited) -> Link:
    if invited.token is None:
        raise NotFound(_("没有这个邀请。"))
    return _link(invited.newcomer.name, invited.token)


def _link(name: str, token: str) -> Link:
    return name, url_for("accounts.invite", token=token, _external=True)


def _links_page(
    links: list[Link],
    known: list[str] | None = None,
    refused: list[tuple[str, str | None]] | None = None,
) -> Page:
    few = len(links) <= MOST_CODES
    cards = [(name, link, _picture(link) if few else None) for name, link in links]
    page = render_template("org/links.html", cards=cards, known=known or (), refused=refused or ())
    return page, 200


def _picture(link: str) -> str:
    picture: str = segno.make(link, error="m").svg_data_uri(scale=4, border=2)
    return picture

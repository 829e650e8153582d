"""Pages of posts: giving one, and recording when it ended."""

from datetime import date

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.refusal import refuse
from app.base.clock import now, study_day
from app.base.errors import Invalid, NotFound
from app.org import actions, forms, queries
from app.org.party import POST_NAMES
from app.org.views.blueprint import Page, blueprint
from app.web.permissions import permission


@blueprint.route("/people/<int:user_id>/posts", methods=["GET", "POST"])
@permission("trainer")
def give_post(user_id: int) -> Page:
    """Record that a person holds a post in a unit of one's reach."""
    scope, status = queries.scope_to_change(current_user), 200
    person = queries.get_person(scope, user_id)
    form = forms.PostForm(unit=str(person.unit_id), since=study_day(now()))
    form.unit.choices = forms.unit_choices(queries.list_units(scope), False)
    if form.validate_on_submit():
        try:
            unit_id = int(form.unit.data)
            days = form.since.data, form.until.data
            actions.give_post(user_id, unit_id, form.post.data, *days, current_user, now())
            return redirect(url_for("org.person", user_id=user_id))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template("org/give_post.html", form=form, person=person), status


@blueprint.route("/people/<int:user_id>/posts/<int:unit_id>/<post>/<day>", methods=["GET", "POST"])
@permission("trainer")
def end_post(user_id: int, unit_id: int, post: str, day: str) -> Page:
    """Record from which day on a post is held no more."""
    person, status = queries.get_person(queries.scope_to_change(current_user), user_id), 200
    held = _find_held(user_id, unit_id, post, day)
    form = forms.EndForm(until=held.until or study_day(now()))
    if form.validate_on_submit():
        try:
            until: date = form.until.data
            actions.end_post(user_id, unit_id, post, held.since, until, current_user, now())
            return redirect(url_for("org.person", user_id=user_id))
        except Invalid as error:
            status = refuse(form, error)
    elif form.errors:
        status = 422
    return render_template(
        "org/end_post.html", form=form, person=person, held=held, posts=POST_NAMES
    ), status


def _find_held(user_id: int, unit_id: int, post: str, day: str) -> queries.Held:
    """Return the post that an address means; raise NotFound."""
    for held in queries.list_posts(user_id):
        if (held.unit_id, held.post, held.since.isoformat()) == (unit_id, post, day):
            return held
    raise NotFound(_("没有这个职务。"))

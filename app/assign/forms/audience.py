"""Who is meant, as a page asks for it: ticks for units, posts and statuses, lines for names."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from app.accounts.queries import Viewer
from app.assign.audience import Audience, make_audience
from app.assign.queries import find_named
from app.org import queries as org
from app.org.forms import offer, unit_choices
from app.org.party import POST_NAMES, STATUS_NAMES

CHINESE = {"lang": "zh-CN"}
UNKNOWN = _l("选的里有已经不能选的，请重新选。")


class AudienceForm(FlaskForm):  # type: ignore[misc]
    """Units with or without those below, posts, statuses, and persons one a line."""

    units = SelectMultipleField(_l("单位"), coerce=int, invalid_choice_message=UNKNOWN)
    below = BooleanField(_l("连同下级单位"), default=True)
    posts = SelectMultipleField(
        _l("只要担任这些职务的人"), choices=offer(POST_NAMES), invalid_choice_message=UNKNOWN
    )
    statuses = SelectMultipleField(
        _l("只要这些类别的人"), choices=offer(STATUS_NAMES), invalid_choice_message=UNKNOWN
    )
    persons = TextAreaField(
        _l("另外加上这些人（姓名或手机号，一行一个）"),
        validators=[Length(max=12_000)],
        render_kw={"rows": "3", **CHINESE},
    )


def offer_units(form: AudienceForm, by: Viewer) -> None:
    """Let the form choose among the units that `by` reaches."""
    units = org.list_units(org.scope_to_change(by))
    form.units.choices = unit_choices(units, whole_tree=False)


def read_audience(form: AudienceForm, by: Viewer) -> Audience:
    """Return the audience a form says; raise Invalid for names that are unknown or ambiguous."""
    persons = find_named(by, (form.persons.data or "").splitlines())
    return make_audience(
        form.units.data or (),
        bool(form.below.data),
        form.posts.data or (),
        form.statuses.data or (),
        persons,
    )


def values_of_audience(audience: Audience, by: Viewer) -> dict[str, Any]:
    """Return what a form shows for an audience; persons by phone where they have one."""
    scope = org.scope_to_change(by)
    lines = [_line(scope, person_id) for person_id in audience.persons]
    return {
        "units": list(audience.units),
        "below": audience.below,
        "posts": list(audience.posts),
        "statuses": list(audience.statuses),
        "persons": "\n".join(line for line in lines if line),
    }


def _line(scope: org.Scope, person_id: int) -> str:
    """Return how a person is written down so that they are found again; "" when out of reach."""
    name = org.list_names_of([person_id]).get(person_id)
    if name is None:
        return ""
    found = [one for one in org.list_people(scope.unit_id, name) if one.name == name]
    mine = next((one for one in found if one.id == person_id), None)
    if mine is None:
        return ""
    return mine.phone if len(found) > 1 and mine.phone else name

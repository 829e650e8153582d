"""The one blueprint that all pages of quiz hang on, and the words its templates share."""

from typing import TypeVar

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask_babel import format_datetime, get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from app.base import clock
from app.base.errors import Invalid
from app.quiz import actions, queries
from app.quiz.forms import DIFFICULTY_NAMES, KEY_NAMES, MODE_NAMES, STATE_NAMES

blueprint = Blueprint("quiz", __name__)
F = TypeVar("F", bound=FlaskForm)


def checked(form: F) -> F:
    """Return the form, or refuse a malformed one with the first sentence about it."""
    if not form.validate():
        found = [str(s) for messages in form.errors.values() for s in messages]
        raise Invalid(found[0] if found else _("这一页不完整或已经过时，请返回试卷重新打开。"))
    return form


def expire_own() -> None:
    """Mark the member's attempts that ran out, before anything is shown of them."""
    now = clock.now()
    if queries.has_overdue(now, member_id=current_user.id):
        actions.expire_attempts(now, member_id=current_user.id)


def expire_paper(paper_id: int) -> None:
    """Mark a paper's attempts that ran out, before a trainer sees who has handed in."""
    now = clock.now()
    while queries.has_overdue(now, paper_id=paper_id):
        if not actions.expire_attempts(now, paper_id=paper_id):
            break  # somebody else was faster


def moment(seconds: int) -> str:
    """Return a moment by the clock in China."""
    pattern = "d MMM HH:mm" if str(get_locale()) == "en" else "M月d日 HH:mm"
    return str(format_datetime(clock.from_epoch(seconds), pattern))


def points(number: float) -> str:
    """Return a number of points without needless decimals."""
    return f"{number:g}"


@blueprint.record
def add_words(state: BlueprintSetupState) -> None:
    """Give templates, and the macros they import, the names of modes, states and moments."""
    state.app.jinja_env.globals.update(
        moment=moment,
        points=points,
        mode_names=MODE_NAMES,
        key_names=KEY_NAMES,
        state_names=STATE_NAMES,
        difficulty_names=DIFFICULTY_NAMES,
    )

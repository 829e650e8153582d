"""The one blueprint that all pages of assessment hang on, and the words their templates share."""

from flask import Blueprint, request
from flask.blueprints import BlueprintSetupState

from app.assess.explain import items as items_in_words
from app.assess.explain import knowledge as knowledge_in_words
from app.assess.explain import schemes as schemes_in_words
from app.assess.explain import tasks as tasks_in_words
from app.assess.explain.numbers import correlation, number, percent
from app.assign.progress import PROGRESS_NAMES

blueprint = Blueprint("assess", __name__)


def page_number() -> int:
    """Return the number of the page asked for."""
    return min(max(1, request.args.get("page", 1, type=int)), 10_000)


@blueprint.record
def add_words(state: BlueprintSetupState) -> None:
    """Give templates the sentences about figures, and numbers as these write them."""
    state.app.jinja_env.globals.update(
        items_in_words=items_in_words,
        knowledge_in_words=knowledge_in_words,
        schemes_in_words=schemes_in_words,
        tasks_in_words=tasks_in_words,
        duty_states=PROGRESS_NAMES,
        percent=percent,
        correlation=correlation,
        decimal=number,
    )

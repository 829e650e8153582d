"""Which questions a member may meet: everybody's and their units', less what a paper reserves."""

from flask_babel import gettext as _

from app.bank.queries import (
    PUBLIC,
    Question,
    get_made_at,
    get_newest,
    get_question,
    has_own_questions,
    is_shown,
    list_question_ids,
)
from app.base import clock
from app.base.errors import NotFound
from app.base.sql import once
from app.org.queries import list_stays, units_of
from app.quiz.queries import list_reserved_ids
from app.quiz.queries import shelf_of as shelf_of_unit


def shelf_of(member_id: int) -> frozenset[int]:
    """Return the units whose own questions the member meets; one read, none when nobody has any."""
    return units_of(member_id) if has_own_questions() else PUBLIC


def list_held_back() -> frozenset[str]:
    """Return the questions that practice leaves alone, because a paper asks them first."""
    now = clock.now()
    return once(("held back", clock.epoch(now)), lambda: list_reserved_ids(now))


def list_practice_ids(
    member_id: int, subject: str | None = None, chapter: str | None = None
) -> list[str]:
    """Return what the member may practise, in bank order, of a subject and chapter when given."""
    held = list_held_back()
    return [i for i in list_question_ids(subject, chapter, shelf_of(member_id)) if i not in held]


def get_shown(member_id: int, question_id: str, revision: int | None = None) -> Question:
    """Return a question the member may meet; NotFound for another unit's own, or one held back."""
    question = get_question(question_id, revision)
    foreign = question.unit_id is not None and not is_shown(question, shelf_of(member_id))
    if foreign or question_id in list_held_back():
        raise NotFound(_("没有找到这道题。"))
    return question


def find_kept(member_id: int, question_id: str, revision: int) -> tuple[Question, bool]:
    """Return a question that a phone may have taken along, and whether a paper holds it back now.

    Unlike `get_shown` this knows what the member met in a unit they have left since; what that
    unit wrote later looks missing, like everything they never could meet.
    """
    return Luggage(member_id).find(question_id, revision)


class Luggage:
    """What a member's phone may have taken along; what many questions share is asked once."""

    def __init__(self, member_id: int) -> None:
        self.member_id, self.units, self.held = member_id, shelf_of(member_id), list_held_back()
        self.newest = get_newest()

    def find(self, question_id: str, revision: int) -> tuple[Question, bool]:
        """Return a question and whether it is held back, as `find_kept` does."""
        question = self.newest.get(question_id)
        if question is None or question.revision != revision:
            question = get_question(question_id, revision)
        foreign = question.unit_id is not None and not is_shown(question, self.units)
        if foreign and not _was_shown(self.member_id, question):
            raise NotFound(_("没有找到这道题。"))
        return question, question_id in self.held


def _was_shown(member_id: int, question: Question) -> bool:
    """Say whether the member belonged to the question's unit, or one below, while it was there."""
    made_at = get_made_at(question.id, question.revision)
    return any(
        stay.unit_id is not None
        and stay.until is not None
        and made_at <= stay.until
        and question.unit_id in shelf_of_unit(stay.unit_id)
        for stay in list_stays(member_id)
    )

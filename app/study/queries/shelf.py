"""Which questions a member may meet: everybody's, and those of their unit and the ones above."""

from flask_babel import gettext as _

from app.bank.queries import PUBLIC, Question, get_question, has_own_questions, is_shown
from app.base.errors import NotFound
from app.org.queries import units_of


def shelf_of(member_id: int) -> frozenset[int]:
    """Return the units whose own questions the member meets; one read, none when nobody has any."""
    return units_of(member_id) if has_own_questions() else PUBLIC


def get_shown(member_id: int, question_id: str, revision: int | None = None) -> Question:
    """Return a question the member may meet; NotFound for another unit's own."""
    question = get_question(question_id, revision)
    if question.unit_id is not None and not is_shown(question, shelf_of(member_id)):
        raise NotFound(_("没有找到这道题。"))
    return question

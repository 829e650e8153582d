"""What goes into an export, collected from the bank and a member's study; frozen views only."""

from flask_babel import gettext as _

from app.anki.deck import Selection
from app.anki.progress import Progress
from app.bank.queries import (
    PUBLIC,
    Question,
    get_questions,
    list_question_ids,
    list_retired_ids,
    list_subjects,
)
from app.base.errors import Invalid, NotFound
from app.study.queries import (
    list_held_back,
    list_histories,
    list_marked_ids,
    list_unasked,
    shelf_of,
)


def get_subject(
    subject: str, member_id: int | None = None, with_progress: bool = False
) -> Selection:
    """Return a subject's questions as `member_id` meets them, with their progress when asked for.

    Retired questions come along only with a member's progress on them; what a paper holds back
    stays here. Raises NotFound for a subject without questions.
    """
    units = shelf_of(member_id) if member_id is not None else PUBLIC
    if subject not in {found.id for found in list_subjects(units)}:
        raise NotFound(_("没有“%(name)s”这个科目。", name=subject))
    held = list_held_back()
    ids = [i for i in list_question_ids(subject, units=units) if i not in held]
    active = tuple(get_questions(ids).values())
    if member_id is None or not with_progress:
        return Selection(active)
    progress = _progress(member_id)
    retired = get_questions(list_retired_ids()).values()
    kept = tuple(q for q in retired if q.subject == subject and q.id in progress)
    return Selection(active + kept, progress)


def get_marked(member_id: int, with_progress: bool) -> Selection:
    """Return the questions of the wrong-answer book and the starred ones; Invalid when none."""
    found: dict[str, Question] = get_questions(list_marked_ids(member_id))
    if not found:
        raise Invalid(_("错题本和收藏里还没有题目，没有可以导出的。先答几题或收藏几题再来。"))
    return Selection(tuple(found.values()), _progress(member_id) if with_progress else None)


def _progress(member_id: int) -> dict[str, Progress]:
    """Return the member's progress by question id; what is no longer asked is suspended."""
    taken_out = {i for i, suspended, _leech in list_unasked(member_id) if suspended}
    unasked = taken_out | set(list_retired_ids())
    answered = {
        i: Progress(card, tuple(reviews), i in unasked)
        for i, (card, reviews) in list_histories(member_id).items()
    }
    return {i: Progress(suspended=True) for i in taken_out} | answered

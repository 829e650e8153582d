"""Every read of quiz, in four chapters: papers, attempts, the desk, what other rooms ask for."""

from app.quiz.queries.attempts import (
    Attempt,
    Marked,
    Result,
    SlotPage,
    get_attempt,
    get_result,
    get_slot_page,
    get_turn,
    has_overdue,
    is_saved,
)
from app.quiz.queries.audience import shelf_of, standing_unit
from app.quiz.queries.desk import (
    DeskPaper,
    Progress,
    count_audience,
    get_desk_paper,
    get_member_result,
    get_summary,
    list_desk_papers,
    list_progress,
    list_questions_asked,
)
from app.quiz.queries.drawing import (
    find_questions,
    list_candidates,
    list_clashing,
    preview_draw,
)
from app.quiz.queries.feeding import FedAnswer, list_fed_answers, list_reserved_ids
from app.quiz.queries.papers import (
    KindLine,
    Offer,
    count_attempts,
    find_extra,
    get_offer,
    list_counts,
    list_kinds,
    list_offers,
)
from app.quiz.queries.printing import list_versions

__all__ = [
    "Attempt",
    "DeskPaper",
    "FedAnswer",
    "KindLine",
    "Marked",
    "Offer",
    "Progress",
    "Result",
    "SlotPage",
    "count_attempts",
    "count_audience",
    "find_extra",
    "find_questions",
    "get_attempt",
    "get_desk_paper",
    "get_member_result",
    "get_offer",
    "get_result",
    "get_slot_page",
    "get_summary",
    "get_turn",
    "has_overdue",
    "is_saved",
    "list_candidates",
    "list_clashing",
    "list_counts",
    "list_desk_papers",
    "list_fed_answers",
    "list_kinds",
    "list_offers",
    "list_progress",
    "list_questions_asked",
    "list_reserved_ids",
    "list_versions",
    "preview_draw",
    "shelf_of",
    "standing_unit",
]

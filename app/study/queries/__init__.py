"""Every read of study, in three chapters: the queue, cards, figures; frozen views only."""

from app.study.queries.cards import (
    Feedback,
    Marks,
    find_last_answer,
    get_feedback,
    get_marks,
    list_drifted,
    list_histories,
    list_unasked,
)
from app.study.queries.figures import (
    count_by_day,
    count_forecast,
    count_retention,
    find_newest_moment,
    list_erased_counts,
    list_knowledge,
)
from app.study.queries.queue import (
    WAYS,
    Settings,
    Today,
    Way,
    count_answers,
    count_way,
    find_next,
    get_settings,
    get_today,
    list_marked_ids,
)
from app.study.queries.shelf import get_shown, shelf_of

__all__ = [
    "WAYS",
    "Feedback",
    "Marks",
    "Settings",
    "Today",
    "Way",
    "count_answers",
    "count_by_day",
    "count_forecast",
    "count_retention",
    "count_way",
    "find_last_answer",
    "find_newest_moment",
    "find_next",
    "get_feedback",
    "get_marks",
    "get_settings",
    "get_shown",
    "get_today",
    "list_drifted",
    "list_erased_counts",
    "list_histories",
    "list_knowledge",
    "list_marked_ids",
    "list_unasked",
    "shelf_of",
]

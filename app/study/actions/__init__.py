"""Every write of study, in chapters: answers, marks, erasure, simulated histories."""

from app.study.actions.answers import Answer, answer_card, rate_answer, undo_answer
from app.study.actions.erasure import keep_counts
from app.study.actions.marks import (
    bury_card,
    change_settings,
    star_card,
    suspend_card,
    write_note,
)
from app.study.actions.simulated import Simulated, import_simulated

__all__ = [
    "Answer",
    "Simulated",
    "answer_card",
    "bury_card",
    "change_settings",
    "import_simulated",
    "keep_counts",
    "rate_answer",
    "star_card",
    "suspend_card",
    "undo_answer",
    "write_note",
]

"""Every write of study: answers, those that phones kept, marks, erasure, simulated histories."""

from app.study.actions.absorbing import Kept, Result, absorb_answers
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
    "Kept",
    "Result",
    "Simulated",
    "absorb_answers",
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

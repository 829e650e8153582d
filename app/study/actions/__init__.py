"""Every write of study: answers given here, on phones, in papers, elsewhere; marks; erasure."""

from app.study.actions.absorbing import absorb_answers, absorb_plain
from app.study.actions.answers import answer_card, rate_answer, undo_answer
from app.study.actions.erasure import keep_counts
from app.study.actions.feeding import catch_up, catch_up_all
from app.study.actions.fitting import fit_units
from app.study.actions.marks import (
    bury_card,
    change_settings,
    star_card,
    suspend_card,
    write_note,
)
from app.study.actions.mending import mend_cards
from app.study.actions.merging import MOST_SELF_RATED, merge_reviews
from app.study.actions.recall import fold_recall, forget_small_recall
from app.study.actions.receiving import Kept, Result
from app.study.actions.recording import Answer
from app.study.actions.simulated import Simulated, import_simulated
from app.study.actions.summaries import (
    mend_member_summaries,
    mend_unit_summaries,
    withdraw_from_units,
)

__all__ = [
    "MOST_SELF_RATED",
    "Answer",
    "Kept",
    "Result",
    "Simulated",
    "absorb_answers",
    "absorb_plain",
    "answer_card",
    "bury_card",
    "catch_up",
    "catch_up_all",
    "change_settings",
    "fit_units",
    "fold_recall",
    "forget_small_recall",
    "import_simulated",
    "keep_counts",
    "mend_cards",
    "mend_member_summaries",
    "mend_unit_summaries",
    "merge_reviews",
    "rate_answer",
    "star_card",
    "suspend_card",
    "undo_answer",
    "withdraw_from_units",
    "write_note",
]

"""Every write of assessment, in chapters; each is one transaction."""

from app.assess.actions.appeals import answer_appeal, question_figure
from app.assess.actions.folding import Folded, fold_reports
from app.assess.actions.looking import note_look
from app.assess.actions.refitting import Refit, refit_forecasts
from app.assess.actions.schemes import (
    PUBLISH,
    ask_to_publish,
    change_scheme,
    correct_scheme,
    discard_scheme,
    make_scheme,
    publish_scheme,
)
from app.assess.actions.sweeping import sweep_files

__all__ = [
    "PUBLISH",
    "Folded",
    "Refit",
    "answer_appeal",
    "ask_to_publish",
    "change_scheme",
    "correct_scheme",
    "discard_scheme",
    "fold_reports",
    "make_scheme",
    "note_look",
    "publish_scheme",
    "question_figure",
    "refit_forecasts",
    "sweep_files",
]

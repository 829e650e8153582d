"""Every write of assessment, in chapters; each is one transaction."""

from app.assess.actions.appeals import answer_appeal, question_figure
from app.assess.actions.looking import note_look
from app.assess.actions.refitting import Refit, refit_forecasts

__all__ = ["Refit", "answer_appeal", "note_look", "question_figure", "refit_forecasts"]

"""Every write of assessment, in chapters; each is one transaction."""

from app.assess.actions.appeals import answer_appeal, question_figure
from app.assess.actions.looking import note_look

__all__ = ["answer_appeal", "note_look", "question_figure"]

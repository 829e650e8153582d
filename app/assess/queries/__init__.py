"""Every read of assessment, in chapters; frozen views only."""

from app.assess.queries.items import ItemLine, PaperAnalysis, analyse_rows, get_paper_analysis
from app.assess.queries.questions import QuestionFigures, get_question_figures

__all__ = [
    "ItemLine",
    "PaperAnalysis",
    "QuestionFigures",
    "analyse_rows",
    "get_paper_analysis",
    "get_question_figures",
]

"""Every read of assessment, in chapters; frozen views only."""

from app.assess.queries.appeals import Appeal, list_appeals, list_own_appeals
from app.assess.queries.items import ItemLine, PaperAnalysis, analyse_rows, get_paper_analysis
from app.assess.queries.questions import QuestionFigures, get_question_figures
from app.assess.queries.record import ChapterLine, Record, describe_figure, get_record

__all__ = [
    "Appeal",
    "ChapterLine",
    "ItemLine",
    "PaperAnalysis",
    "QuestionFigures",
    "Record",
    "analyse_rows",
    "describe_figure",
    "get_paper_analysis",
    "get_question_figures",
    "get_record",
    "list_appeals",
    "list_own_appeals",
]

"""Every read of assessment, in chapters; frozen views only."""

from app.assess.queries.anomalies import Anomalies, get_anomalies
from app.assess.queries.appeals import Appeal, list_appeals, list_own_appeals
from app.assess.queries.certificates import (
    Certificate,
    get_certificate,
    list_unit_certificates,
)
from app.assess.queries.forecasts import Fared, Outlook, forecast, get_model, list_fared
from app.assess.queries.items import (
    BankLine,
    ItemLine,
    PaperAnalysis,
    find_bank_figures,
    get_paper_analysis,
    list_bank_items,
)
from app.assess.queries.questions import QuestionFigures, get_question_figures
from app.assess.queries.record import (
    ChapterLine,
    Record,
    describe_figure,
    get_record,
    list_outlooks,
)
from app.assess.queries.reports import get_unit_figures
from app.assess.queries.responsibility import Answerable, get_responsibility
from app.assess.queries.schemes import (
    Scheme,
    Score,
    get_scheme,
    list_own_scores,
    list_published_ids,
    list_schemes,
    list_scores,
    may_publish,
)
from app.assess.queries.scoring import Trial, Verified, try_scheme, verify_scheme

__all__ = [
    "Anomalies",
    "Answerable",
    "Appeal",
    "BankLine",
    "Certificate",
    "ChapterLine",
    "Fared",
    "ItemLine",
    "Outlook",
    "PaperAnalysis",
    "QuestionFigures",
    "Record",
    "Scheme",
    "Score",
    "Trial",
    "Verified",
    "describe_figure",
    "find_bank_figures",
    "forecast",
    "get_anomalies",
    "get_certificate",
    "get_model",
    "get_paper_analysis",
    "get_question_figures",
    "get_record",
    "get_responsibility",
    "get_scheme",
    "get_unit_figures",
    "list_appeals",
    "list_bank_items",
    "list_fared",
    "list_outlooks",
    "list_own_appeals",
    "list_own_scores",
    "list_published_ids",
    "list_schemes",
    "list_scores",
    "list_unit_certificates",
    "may_publish",
    "try_scheme",
    "verify_scheme",
]

"""Pages of assessment, in chapters; all hang on one blueprint."""

from app.assess.views import forecasts, items, questions, record, reports
from app.assess.views.blueprint import blueprint

__all__ = ["blueprint", "forecasts", "items", "questions", "record", "reports"]

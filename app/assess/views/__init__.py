"""Pages of assessment, in chapters; all hang on one blueprint."""

from app.assess.views import (
    anomalies,
    certificates,
    forecasts,
    items,
    questions,
    record,
    reports,
    responsibility,
    schemes,
)
from app.assess.views.blueprint import blueprint

__all__ = [
    "anomalies",
    "blueprint",
    "certificates",
    "forecasts",
    "items",
    "questions",
    "record",
    "reports",
    "responsibility",
    "schemes",
]

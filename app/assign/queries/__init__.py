"""Every read of assign, a chapter for each noun; frozen views only."""

from app.assign.queries.audience import (
    Meant,
    describe_person,
    meets,
    preview_audience,
    resolve_audience,
)

__all__ = [
    "Meant",
    "describe_person",
    "meets",
    "preview_audience",
    "resolve_audience",
]

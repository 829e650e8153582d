"""Pages of assign: what is asked of oneself, and what trainers ask of others."""

from app.assign.views.blueprint import blueprint

__all__ = ["blueprint"]

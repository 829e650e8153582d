"""Pages of study: questions and feedback, marks, overviews, and study without a network."""

from app.study.views import marks, offline, overview, questions
from app.study.views.blueprint import blueprint

__all__ = ["blueprint", "marks", "offline", "overview", "questions"]

"""Pages of study: questions and feedback, marks, overviews, and study without a network."""

from app.study.views import fits, marks, offline, overview, questions
from app.study.views.blueprint import blueprint

__all__ = ["blueprint", "fits", "marks", "offline", "overview", "questions"]

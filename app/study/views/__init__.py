"""Pages of study: questions and feedback, marks and settings, and the overviews around them."""

from app.study.views import marks, overview, questions
from app.study.views.blueprint import blueprint

__all__ = ["blueprint", "marks", "overview", "questions"]

"""Pages of quiz: for members who take papers, for trainers who make and watch them, in print."""

from app.quiz.views import attempts, desk, making, papers, printing, timing
from app.quiz.views.blueprint import blueprint

__all__ = ["attempts", "blueprint", "desk", "making", "papers", "printing", "timing"]
